/// Where a parameter leaves the sound alone, or as nearly so as its bounds allow.
package enum NeutralSetting: Sendable, Hashable {
  /// Does not matter while the other parameters of the effect are neutral: the middle of the range.
  case anywhere
  /// The value within the bounds that is nearest to this one, in the parameter's unit.
  case at(Double)
  /// The lowest value; only for parameters with bounds.
  case lowest
  /// The highest value; only for parameters with bounds.
  case highest

  /// The part of the range that lies between a bound, which has no finite logit, and the value that stands for it.
  /// A gain between 0 and 1 is then closed to -120 dB.
  static let inset = 1e-6

  /// The value, in the parameter's unit, inside its bounds.
  ///
  /// - Precondition: ``lowest`` and ``highest`` need a bijector with bounds.
  func value(in bijector: Bijector) -> Double {
    switch bijector {
    case .identity:
      switch self {
      case .anywhere: return 0
      case .at(let value): return value
      case .lowest, .highest: preconditionFailure("\(self) of a parameter without bounds")
      }
    case .sigmoid(let lower, let upper):
      let step = (upper - lower) * Self.inset
      return value(from: lower + step, to: upper - step, middle: bijector.forward(0))
    case .folded(let period):
      return value(from: 0, to: period - period * Self.inset, middle: period / 2)
    }
  }

  private func value(from lowest: Double, to highest: Double, middle: Double) -> Double {
    switch self {
    case .anywhere: middle
    case .at(let value): min(max(value, lowest), highest)
    case .lowest: lowest
    case .highest: highest
    }
  }
}
