import Inference
import NumericCore
import TestSupport
import Testing

@Suite struct CMAESTests {
  @Test func findsModesWithoutGradients() throws {
    for density in analyticDensities() where density.name != "funnel" {
      let start = density.mode.map { $0 + 0.8 }
      let driver = MaximumAPosteriori(optimiser: CMAES(firstSigma: 0.5, seed: 3), steps: 6000)
      let values = ValuesAlone(density)
      var state = try driver.makeState(from: start)
      let result = try #require(try driver.run(values, state: &state).result)
      for (found, mode) in zip(result.best.theta, density.mode) {
        #expect(abs(found - mode) < 1e-3, "\(density.name): \(result.best.theta)")
      }
    }
  }

  /// The covariance of a prior of 130 parameters is worth having: on a target shaped like it the first covariance
  /// decides how far 1500 evaluations lead.
  @Test func startsWithTheCovarianceOfThePrior() throws {
    let autoregressive = AutoregressiveGaussian(
      mean: Array(repeating: 0, count: 40), deviation: (1...40).map(Double.init), correlation: 0.95)
    let covariance = Matrix(
      rows: 40, columns: 40,
      values: (0..<40).flatMap { row in (0..<40).map { autoregressive.covariance(row, $0) } })
    let white = try WhiteCoordinates(centre: autoregressive.mean, covariance: covariance)
    func loss(_ coordinates: WhiteCoordinates) throws -> Double {
      let driver = MaximumAPosteriori(optimiser: Whitened(CMAES(seed: 1), coordinates: coordinates), steps: 1500)
      var source = RandomSource(seed: 8)
      var state = try driver.makeState(from: autoregressive.sample(using: &source))
      return try #require(try driver.run(autoregressive, state: &state).result).best.loss
    }
    let diagonal = try white.withoutCorrelations()
    #expect(try loss(white) < loss(diagonal) - 0.5)
  }

  @Test func survivesPointsWithoutDensity() throws {
    let driver = MaximumAPosteriori(optimiser: CMAES(seed: 2), steps: 2000)
    var state = try driver.makeState(from: [0.4, 2])
    let result = try #require(try driver.run(Halved(), state: &state).result)
    #expect(state.trace.loss.contains(.infinity))
    #expect(result.best.theta.allSatisfy { abs($0 - 0.2) < 1e-3 })
  }

  @Test func methodsThatFollowGradientsRefuse() throws {
    let driver = MaximumAPosteriori(optimiser: LBFGS(), steps: 5)
    var state = try driver.makeState(from: [1, 1])
    let error = #expect(throws: MAPError.self) { try driver.run(ValuesAlone(Banana()), state: &state) }
    #expect(error?.description.contains("cma-es") == true)
  }

  /// A density that says it has no gradient, and would not give one.
  private final class ValuesAlone: LogDensity {
    private let density: any LogDensity
    let isDifferentiable = false

    init(_ density: any LogDensity) { self.density = density }

    var dimension: Int { density.dimension }

    func evaluate(at theta: [Double], gradient: inout [Double]) -> DensityEvaluation {
      Issue.record("a gradient was asked for")
      return .impossible
    }

    func evaluate(at theta: [Double]) throws -> DensityEvaluation { try density.evaluate(at: theta) }
  }

  private final class Halved: LogDensity {
    let dimension = 2

    func evaluate(at theta: [Double], gradient: inout [Double]) -> DensityEvaluation {
      guard theta[0] > 0 else { return DensityEvaluation(value: .nan) }
      return DensityEvaluation(value: -theta.reduce(0) { $0 + ($1 - 0.2) * ($1 - 0.2) })
    }
  }
}
