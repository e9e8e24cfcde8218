/// Ends an optimisation that has stopped improving.
///
/// After at least `patience` + 1 evaluations, let b be the best loss of all and a the best of all but the last
/// `patience`. The rule is met when a - b <= tolerance · max(1, |b|). It reads nothing but the trace, so that
/// a run taken up again stops where the uninterrupted one would have.
public struct StopRule: Sendable, Hashable {
  /// Improvement, relative to the loss (absolute for losses within ±1), that counts as none.
  public let tolerance: Double
  /// Steps in which it must not be exceeded.
  public let patience: Int

  /// - Precondition: `tolerance` is finite and not negative, `patience` positive.
  public init(tolerance: Double = 1e-4, patience: Int = 100) {
    precondition(tolerance >= 0 && tolerance.isFinite, "Tolerance \(tolerance) is negative or not finite")
    precondition(patience > 0, "Patience \(patience) is not positive")
    self.tolerance = tolerance
    self.patience = patience
  }

  /// O(steps), which is nothing beside an evaluation.
  func isMet(by loss: [Double]) -> Bool {
    guard loss.count > patience else { return false }
    let border = loss.count - patience
    let before = loss[..<border].reduce(Double.infinity) { min($0, $1) }
    let best = loss[border...].reduce(before) { min($0, $1) }
    return before - best <= tolerance * max(1, abs(best))
  }
}
