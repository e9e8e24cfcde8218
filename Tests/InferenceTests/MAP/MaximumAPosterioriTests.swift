import Inference
import TestSupport
import Testing

@Suite struct MaximumAPosterioriTests {
  // MARK: - Convergence

  @Test func findsTheModesOfAnalyticDensities() throws {
    for density in analyticDensities() where density.name != "funnel" {
      let map = MaximumAPosteriori(optimiser: Adam(learningRate: 0.02), steps: 6000)
      var state = try map.makeState(from: density.mode.map { $0 + 0.8 })
      let result = try #require(try map.run(density, state: &state).result)
      for (found, mode) in zip(result.best.theta, density.mode) {
        #expect(abs(found - mode) < 1e-3, "\(density.name): \(result.best.theta)")
      }
    }
  }

  // MARK: - What is recorded

  @Test func traceHoldsThePointBeforeEachStep() throws {
    let density = Banana()
    let map = MaximumAPosteriori(optimiser: Adam(learningRate: 0.1), steps: 7)
    let start = [-1.0, 2]
    var state = try map.makeState(from: start)
    let result = try #require(try map.run(density, state: &state).result)
    let trace = state.trace
    #expect(trace.stepCount == 7 && trace.points.count == 8 * 2 && trace.theta(at: 0) == start)
    for step in 0..<7 {
      var unused = [0.0, 0]
      let evaluation = density.evaluate(at: trace.theta(at: step), gradient: &unused)
      #expect(trace.loss[step] == -evaluation.value)
      #expect(trace.logLikelihood[step] == evaluation.logLikelihood && trace.logPrior[step] == 0)
    }
    #expect(result.last.step == 7 && result.last.theta == trace.theta(at: 7))
    #expect(result.last.loss == -(try density.value(at: trace.theta(at: 7))))
    #expect(state.theta == result.last.theta)
  }

  @Test func bestIsTheLeastLossOfAllEvaluations() throws {
    // A learning rate far above the width makes the path overshoot, so that the last iterate is not the best.
    let density = IndependentGaussian(mean: [0], deviation: [0.1])
    let map = MaximumAPosteriori(optimiser: Adam(learningRate: 0.7), steps: 5)
    var state = try map.makeState(from: [1])
    let result = try #require(try map.run(density, state: &state).result)
    let losses = state.trace.loss + [result.last.loss]
    #expect(result.best.loss == losses.min())
    #expect(result.best.loss == losses[result.best.step])
    #expect(result.best.step < result.last.step)

    // And the last iterate, evaluated outside the trace, can be the best.
    let gentle = MaximumAPosteriori(optimiser: Adam(learningRate: 0.01), steps: 5)
    var descent = try gentle.makeState(from: [1])
    let descended = try #require(try gentle.run(density, state: &descent).result)
    #expect(descended.best == descended.last && descended.best.step == 5)
  }

  @Test func noStepsEvaluateTheStart() throws {
    let map = MaximumAPosteriori(steps: 0)
    var state = try map.makeState(from: [1, 1])
    let result = try #require(try map.run(Banana(), state: &state).result)
    #expect(result.best == result.last && result.last.theta == [1, 1] && state.trace.loss.isEmpty)
  }

  @Test func progressTellsEveryStepAndTheTraceDoesNotMove() throws {
    let density = Banana()
    let map = MaximumAPosteriori(steps: 50)
    var state = try map.makeState(from: [0, 0])
    var reports: [MAPProgress] = []
    var addresses: Set<UnsafePointer<Double>?> = []
    _ = try map.run(density, state: &state) { report, state in
      reports.append(report)
      state.trace.points.withUnsafeBufferPointer { _ = addresses.insert($0.baseAddress) }
    }
    #expect(reports.map(\.step) == Array(1...50))
    #expect(reports.map(\.loss) == state.trace.loss)
    #expect(reports.allSatisfy { $0.stepLimit == 50 && $0.seconds >= 0 })
    // At the origin of the default banana the slope is (1 / 10, 0).
    #expect(abs(reports[0].gradientNorm - 0.1) < 1e-15)
    #expect(addresses.count == 1)
  }

  // MARK: - Stopping

  @Test func stopRuleEndsAStalledRunOnly() throws {
    let density = IndependentGaussian(mean: [0, 0], deviation: [1, 1])
    let rule = StopRule(tolerance: 1e-6, patience: 20)
    let map = MaximumAPosteriori(optimiser: Adam(learningRate: 0.05), steps: 5000, stopRule: rule)
    var state = try map.makeState(from: [2, -2])
    guard case .converged(let result, let reason) = try map.run(density, state: &state) else {
      Issue.record("the run did not converge")
      return
    }
    #expect(state.stepCount > 40 && state.stepCount < 2000 && reason == .gain)
    #expect(result.best.theta.allSatisfy { abs($0) < 0.01 })
    // The rule reads the trace alone: asked again, it is still met.
    let before = state
    #expect(try map.run(density, state: &state) == .converged(result, .gain))
    #expect(state == before)

    let endless = MaximumAPosteriori(optimiser: Adam(learningRate: 0.05), steps: 2000)
    var other = try endless.makeState(from: [2, -2])
    guard case .completed = try endless.run(density, state: &other) else {
      Issue.record("without a rule all steps are taken")
      return
    }
    #expect(other.stepCount == 2000)
  }

  @Test func interruptedRunGoesOnBitForBit() throws {
    let density = AutoregressiveGaussian(mean: [3, -1, 0], deviation: [1, 0.3, 2], correlation: 0.9)
    let map = MaximumAPosteriori(steps: 40)
    var whole = try map.makeState(from: [0, 0, 0])
    let expected = try map.run(density, state: &whole)

    var parts = try map.makeState(from: [0, 0, 0])
    var polls = 0
    let outcome = try map.run(
      density, state: &parts,
      isCancelled: {
        polls += 1
        return polls > 13
      })
    #expect(outcome == .interrupted && outcome.result == nil && parts.stepCount == 13)
    #expect(try map.run(density, state: &parts) == expected)
    #expect(parts == whole)
  }

  // MARK: - Errors

  @Test func nonFiniteDensityStopsAndKeepsTheState() throws {
    let density = Failing(after: 5, .value)
    let map = MaximumAPosteriori(steps: 20)
    var state = try map.makeState(from: [1, 1])
    let error = #expect(throws: MAPError.self) { try map.run(density, state: &state) }
    let message = try #require(error?.description)
    #expect(message.contains("After 5 steps the log density is nan"))
    #expect(state.stepCount == 5 && state.theta == state.trace.theta(at: 5) && state.optimiser.stepCount == 5)
    #expect(state.theta.allSatisfy(\.isFinite) && state.trace.best != nil)
  }

  @Test func nonFiniteGradientStopsAndNamesTheCoordinate() throws {
    for value in [Double.nan, .infinity, 1e200] {
      let map = MaximumAPosteriori(steps: 20)
      var state = try map.makeState(from: [1, 1])
      let error = #expect(throws: MAPError.self) { try map.run(Failing(after: 3, .gradient(value)), state: &state) }
      #expect(error?.description.contains("After 3 steps the gradient's coordinate 1 is") == true)
      #expect(state.stepCount == 3)
    }
  }

  @Test func refusesStartsAndDensitiesThatDoNotFit() throws {
    let map = MaximumAPosteriori()
    #expect(throws: MAPError.self) { try map.makeState(from: [0, .nan]) }
    var state = try map.makeState(from: [0, 0, 0])
    #expect(throws: MAPError.dimension(density: 2, state: 3)) { try map.run(Banana(), state: &state) }
  }

  /// A Gaussian that breaks after some evaluations.
  private final class Failing: LogDensity {
    enum Fault {
      case value
      case gradient(Double)
    }
    let dimension = 2
    private var evaluations = 0
    private let limit: Int
    private let fault: Fault
    private let density = IndependentGaussian(mean: [0, 0], deviation: [1, 1])

    init(after limit: Int, _ fault: Fault) {
      self.limit = limit
      self.fault = fault
    }

    func evaluate(at theta: [Double], gradient: inout [Double]) -> DensityEvaluation {
      defer { evaluations += 1 }
      let evaluation = density.evaluate(at: theta, gradient: &gradient)
      guard evaluations >= limit else { return evaluation }
      switch fault {
      case .value: return DensityEvaluation(value: .nan)
      case .gradient(let value):
        gradient[1] = value
        return evaluation
      }
    }
  }
}
