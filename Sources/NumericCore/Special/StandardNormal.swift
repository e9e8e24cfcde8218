import Foundation

/// The standard normal distribution of one variable: density, tails and quantile.
public enum StandardNormal {
  /// log sqrt(2 pi).
  static let logNormaliser = 0.5 * log(2 * Double.pi)

  /// log phi(z) = -z^2 / 2 - log sqrt(2 pi).
  public static func logDensity(_ z: Double) -> Double { -0.5 * z * z - logNormaliser }

  /// P(Z <= z), to a few units in the last place in both tails; 0 below about -38.
  public static func lowerTail(_ z: Double) -> Double { 0.5 * erfc(-z * 0.5.squareRoot()) }

  /// The z whose lower tail is `probability`, in [-infinity, infinity].
  ///
  /// For a probability near 1 take the upper tail p and use -quantile(p), which loses no digits. Relative error
  /// about 1e-16: Wichura, algorithm AS 241 (PPND16), Applied Statistics 37 (1988), doi:10.2307/2347330.
  /// - Precondition: `probability` is in [0, 1].
  public static func quantile(_ probability: Double) -> Double {
    precondition((0...1).contains(probability), "The probability \(probability) of a quantile is outside [0, 1]")
    let distance = probability - 0.5
    if distance.magnitude <= 0.425 {
      let r = 0.180625 - distance * distance
      return distance * ratio(centreNumerator, centreDenominator, at: r)
    }
    let tail = min(probability, 1 - probability)
    guard tail > 0 else { return distance < 0 ? -.infinity : .infinity }
    let r = (-log(tail)).squareRoot()
    let magnitude =
      r <= 5
      ? ratio(middleNumerator, middleDenominator, at: r - 1.6) : ratio(farNumerator, farDenominator, at: r - 5)
    return distance < 0 ? -magnitude : magnitude
  }

  /// The quotient of two polynomials of degree 7, by Horner's rule.
  private static func ratio(_ numerator: [Double], _ denominator: [Double], at r: Double) -> Double {
    var top = 0.0
    var bottom = 0.0
    for index in numerator.indices.reversed() {
      top = top * r + numerator[index]
      bottom = bottom * r + denominator[index]
    }
    return top / bottom
  }

  // MARK: - Coefficients of AS 241, constant term first

  private static let centreNumerator = [
    3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
    45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727,
  ]
  private static let centreDenominator = [
    1, 42.313330701600911252, 687.18700749205790830, 5394.1960214247511077, 21213.794301586595867,
    39307.895800092710610, 28729.085735721942674, 5226.4952788528545610,
  ]
  private static let middleNumerator = [
    1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550, 3.64784832476320460504,
    1.27045825245236838258, 0.241780725177450611770, 0.0227238449892691845833, 7.74545014278341407640e-4,
  ]
  private static let middleDenominator = [
    1, 2.05319162663775882187, 1.67638483018380384940, 0.689767334985100004550, 0.148103976427480074590,
    0.0151986665636164571966, 5.47593808499534494600e-4, 1.05075007164441684324e-9,
  ]
  private static let farNumerator = [
    6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580, 0.296560571828504891230,
    0.0265321895265761230930, 0.00124266094738807843860, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
  ]
  private static let farDenominator = [
    1, 0.599832206555887937690, 0.136929880922735805310, 0.0148753612908506148525, 7.86869131145613259100e-4,
    1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15,
  ]
}
