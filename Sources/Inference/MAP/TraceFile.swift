public import HDF5Store

/// The path and the answer of an optimisation as an HDF5 file.
///
/// Datasets: `/theta` [S+1, D] from the start point to the last; `/loss`, `/log_likelihood`, `/log_prior` [S] at
/// the point before each step (absent when S is 0). Attributes of the root: `ending` (`completed`, `converged` or
/// `interrupted`), after `converged` also `stopped_by` (``StopReason``), `steps`, and unless interrupted `best_`
/// and `last_` followed by `step`, `loss`, `log_likelihood` and `log_prior`; the rows of `/theta` with those step
/// numbers are the points themselves.
public enum TraceFile {
  /// Fills a new file.
  public static func write(_ trace: MAPTrace, outcome: MAPOutcome, to file: HDF5Writer) throws {
    try write(trace, to: file)
    try file.set(name(of: outcome), attribute: "ending", of: "/")
    if case .converged(_, let reason) = outcome {
      try file.set(reason.rawValue, attribute: "stopped_by", of: "/")
    }
    if let result = outcome.result {
      try write(result.best, prefix: "best", to: file)
      try write(result.last, prefix: "last", to: file)
    }
  }

  /// The datasets and the attribute `steps`.
  static func write(_ trace: MAPTrace, to file: HDF5Writer) throws {
    let steps = trace.stepCount
    try file.write(trace.points, shape: [steps + 1, trace.dimension], to: "/theta", compressed: false)
    try file.set(steps, attribute: "steps", of: "/")
    guard steps > 0 else { return }
    try file.write(trace.loss, shape: [steps], to: "/loss", compressed: false)
    try file.write(trace.logLikelihood, shape: [steps], to: "/log_likelihood", compressed: false)
    try file.write(trace.logPrior, shape: [steps], to: "/log_prior", compressed: false)
  }

  private static func write(_ point: MAPPoint, prefix: String, to file: HDF5Writer) throws {
    try file.set(point.step, attribute: "\(prefix)_step", of: "/")
    try file.set(point.loss, attribute: "\(prefix)_loss", of: "/")
    try file.set(point.evaluation.logLikelihood, attribute: "\(prefix)_log_likelihood", of: "/")
    try file.set(point.evaluation.logPrior, attribute: "\(prefix)_log_prior", of: "/")
  }

  private static func name(of outcome: MAPOutcome) -> String {
    switch outcome {
    case .completed: "completed"
    case .converged: "converged"
    case .interrupted: "interrupted"
    }
  }
}
