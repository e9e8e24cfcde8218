/// The unit of weights that may be given in any: a power of two, so that a change of unit costs no digits.
///
/// Weights have a meaning relative to each other alone, and their squares must neither overflow nor vanish.
public enum WeightUnit {
  /// 0 where squares of the weights are safe as they are; otherwise the exponent of the largest weight.
  ///
  /// - Parameter weights: finite and not negative.
  public static func exponent(of weights: some Sequence<Double>) -> Int {
    let largest = weights.max() ?? 0
    guard largest > 0, !(0x1p-200...0x1p200).contains(largest) else { return 0 }
    return Int(largest.exponent)
  }

  /// The weights in a unit of 2^exponent.
  public static func scaled(_ weights: [Double], exponent: Int) -> [Double] {
    exponent == 0 ? weights : weights.map { $0.scaled(by: -exponent) }
  }

  /// The weights in a unit in which their squares are safe.
  public static func scaled(_ weights: [Double]) -> [Double] { scaled(weights, exponent: exponent(of: weights)) }
}

extension Double {
  /// This times 2^exponent, also where that power is no number.
  func scaled(by exponent: Int) -> Double {
    Double(sign: .plus, exponent: min(max(exponent, -5000), 5000), significand: self)
  }
}
