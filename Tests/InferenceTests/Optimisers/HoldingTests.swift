import Inference
import Testing

/// An optimiser that keeps still along some directions.
@Suite struct HoldingTests {
  /// sum_k k (x_k - 1)^2, whose valley is not along an axis of the direction.
  private final class Bowl: LogDensity {
    let dimension = 3
    func evaluate(at theta: [Double], gradient: inout [Double]) -> DensityEvaluation {
      var loss = 0.0
      for index in theta.indices {
        let weight = Double(index + 1)
        loss += weight * (theta[index] - 1) * (theta[index] - 1)
        gradient[index] = -2 * weight * (theta[index] - 1)
      }
      return DensityEvaluation(value: -loss)
    }
  }

  private let direction = [0.6, 0, 0.8]

  private func along(_ theta: [Double]) -> Double { zip(theta, direction).reduce(0) { $0 + $1.0 * $1.1 } }

  @Test func movesAcrossTheDirectionAlone() throws {
    let start = [0.2, -1, 0.5]
    let driver = MaximumAPosteriori(
      optimiser: Holding(Adam(learningRate: 0.05), directions: [direction]), steps: 600)
    var state = try driver.makeState(from: start)
    let found = try #require(driver.run(Bowl(), state: &state).result?.best.theta)
    #expect(abs(along(found) - along(start)) < 1e-9)
    // The least loss on the plane: the gradient there points along the direction.
    var gradient = [Double](repeating: 0, count: 3)
    _ = Bowl().evaluate(at: found, gradient: &gradient)
    let part = along(gradient)
    for index in 0..<3 { #expect(abs(gradient[index] - part * direction[index]) < 0.02) }
  }

  @Test func withoutDirectionsItIsItsBase() throws {
    func path(_ method: some Optimiser) throws -> [Double] {
      let driver = MaximumAPosteriori(optimiser: method, steps: 20)
      var state = try driver.makeState(from: [3, 2, 1])
      _ = try driver.run(Bowl(), state: &state)
      return state.trace.points
    }
    #expect(try path(Holding(Adam(), directions: [])) == path(Adam()))
    #expect(Holding(Adam(), directions: []).settings == Adam().settings)
    #expect(Holding(Adam(), directions: [direction]).settings != Adam().settings)
  }

  /// Two runs as one trace: the proposal that was not evaluated is left out.
  @Test func tracesFollowEachOther() throws {
    func run(_ steps: Int, from start: [Double]) throws -> (MAPTrace, MAPOutcome) {
      let driver = MaximumAPosteriori(optimiser: Adam(), steps: steps)
      var state = try driver.makeState(from: start)
      let outcome = try driver.run(Bowl(), state: &state)
      return (state.trace, outcome)
    }
    let (first, _) = try run(3, from: [0, 0, 0])
    let (second, outcome) = try run(2, from: [5, 5, 5])
    let whole = first.followed(by: second)
    #expect(whole.stepCount == 5)
    #expect(whole.loss == first.loss + second.loss)
    #expect(whole.theta(at: 2) == first.theta(at: 2))
    #expect(whole.theta(at: 3) == [5, 5, 5])
    #expect(whole.theta(at: 5) == second.theta(at: 2))
    let moved = try #require(outcome.following(steps: 3).result)
    #expect(moved.best.step == (outcome.result?.best.step ?? 0) + 3)
    #expect(whole.theta(at: moved.best.step) == moved.best.theta)
  }
}
