import Foundation

/// Student's t distribution of one variable, with location 0 and scale 1: density, tails and quantile.
///
/// With infinite degrees of freedom it is the standard normal.
public struct StandardStudentT: Sendable, Hashable {
  /// nu, in (0, infinity].
  public let degreesOfFreedom: Double
  /// log B(nu / 2, 1 / 2).
  private let logBeta: Double
  private let logDensityAtZero: Double

  /// - Precondition: the degrees of freedom are positive.
  public init(degreesOfFreedom: Double) {
    precondition(degreesOfFreedom > 0, "Student's t with \(degreesOfFreedom) degrees of freedom")
    self.degreesOfFreedom = degreesOfFreedom
    guard degreesOfFreedom.isFinite else {
      logBeta = 0
      logDensityAtZero = StandardNormal.logDensity(0)
      return
    }
    logBeta = 0.5 * log(Double.pi) - IncompleteBeta.logHalfStepOfGamma(degreesOfFreedom / 2)
    logDensityAtZero = -0.5 * log(degreesOfFreedom) - logBeta
  }

  private var isNormal: Bool { degreesOfFreedom == .infinity }

  /// log t(y) = log t(0) - (nu + 1) / 2 log(1 + y^2 / nu).
  public func logDensity(_ y: Double) -> Double {
    if isNormal { return StandardNormal.logDensity(y) }
    return logDensityAtZero - 0.5 * (degreesOfFreedom + 1) * log1p(y * y / degreesOfFreedom)
  }

  /// d log t(y) / dy.
  public func score(_ y: Double) -> Double {
    isNormal ? -y : -(degreesOfFreedom + 1) * y / (degreesOfFreedom + y * y)
  }

  /// P(T <= y), to a relative error of about 1e-13 in both tails.
  public func lowerTail(_ y: Double) -> Double {
    if isNormal { return StandardNormal.lowerTail(y) }
    let tail = tailBeyond(y.magnitude)
    return y < 0 ? tail : 1 - tail
  }

  /// P(T > t) for t >= 0: I_x(nu / 2, 1 / 2) / 2 at x = nu / (nu + t^2).
  private func tailBeyond(_ t: Double) -> Double {
    let square = t * t
    let sum = degreesOfFreedom + square
    guard sum.isFinite else { return 0 }
    return 0.5
      * IncompleteBeta.regularised(
        degreesOfFreedom / sum, complement: square / sum, a: degreesOfFreedom / 2, b: 0.5, logBeta: logBeta)
  }

  /// The y whose lower tail is `probability`, in [-infinity, infinity].
  ///
  /// For a probability near 1 take the upper tail p and use -quantile(p), which loses no digits.
  /// - Precondition: `probability` is in [0, 1].
  public func quantile(_ probability: Double) -> Double {
    if isNormal || probability == 0.5 { return StandardNormal.quantile(probability) }
    precondition((0...1).contains(probability), "The probability \(probability) of a quantile is outside [0, 1]")
    let tail = min(probability, 1 - probability)
    guard tail > 0 else { return probability < 0.5 ? -.infinity : .infinity }
    let magnitude = magnitude(ofTail: tail, near: StandardNormal.quantile(tail).magnitude)
    return probability < 0.5 ? -magnitude : magnitude
  }

  /// The value that has the same tail as a standard normal deviate `z`: T^-1(Phi(z)), odd and increasing.
  ///
  /// Infinite where the tail of the normal underflows, beyond about 37.
  public func value(ofNormalDeviate z: Double) -> Double {
    if isNormal || z == 0 { return z }
    let tail = StandardNormal.lowerTail(-z.magnitude)
    guard tail > .leastNormalMagnitude else { return z < 0 ? -.infinity : .infinity }
    let magnitude = magnitude(ofTail: tail, near: z.magnitude)
    return z < 0 ? -magnitude : magnitude
  }

  /// The inverse of ``value(ofNormalDeviate:)``: Phi^-1(T(y)).
  public func normalDeviate(ofValue y: Double) -> Double {
    if isNormal || y == 0 { return y }
    let magnitude = -StandardNormal.quantile(tailBeyond(y.magnitude))
    return y < 0 ? -magnitude : magnitude
  }

  /// Newton's iteration for log tail(t) = log p in the variable log t.
  ///
  /// In that variable the logarithm of the tail is concave (t f / tail increases), so that after one step the
  /// iterates fall monotonically to the root, whatever the start.
  private func magnitude(ofTail tail: Double, near z: Double) -> Double {
    let nu = degreesOfFreedom
    // Wallace (1959), doi:10.1214/aoms/1177706085: z^2 is about (nu - 1/2) log(1 + t^2 / nu).
    var t = nu > 1 ? (nu * expm1(z * z / (nu - 0.5))).squareRoot() : max(z, 1e-8)
    if !t.isFinite || t == 0 { t = max(z, 1e-8) }
    let target = log(tail)
    for _ in 0..<100 {
      let current = tailBeyond(t)
      guard current > 0 else {
        t *= 0.5
        continue
      }
      let slope = t * exp(logDensity(t)) / current
      let step = (log(current) - target) / slope
      t *= exp(min(max(step, -5), 5))
      if step.magnitude < 1e-14 { break }
    }
    return t
  }
}
