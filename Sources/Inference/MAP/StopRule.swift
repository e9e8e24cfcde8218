/// Ends an optimisation that has stopped improving.
///
/// After at least `patience` + 1 evaluations, let b be the best loss of all and a the best of all but the last
/// `patience`. The rule is met when a - b is at most the tolerance, which is absolute or relative to max(1, |b|).
/// It depends on the trace alone, so that a resumed run stops where the uninterrupted one would have.
///
/// An absolute tolerance is in the units of the loss, nats. What the last `patience` evaluations have gained stands
/// for all that there is still to be gained: if gains at least halve from one such stretch to the next, the rest of
/// the run, however long, gains no more than the latest stretch did.
public struct StopRule: Sendable, Hashable {
  /// Improvement that counts as none.
  public let tolerance: Double
  /// Steps in which it must not be exceeded.
  public let patience: Int
  /// Whether the tolerance is a share of the loss (absolute for losses within ±1).
  public let isRelative: Bool

  /// A rule with a relative tolerance.
  /// - Precondition: `tolerance` is finite and not negative, `patience` positive.
  public init(tolerance: Double = 1e-4, patience: Int = 100) {
    self.init(tolerance: tolerance, patience: patience, isRelative: true)
  }

  /// A rule that is met when the last `evaluations` together have gained no more than `gain`, in units of the loss.
  /// - Precondition: `gain` is finite and not negative, `evaluations` positive.
  public init(gain: Double, within evaluations: Int) {
    self.init(tolerance: gain, patience: evaluations, isRelative: false)
  }

  private init(tolerance: Double, patience: Int, isRelative: Bool) {
    precondition(tolerance >= 0 && tolerance.isFinite, "Tolerance \(tolerance) is negative or not finite")
    precondition(patience > 0, "Patience \(patience) is not positive")
    (self.tolerance, self.patience, self.isRelative) = (tolerance, patience, isRelative)
  }

  /// Whether a run with these losses, in the order of its evaluations, ends here. O(steps), which is nothing beside
  /// an evaluation.
  public func isMet(by loss: [Double]) -> Bool {
    guard loss.count > patience else { return false }
    let border = loss.count - patience
    let before = loss[..<border].reduce(Double.infinity) { min($0, $1) }
    let best = loss[border...].reduce(before) { min($0, $1) }
    return before - best <= tolerance * (isRelative ? max(1, abs(best)) : 1)
  }
}
