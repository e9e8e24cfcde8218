import Foundation

/// The beta function and its incomplete form, as far as the distributions here need them.
package enum IncompleteBeta {
  /// I_x(a, b), the regularised incomplete beta function, by the continued fraction of DLMF 8.17.22 with the
  /// modified Lentz iteration (Thompson and Barnett, 1986, doi:10.1016/0021-9991(86)90046-X).
  ///
  /// - Parameters:
  ///   - x: in [0, 1].
  ///   - complement: 1 - x, apart, so that x near 1 keeps its digits.
  ///   - logBeta: log B(a, b).
  package static func regularised(
    _ x: Double, complement: Double, a: Double, b: Double, logBeta: Double
  ) -> Double {
    guard x > 0 else { return 0 }
    guard complement > 0 else { return 1 }
    // The fraction converges fast on this side; the reflection I_x(a, b) = 1 - I_{1 - x}(b, a) gives the other.
    let prefactor = exp(a * log(x) + b * log(complement) - logBeta)
    if x <= (a + 1) / (a + b + 2) { return prefactor / a * fraction(x, a, b) }
    return 1 - prefactor / b * fraction(complement, b, a)
  }

  /// The x with I_x(a, b) = `probability`, to a few units in the last place of x, by bisection.
  ///
  /// - Precondition: a and b are positive and the probability is inside (0, 1).
  package static func quantile(_ probability: Double, a: Double, b: Double) -> Double {
    precondition(a > 0 && b > 0 && probability > 0 && probability < 1, "Beta(\(a), \(b)) at \(probability)")
    let logBeta = lgamma(a) + lgamma(b) - lgamma(a + b)
    var (lower, upper) = (0.0, 1.0)
    while true {
      let middle = lower + (upper - lower) / 2
      guard middle > lower, middle < upper else { return middle }
      let tail = regularised(middle, complement: 1 - middle, a: a, b: b, logBeta: logBeta)
      if tail < probability { lower = middle } else { upper = middle }
    }
  }

  private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let tiny = 1e-300
    func nonZero(_ value: Double) -> Double { value.magnitude < tiny ? tiny : value }
    var c = 1.0
    var d = 1 / nonZero(1 - (a + b) * x / (a + 1))
    var result = d
    // Of the order of sqrt(max(a, b)) terms are needed.
    for m in 1...100_000 {
      let m = Double(m)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 / nonZero(1 + even * d)
      c = nonZero(1 + even / c)
      result *= d * c
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / nonZero(1 + odd * d)
      c = nonZero(1 + odd / c)
      result *= d * c
      if (d * c - 1).magnitude < 2e-16 { break }
    }
    return result
  }

  /// log Gamma(a + 1/2) - log Gamma(a), without the cancellation of two large logarithms.
  package static func logHalfStepOfGamma(_ a: Double) -> Double {
    guard a > 20 else { return lgamma(a + 0.5) - lgamma(a) }
    // The asymptotic series (DLMF 5.11.13); its next term is below 1e-15 here.
    let r = 1 / (a * a)
    let series = -1.0 / 8 + r * (1.0 / 192 + r * (-1.0 / 640 + r * (17.0 / 14336 - r * 31.0 / 18432)))
    return 0.5 * log(a) + series / a
  }
}
