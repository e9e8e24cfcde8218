import Foundation

// Deviates by rejection: each takes a random number of words.

extension RandomSource {
  /// A deviate of the gamma distribution with density x^(shape - 1) e^-x / Gamma(shape).
  ///
  /// Marsaglia and Tsang (2000), doi:10.1145/358407.358414; shapes below 1 by their power of a uniform deviate.
  /// - Precondition: `shape` is positive and finite.
  public mutating func nextGamma(shape: Double) -> Double {
    precondition(shape > 0 && shape.isFinite, "A gamma deviate of shape \(shape)")
    guard shape >= 1 else {
      let power = pow(nextUniform(), 1 / shape)
      return nextGamma(shape: shape + 1) * power
    }
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let normal = nextNormal()
      let root = 1 + c * normal
      guard root > 0 else { continue }
      let cube = root * root * root
      if log(nextUniform()) < 0.5 * normal * normal + d * (1 - cube + log(cube)) { return d * cube }
    }
  }

  /// A chi-squared deviate: twice a gamma deviate of half the degrees of freedom.
  public mutating func nextChiSquared(degreesOfFreedom: Double) -> Double {
    2 * nextGamma(shape: degreesOfFreedom / 2)
  }
}
