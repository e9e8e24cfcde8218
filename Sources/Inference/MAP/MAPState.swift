/// All that an optimisation is between two steps: kept by the caller, so that it outlives an error, an
/// interruption or, in a ``MAPCheckpoint``, the process.
public struct MAPState<Moments: OptimiserState>: Sendable, Hashable {
  /// The newest point: where the next step sets out.
  public internal(set) var theta: [Double]
  /// What the optimiser remembers.
  public internal(set) var optimiser: Moments
  /// The path so far; its newest point is ``theta``.
  public internal(set) var trace: MAPTrace

  init(start: [Double], optimiser: Moments) {
    theta = start
    self.optimiser = optimiser
    trace = MAPTrace(start: start)
  }

  init(trace: MAPTrace, optimiser: Moments) {
    theta = trace.theta(at: trace.stepCount)
    self.optimiser = optimiser
    self.trace = trace
  }

  /// Steps taken.
  public var stepCount: Int { trace.stepCount }
}
