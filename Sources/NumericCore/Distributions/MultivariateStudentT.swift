import Foundation

/// Student's t distribution in n dimensions.
///
/// log t(x) = log Gamma((nu + n) / 2) - log Gamma(nu / 2) - (n log(nu pi) + log det scatter) / 2
/// - (nu + n) / 2 log(1 + q / nu), q = (x - location)^T scatter^-1 (x - location).
/// With infinite degrees of freedom it is N(location, scatter).
/// Kotz and Nadarajah, "Multivariate t distributions and their applications", 2004, doi:10.1017/CBO9780511550683.
public struct MultivariateStudentT: Sendable {
  /// The centre of symmetry, which is the mean where there is one.
  public let location: [Double]
  /// The matrix whose multiple nu / (nu - 2) is the covariance.
  public let scatter: Matrix
  /// nu, in (0, infinity].
  public let degreesOfFreedom: Double
  /// The Cholesky factorisation of the scatter.
  public let cholesky: Cholesky
  /// The log density at the location, in nats.
  public let logDensityAtLocation: Double

  /// Number of variables, n.
  public var dimension: Int { location.count }

  /// - Throws: ``LinearAlgebraError`` unless the location is finite (it is reported as row 0) and the scatter
  ///   finite, symmetric and positive definite.
  /// - Precondition: the scatter has as many rows as the location has entries; degrees of freedom are positive.
  public init(location: [Double], scatter: Matrix, degreesOfFreedom: Double) throws(LinearAlgebraError) {
    precondition(scatter.rows == location.count, "A location of \(location.count), a scatter of \(scatter.rows)")
    precondition(degreesOfFreedom > 0, "Student's t with \(degreesOfFreedom) degrees of freedom")
    try Matrix(rows: 1, columns: location.count, values: location).requireFinite()
    cholesky = try Cholesky(scatter)
    self.location = location
    self.scatter = scatter.symmetrised
    self.degreesOfFreedom = degreesOfFreedom
    logDensityAtLocation =
      Self.logNormaliser(dimension: location.count, degreesOfFreedom: degreesOfFreedom)
      - 0.5 * cholesky.logDeterminant
  }

  /// The log density at the location where the scatter is the identity.
  package static func logNormaliser(dimension: Int, degreesOfFreedom nu: Double) -> Double {
    let n = Double(dimension)
    guard nu.isFinite else { return -0.5 * n * log(2 * Double.pi) }
    return logGammaRatio(nu / 2, halfSteps: dimension) - 0.5 * n * log(nu * Double.pi)
  }

  /// log Gamma(a + steps / 2) - log Gamma(a).
  private static func logGammaRatio(_ a: Double, halfSteps steps: Int) -> Double {
    // Whole steps by the recurrence, the odd half by its series: two large logarithms are never subtracted.
    let odd = steps % 2 == 1
    let whole = (0..<steps / 2).reduce(0.0) { $0 + log(a + Double($1)) }
    return whole + (odd ? IncompleteBeta.logHalfStepOfGamma(a + Double(steps / 2)) : 0)
  }

  // MARK: - Density

  /// The log density and its score -(nu + n) / (nu + q) scatter^-1 (x - location); allocates nothing.
  ///
  /// At points so far out that q overflows the log density is minus infinity and the score zero.
  /// - Precondition: `point` and `score` have `dimension` entries and no entry of `point` is NaN.
  /// - Complexity: 2 n^2 floating-point operations.
  public func logDensity(at point: [Double], score: inout [Double]) -> Double {
    precondition(point.count == dimension, "A point of \(point.count) entries in \(dimension) dimensions")
    precondition(score.count == dimension, "A score of \(score.count) entries in \(dimension) dimensions")
    for index in 0..<dimension { score[index] = point[index] - location[index] }
    cholesky.forwardSubstitute(&score)
    var squaredDistance = 0.0
    for entry in score { squaredDistance += entry * entry }
    guard squaredDistance.isFinite else {
      precondition(!point.contains { $0.isNaN }, "The log density of a point with NaN is undefined")
      for index in score.indices { score[index] = 0 }
      return -.infinity
    }
    cholesky.backSubstitute(&score)
    let weight = weight(ofSquaredDistance: squaredDistance)
    for index in score.indices { score[index] *= -weight }
    return logDensity(ofSquaredDistance: squaredDistance)
  }

  /// The log density alone.
  ///
  /// - Precondition: `point` has `dimension` entries, none of them NaN.
  public func logDensity(at point: [Double]) -> Double {
    precondition(point.count == dimension, "A point of \(point.count) entries in \(dimension) dimensions")
    var whitened = zip(point, location).map { $0 - $1 }
    cholesky.forwardSubstitute(&whitened)
    let squaredDistance = whitened.reduce(0) { $0 + $1 * $1 }
    guard squaredDistance.isFinite else {
      precondition(!point.contains { $0.isNaN }, "The log density of a point with NaN is undefined")
      return -.infinity
    }
    return logDensity(ofSquaredDistance: squaredDistance)
  }

  /// The log density as a function of q.
  package func logDensity(ofSquaredDistance q: Double) -> Double {
    logDensityAtLocation + Self.logKernel(q, dimension: dimension, degreesOfFreedom: degreesOfFreedom)
  }

  /// -(nu + n) / 2 log(1 + q / nu), and -q / 2 for a normal.
  package static func logKernel(_ q: Double, dimension: Int, degreesOfFreedom nu: Double) -> Double {
    nu.isFinite ? -0.5 * (nu + Double(dimension)) * log1p(q / nu) : -0.5 * q
  }

  /// (nu + n) / (nu + q): how much a point counts in the estimation of location and scatter.
  package func weight(ofSquaredDistance q: Double) -> Double {
    degreesOfFreedom.isFinite ? (degreesOfFreedom + Double(dimension)) / (degreesOfFreedom + q) : 1
  }

  /// q of every row of a matrix [count, n], by one triangular solve.
  package func squaredDistances(toRows points: Matrix) -> [Double] {
    var rows = points
    for row in 0..<rows.rows {
      for column in 0..<dimension { rows[row, column] -= location[column] }
    }
    cholesky.forwardSubstituteRows(&rows)
    return (0..<rows.rows).map { row in
      rows.values[row * dimension..<(row + 1) * dimension].reduce(0) { $0 + $1 * $1 }
    }
  }

  // MARK: - Sampling

  /// One draw: location + L z / sqrt(chi-squared / nu), z standard normal.
  public func sample(using source: inout RandomSource) -> [Double] {
    var result = [Double](repeating: 0, count: dimension)
    source.fillNormal(&result)
    cholesky.multiplyByFactor(&result)
    let scale =
      degreesOfFreedom.isFinite
      ? (degreesOfFreedom / source.nextChiSquared(degreesOfFreedom: degreesOfFreedom)).squareRoot() : 1
    for index in result.indices { result[index] = location[index] + scale * result[index] }
    return result
  }
}
