import Foundation

/// Upper tail probabilities of the distributions that the tests here refer to.
package enum TailProbability {
  // MARK: - Normal

  /// P(Z > z) of a standard normal.
  package static func normal(_ z: Double) -> Double { 0.5 * erfc(z / 2.0.squareRoot()) }

  // MARK: - Chi-squared

  /// P(X > value) of a chi-squared variable.
  package static func chiSquared(_ value: Double, degreesOfFreedom: Double) -> Double {
    value <= 0 ? 1 : IncompleteGamma.upper(shape: degreesOfFreedom / 2, value / 2)
  }

  /// The value that a chi-squared variable exceeds with probability `tail`.
  ///
  /// - Precondition: 0 < tail < 1.
  package static func chiSquaredQuantile(tail: Double, degreesOfFreedom: Double) -> Double {
    precondition(tail > 0 && tail < 1, "A tail probability of \(tail)")
    var low = 0.0
    var high = max(1, 2 * degreesOfFreedom)
    while chiSquared(high, degreesOfFreedom: degreesOfFreedom) > tail { high *= 2 }
    // Bisection to the last bit: the tail is monotone, and this is never in an inner loop.
    while true {
      let middle = 0.5 * (low + high)
      guard middle > low, middle < high else { return middle }
      if chiSquared(middle, degreesOfFreedom: degreesOfFreedom) > tail { low = middle } else { high = middle }
    }
  }

  // MARK: - Kolmogorov

  /// P(K > value) of Kolmogorov's limit distribution: 2 sum_k (-1)^(k-1) exp(-2 k^2 value^2).
  package static func kolmogorov(_ value: Double) -> Double {
    guard value > 0 else { return 1 }
    guard value >= 1 else {
      // The dual series converges where the first one alternates among large terms.
      let factor = (2 * Double.pi).squareRoot() / value
      let sum = (1...20).reduce(0.0) { sum, term in
        let odd = Double(2 * term - 1) * Double.pi / value
        return sum + exp(-odd * odd / 8)
      }
      return max(0, min(1, 1 - factor * sum))
    }
    return 2
      * (1...20).reduce(0.0) { sum, term in
        let square = Double(term * term) * value * value
        return sum + (term % 2 == 1 ? 1 : -1) * exp(-2 * square)
      }
  }
}

/// The regularised incomplete gamma function Q(a, x), by its series below a + 1 and Lentz's continued fraction
/// above (Abramowitz and Stegun 6.5.29 and 6.5.31).
private enum IncompleteGamma {
  static func upper(shape: Double, _ x: Double) -> Double {
    guard x.isFinite else { return 0 }
    let logFactor = shape * log(x) - x - lgamma(shape)
    if x < shape + 1 { return max(0, 1 - exp(logFactor) * series(shape, x)) }
    return exp(logFactor) * fraction(shape, x)
  }

  private static func series(_ shape: Double, _ x: Double) -> Double {
    var term = 1 / shape
    var sum = term
    var denominator = shape
    while term > sum * 1e-17 {
      denominator += 1
      term *= x / denominator
      sum += term
    }
    return sum
  }

  private static func fraction(_ shape: Double, _ x: Double) -> Double {
    let tiny = 1e-300
    var b = x + 1 - shape
    var c = 1 / tiny
    var d = 1 / max(b.magnitude, tiny) * (b < 0 ? -1 : 1)
    var result = d
    for index in 1...100_000 {
      let a = -Double(index) * (Double(index) - shape)
      b += 2
      d = a * d + b
      if d.magnitude < tiny { d = tiny }
      c = b + a / c
      if c.magnitude < tiny { c = tiny }
      d = 1 / d
      let factor = d * c
      result *= factor
      if (factor - 1).magnitude < 1e-16 { break }
    }
    return result
  }
}
