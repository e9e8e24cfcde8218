/// How an optimisation ended. Errors are thrown instead; the state is then that of the last valid step.
public enum MAPOutcome: Sendable, Hashable {
  /// All steps were taken.
  case completed(MAPResult)
  /// The run ended before that, for a reason.
  case converged(MAPResult, StopReason)
  /// The caller cancelled the run; calling again with the same state continues it.
  case interrupted

  /// The points found; nil after an interruption.
  public var result: MAPResult? {
    switch self {
    case .completed(let result), .converged(let result, _): result
    case .interrupted: nil
    }
  }

  /// The outcome of a run that followed another of so many steps, as of both together.
  ///
  /// - Parameters:
  ///   - steps: of the other run.
  ///   - earlier: the best point of the other run; nil if there is none.
  public func following(steps: Int, best earlier: MAPPoint? = nil) -> MAPOutcome {
    func moved(_ result: MAPResult) -> MAPResult {
      func moved(_ point: MAPPoint) -> MAPPoint {
        MAPPoint(step: point.step + steps, theta: point.theta, evaluation: point.evaluation)
      }
      let best = earlier.flatMap { $0.loss <= result.best.loss ? $0 : nil } ?? moved(result.best)
      return MAPResult(best: best, last: moved(result.last))
    }
    return switch self {
    case .completed(let result): .completed(moved(result))
    case .converged(let result, let reason): .converged(moved(result), reason)
    case .interrupted: .interrupted
    }
  }
}

/// Why an optimisation ended before all its steps were taken.
public enum StopReason: String, Sendable, Hashable {
  /// The stop rule was met: what was still to be gained is not worth its evaluations.
  case gain
  /// The method knows of no point that may be better.
  case exhausted
}

/// The two points that an optimisation offers as its answer.
public struct MAPResult: Sendable, Hashable {
  /// The point of least loss, of all that were evaluated, ``last`` included.
  public let best: MAPPoint
  /// The newest point: the published method keeps this one. It costs one evaluation after the last step, which is
  /// not part of the trace.
  public let last: MAPPoint
}

/// What is reported after every step.
public struct MAPProgress: Sendable, Hashable {
  /// Steps taken, this one included.
  public let step: Int
  /// Steps wanted in all.
  public let stepLimit: Int
  /// The density at the point where this step set out.
  public let evaluation: DensityEvaluation
  /// The Euclidean norm of its gradient.
  public let gradientNorm: Double
  /// Wall-clock time of the step: evaluation and move.
  public let seconds: Double

  /// The function minimised.
  public var loss: Double { -evaluation.value }
}
