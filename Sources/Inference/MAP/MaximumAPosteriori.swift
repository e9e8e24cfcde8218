/// Maximises a log density by an ``Optimiser``: maximum a posteriori where the density is a posterior.
///
/// A step is one evaluation, of value and gradient where the method follows one. The function minimised, the loss,
/// is the negative log density. ``makeState(from:)`` begins a run, and ``run(_:state:progress:isCancelled:)``
/// continues it; after an interruption it is called again with the same state. Runs are deterministic, and one that
/// was interrupted, or stored and loaded, follows the uninterrupted path bit for bit.
public struct MaximumAPosteriori<Method: Optimiser>: Sendable {
  /// Where a run stands: the trace so far, and what the optimiser remembers.
  public typealias State = MAPState<Method.State>

  /// The method that proposes points.
  public let optimiser: Method
  /// Steps in all, those of earlier calls with the same state included.
  public let steps: Int
  /// Ends the run before `steps`, if there is one.
  public let stopRule: StopRule?

  /// The defaults are those of the published method: 1000 steps, and no stop before them.
  /// - Precondition: `steps` is not negative.
  public init(optimiser: Method = Adam(), steps: Int = 1000, stopRule: StopRule? = nil) {
    precondition(steps >= 0, "The number of steps, \(steps), is negative")
    self.optimiser = optimiser
    self.steps = steps
    self.stopRule = stopRule
  }

  /// The state before the first step.
  /// - Throws: ``MAPError/nonFiniteStart(coordinate:value:)``.
  public func makeState(from start: [Double]) throws -> State {
    if let coordinate = start.firstIndex(where: { !$0.isFinite }) {
      throw MAPError.nonFiniteStart(coordinate: coordinate, value: start[coordinate])
    }
    return State(start: start, optimiser: optimiser.makeState(dimension: start.count))
  }

  /// Steps until all are taken, the stop rule is met or the caller cancels, then evaluates the last point.
  ///
  /// The driver allocates before the first step and after the last, not in between.
  /// - Parameters:
  ///   - density: what is maximised, of the state's dimension.
  ///   - state: the state to continue from. However the call ends, it is between two steps and can be passed in
  ///     again.
  ///   - progress: called after every step; the state may be stored then (see ``MAPCheckpoint``).
  ///   - isCancelled: asked before every evaluation.
  /// - Throws: ``MAPError`` when the density or its gradient is not finite (after the first evaluation only where
  ///   the method cannot go on) or there is no gradient to follow, and whatever the density and `progress` throw.
  ///   `state.trace` then has everything up to the point that failed, and `state.trace.best`.
  public func run(
    _ density: some LogDensity, state: inout State,
    progress: (MAPProgress, State) throws -> Void = { _, _ in },
    isCancelled: () -> Bool = { false }
  ) throws -> MAPOutcome {
    guard density.dimension == state.theta.count else {
      throw MAPError.dimension(density: density.dimension, state: state.theta.count)
    }
    guard density.isDifferentiable || !optimiser.usesGradient else { throw MAPError.noGradient(optimiser.settings) }
    var gradient = [Double](repeating: 0, count: optimiser.usesGradient ? density.dimension : 0)
    // Room for what runs take; one that is longer allocates on the way.
    state.trace.reserve(steps: min(steps, 1 << 14))
    let clock = ContinuousClock()
    var reason: StopReason?

    while state.stepCount < steps {
      reason =
        state.optimiser.isExhausted ? .exhausted : (stopRule?.isMet(by: state.trace.loss) ?? false) ? .gain : nil
      if reason != nil { break }
      if isCancelled() { return .interrupted }
      let begin = clock.now
      let (evaluation, norm) = try lossAndGradient(of: density, state: state, gradient: &gradient)
      optimiser.advance(&state.theta, loss: -evaluation.value, gradient: gradient, state: &state.optimiser)
      state.trace.append(evaluation, next: state.theta)
      let report = MAPProgress(
        step: state.stepCount, stepLimit: steps, evaluation: evaluation, gradientNorm: norm,
        seconds: (clock.now - begin) / .seconds(1))
      try progress(report, state)
    }

    if isCancelled() { return .interrupted }
    // A run that ends on a proposal for the method to go on from has not learned what it is worth.
    let evaluation = try lossAndGradient(of: density, state: state, gradient: &gradient).evaluation
    let last = MAPPoint(step: state.stepCount, theta: state.theta, evaluation: evaluation)
    let best = state.trace.best.flatMap { $0.loss <= last.loss ? $0 : nil } ?? last
    let result = MAPResult(best: best, last: last)
    return reason.map { .converged(result, $0) } ?? .completed(result)
  }

  /// The density at the newest point; `gradient` becomes the loss's. Both are checked to be finite, the gradient
  /// with its square, which an optimiser's second moment must hold. A method that survives failures is told of an
  /// impossible point instead, except at the start.
  private func lossAndGradient(
    of density: some LogDensity, state: State, gradient: inout [Double]
  ) throws -> (evaluation: DensityEvaluation, gradientNorm: Double) {
    do {
      return try finiteLossAndGradient(of: density, state: state, gradient: &gradient)
    } catch let error as MAPError {
      guard optimiser.survivesFailures, state.stepCount > 0 else { throw error }
      for index in gradient.indices { gradient[index] = 0 }
      return (.impossible, 0)
    }
  }

  private func finiteLossAndGradient(
    of density: some LogDensity, state: State, gradient: inout [Double]
  ) throws -> (evaluation: DensityEvaluation, gradientNorm: Double) {
    let evaluation =
      try optimiser.usesGradient
      ? density.evaluate(at: state.theta, gradient: &gradient) : density.evaluate(at: state.theta)
    guard evaluation.isFinite else {
      throw MAPError.nonFiniteEvaluation(step: state.stepCount, evaluation: evaluation)
    }
    var sumOfSquares = 0.0
    for coordinate in gradient.indices {
      let slope = gradient[coordinate]
      sumOfSquares += slope * slope
      guard sumOfSquares.isFinite else {
        throw MAPError.nonFiniteGradient(step: state.stepCount, coordinate: coordinate, value: slope)
      }
      gradient[coordinate] = -slope
    }
    return (evaluation, sumOfSquares.squareRoot())
  }
}
