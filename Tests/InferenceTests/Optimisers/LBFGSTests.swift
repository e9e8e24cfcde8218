import Foundation
import Inference
import NumericCore
import TestSupport
import Testing

@Suite struct LBFGSTests {
  @Test func findsTheModesOfAnalyticDensities() throws {
    for density in analyticDensities() where density.name != "funnel" {
      let driver = MaximumAPosteriori(optimiser: LBFGS(longestStep: 5, patience: 5), steps: 400)
      var state = try driver.makeState(from: density.mode.map { $0 + 0.8 })
      let result = try #require(try driver.run(density, state: &state).result)
      for (found, mode) in zip(result.best.theta, density.mode) {
        #expect(abs(found - mode) < 1e-4, "\(density.name): \(result.best.theta)")
      }
    }
  }

  /// In coordinates of the target itself, with its curvature known, one step of full length is all that it takes.
  @Test func aWhiteGaussianTakesThreeEvaluations() throws {
    let normal = try MultivariateNormal(
      mean: [1, -2], covariance: Matrix(rows: 2, columns: 2, values: [2, 1, 1, 3]))
    let white = try WhiteCoordinates(whitening: normal)
    let driver = MaximumAPosteriori(
      optimiser: Whitened(LBFGS(firstStep: 10, curvature: 1), coordinates: white), steps: 10)
    var state = try driver.makeState(from: [4, 4])
    let density = GaussianTarget(normal, name: "normal")
    guard case .converged(let result, let reason) = try driver.run(density, state: &state) else {
      Issue.record("the run did not end by itself")
      return
    }
    // The first step has the length 10, the second one is exact, and the third evaluation sees no slope.
    #expect(state.stepCount <= 4 && reason == .exhausted)
    #expect(zip(result.best.theta, normal.mean).allSatisfy { abs($0 - $1) < 1e-9 })
  }

  /// Where many directions are more curved than is assumed, steps that grow from what was accepted save the
  /// evaluations that overshoot.
  @Test func stepsThatGrowSaveEvaluations() throws {
    let density = IndependentGaussian(
      mean: Array(repeating: 0, count: 40), deviation: (0..<40).map { pow(30, -Double($0) / 39) })
    func evaluations(growth: Double) throws -> Int {
      let driver = MaximumAPosteriori(
        optimiser: LBFGS(memory: 40, longestStep: 3, curvature: 1, patience: 1, growth: growth), steps: 400)
      var state = try driver.makeState(from: (0..<40).map { $0.isMultiple(of: 2) ? 0.5 : -0.5 })
      _ = try driver.run(density, state: &state)
      let least = -(try density.value(at: density.mode))
      return try #require(state.trace.loss.firstIndex { $0 < least + 0.01 })
    }
    let (free, growing) = (try evaluations(growth: .infinity), try evaluations(growth: 1.5))
    #expect(Double(growing) < 0.9 * Double(free), "\(growing) against \(free)")
  }

  @Test func infiniteLossesShortenTheStep() throws {
    let density = Walled()
    let driver = MaximumAPosteriori(optimiser: LBFGS(firstStep: 50, longestStep: 50), steps: 200)
    var state = try driver.makeState(from: [3, 3])
    let result = try #require(try driver.run(density, state: &state).result)
    #expect(state.trace.loss.contains(.infinity))
    #expect(result.best.theta.allSatisfy { abs($0 - 0.5) < 1e-3 })
    // At the start there is nothing to fall back to.
    var lost = try driver.makeState(from: [-1, 3])
    #expect(throws: MAPError.self) { try driver.run(density, state: &lost) }
  }

  /// Small jumps, which end searches for a lower point.
  @Test func stepsOverJumps() throws {
    let density = Jagged()
    let driver = MaximumAPosteriori(optimiser: LBFGS(curvature: 1, patience: 5), steps: 120)
    var state = try driver.makeState(from: Array(repeating: 2, count: 5))
    let result = try #require(try driver.run(density, state: &state).result)
    #expect(result.best.loss < 0.02)
  }

  @Test func storedRunsGoOnBitForBit() throws {
    let density = Banana()
    func check<Method: Optimiser>(_ optimiser: Method, dimension: Int = 2) throws {
      let driver = MaximumAPosteriori(optimiser: optimiser, steps: 60)
      var whole = try driver.makeState(from: [-1, 2])
      let expected = try driver.run(density, state: &whole)
      for stop in [0, 1, 7, 23] {
        var parts = try driver.makeState(from: [-1, 2])
        var polls = 0
        _ = try driver.run(
          density, state: &parts,
          isCancelled: {
            polls += 1
            return polls > stop
          })
        let scratch = try Scratch()
        let path = scratch.file("state.h5")
        let checkpoint = MAPCheckpoint(problem: "banana", dimension: 2, optimiser: optimiser)
        try checkpoint.write(parts, to: path)
        var resumed = try checkpoint.load(from: path)
        #expect(resumed == parts)
        #expect(try driver.run(density, state: &resumed) == expected, "\(optimiser.settings) from \(stop)")
        #expect(resumed == whole)
      }
    }
    let white = try WhiteCoordinates(
      centre: [0.5, 1], covariance: Matrix(rows: 2, columns: 2, values: [2, 1, 1, 3]))
    try check(LBFGS())
    try check(Whitened(LBFGS(memory: 3, curvature: 0.5), coordinates: white))
    try check(Whitened(Adam(learningRate: 0.1, schedule: .cosine(steps: 60)), coordinates: white))
    try check(CMAES(seed: 4))
    try check(Whitened(CMAES(population: 8), coordinates: white))
  }

  /// Half of a plane without density.
  private final class Walled: LogDensity {
    let dimension = 2

    func evaluate(at theta: [Double], gradient: inout [Double]) -> DensityEvaluation {
      guard theta[0] > 0 else { return .impossible }
      gradient = theta.map { -2 * ($0 - 0.5) }
      return DensityEvaluation(value: -theta.reduce(0) { $0 + ($1 - 0.5) * ($1 - 0.5) })
    }
  }

  /// A parabola of which a staircase is taken, with the parabola's gradient.
  private final class Jagged: LogDensity {
    let dimension = 5

    func evaluate(at theta: [Double], gradient: inout [Double]) -> DensityEvaluation {
      gradient = theta.map { -$0 }
      let smooth = theta.reduce(0) { $0 + $1 * $1 } / 2
      return DensityEvaluation(value: -smooth - 0.005 * sin(400 * theta[0]) * cos(300 * theta[1]).sign.factor)
    }
  }
}

extension FloatingPointSign {
  fileprivate var factor: Double { self == .plus ? 1 : -1 }
}
