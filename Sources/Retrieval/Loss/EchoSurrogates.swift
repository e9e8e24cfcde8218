import Foundation

/// The coordinate p of a surrogate's damping d = exp(-softplus(p)), and the penalty (1 - d)^2 that pushes it
/// towards the exact echo (arXiv 2504.14735).
public enum EchoSurrogates {
  /// Where the published retrieval begins: d = exp(-0.01).
  public static let start = log(expm1(0.01))

  /// -softplus(p), at most 0.
  public static func logDamping(_ coordinate: Double) -> Double {
    -(max(coordinate, 0) + log1p(exp(-abs(coordinate))))
  }

  /// Its derivative.
  static func slope(_ coordinate: Double) -> Double { -1 / (1 + exp(-coordinate)) }

  static func penalty(_ coordinate: Double) -> (value: Double, slope: Double) {
    let logDamping = logDamping(coordinate)
    let lost = -expm1(logDamping)
    return (lost * lost, -2 * lost * exp(logDamping) * slope(coordinate))
  }
}
