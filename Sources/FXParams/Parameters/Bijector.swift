import Foundation

/// The map from an unconstrained number (a logit) to a constrained, physical parameter value.
///
/// Every case but `folded` is a bijection from the real line onto its domain. `folded`, the lookahead map
/// |x| mod period of DiffVox, is a two-to-one map on each period: it has a right inverse, not an inverse
/// (see ``isBijective``, ``inverse(_:)``).
public enum Bijector: Sendable, Hashable {
  /// value = x, on the whole real line.
  case identity
  /// value = lower + (upper - lower) sigmoid(x), on the open interval (lower, upper).
  case sigmoid(lower: Double, upper: Double)
  /// value = |x| mod period, on [0, period). Not injective.
  case folded(period: Double)

  /// The closure of the values this map can take.
  public var bounds: ClosedRange<Double> {
    switch self {
    case .identity: -Double.infinity...Double.infinity
    case .sigmoid(let lower, let upper): lower...upper
    case .folded(let period): 0...period
    }
  }

  /// Whether every value has exactly one logit.
  public var isBijective: Bool {
    if case .folded = self { false } else { true }
  }

  /// The value at a logit, its derivative, and log |derivative|, in one evaluation.
  ///
  /// At the kinks of `folded` (x a multiple of the period) the derivative of the right-hand branch is returned,
  /// and at x = 0 the derivative is 0, which is what automatic differentiation of |x| gives.
  public func forwardAndLogDerivative(_ x: Double) -> (value: Double, derivative: Double, logDerivative: Double) {
    switch self {
    case .identity:
      return (x, 1, 0)
    case .sigmoid(let lower, let upper):
      // Written with exp(-|x|) so that neither tail overflows and the small tail keeps its relative precision.
      let decay = exp(-abs(x))
      let small = decay / (1 + decay)
      let width = upper - lower
      let value = x >= 0 ? upper - width * small : lower + width * small
      return (value, width * small / (1 + decay), log(width) - abs(x) - 2 * log1p(decay))
    case .folded(let period):
      let value = fmod(abs(x), period)
      return (value, x > 0 ? 1 : (x < 0 ? -1 : 0), 0)
    }
  }

  /// The constrained value at logit `x`.
  public func forward(_ x: Double) -> Double { forwardAndLogDerivative(x).value }

  /// The logit of a constrained value: for `folded` the representative in [0, period).
  ///
  /// Returns nil outside the open domain, where no finite logit exists.
  public func inverse(_ value: Double) -> Double? {
    guard value.isFinite else { return nil }
    switch self {
    case .identity:
      return value
    case .sigmoid(let lower, let upper):
      guard value > lower, value < upper else { return nil }
      return log((value - lower) / (upper - value))
    case .folded(let period):
      return value >= 0 && value < period ? value : nil
    }
  }
}
