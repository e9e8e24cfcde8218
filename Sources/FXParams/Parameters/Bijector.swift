import Foundation

/// The map from an unconstrained number (a logit) to a constrained, physical parameter value.
///
/// `identity` and `sigmoid` are bijections from the real line onto their domain. `folded` is not one: |x| mod
/// period, the lookahead map of DiffVox (arXiv 2504.14735), takes each value at every x = ±(value + k period), k =
/// 0, 1, ... It has a right inverse only: `forward(inverse(value)) == value` for every value in [0, period), but
/// `inverse(forward(x))` is x on [0, period) alone and another logit of the same value elsewhere. Within a branch
/// its slope is ±1, so log |derivative| is 0 almost everywhere, which is all a density on logits needs; at x = 0
/// the slope changes sign, and at the other multiples of the period the value jumps.
public enum Bijector: Sendable, Hashable, Codable {
  /// value = x, on the whole real line.
  case identity
  /// value = lower + (upper - lower) / (1 + exp(-x)), on the open interval (lower, upper).
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

  /// The value at a logit, its derivative, and log |derivative|, in one evaluation. NaN gives NaN.
  ///
  /// Values of `sigmoid` never reach a bound: where rounding would put one there (beyond x = 37 for the upper
  /// bound; for the lower bound too unless it is 0, which is approached down to x = -745), it is the nearest Double
  /// inside, so that every value has a finite logit. The log-derivative stays exact there: it falls like -|x|.
  ///
  /// At x = 0 `folded` has the derivative 0, which is what automatic differentiation of |x| gives, and the
  /// log-derivative 0 of its neighbours; at its jumps the derivative is that of the branch, equal on both sides.
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
      let inside = value <= lower ? lower.nextUp : (value >= upper ? upper.nextDown : value)
      return (inside, width * small / (1 + decay), log(width) - abs(x) - 2 * log1p(decay))
    case .folded(let period):
      let value = fmod(abs(x), period)
      return (value, x > 0 ? 1 : (x < 0 ? -1 : 0), 0)
    }
  }

  /// The constrained value at logit `x`.
  public func forward(_ x: Double) -> Double { forwardAndLogDerivative(x).value }

  /// The logit of a constrained value; for `folded` the one in [0, period).
  ///
  /// Returns nil outside the domain, where no finite logit exists. For `sigmoid` the error of the logit is that of
  /// the value relative to its distance from the nearer bound: a value one rounding step inside the upper bound
  /// determines its logit, about 36, to a few tenths.
  public func inverse(_ value: Double) -> Double? {
    guard value.isFinite else { return nil }
    switch self {
    case .identity:
      return value
    case .sigmoid(let lower, let upper):
      guard value > lower, value < upper else { return nil }
      // A difference of logarithms: the quotient would underflow next to a lower bound of 0.
      return log(value - lower) - log(upper - value)
    case .folded(let period):
      return value >= 0 && value < period ? value : nil
    }
  }
}
