/// The outcome of one estimator on one split.
public struct FitOutcome: Sendable, Hashable {
  /// Scores, or the reason for having none.
  public enum Result: Sendable, Hashable {
    /// The log density of each held-out preset, in nats.
    case scores([Double])
    /// Why there are none.
    case failure(String)
  }

  /// The name of the estimator.
  public let estimator: String
  /// Index in ``Comparison/splits``.
  public let split: Int
  /// Wall-clock time of fit and scores; nil where it was not kept.
  public let seconds: Double?
  /// One log density per held-out preset, or a failure.
  public let result: Result

  public init(estimator: String, split: Int, seconds: Double?, result: Result) {
    self.estimator = estimator
    self.split = split
    self.seconds = seconds
    self.result = result
  }
}
