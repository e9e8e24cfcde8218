import Foundation

/// The normal distribution N(mean, covariance) in n dimensions.
///
/// log N(x) = -(n log 2 pi + log det covariance + |L^-1 (x - mean)|^2) / 2, covariance = L L^T.
public struct MultivariateNormal: Sendable {
  /// The mean, of n entries.
  public let mean: [Double]
  /// The covariance, n x n.
  public let covariance: Matrix
  /// The Cholesky factorisation of the covariance.
  public let cholesky: Cholesky
  /// The log density at the mean, in nats.
  public let logDensityAtMean: Double

  public var dimension: Int { mean.count }

  /// - Throws: ``LinearAlgebraError`` unless the mean is finite (it is reported as row 0) and the covariance
  ///   finite, symmetric and positive definite.
  /// - Precondition: the covariance has as many rows as the mean has entries.
  public init(mean: [Double], covariance: Matrix) throws(LinearAlgebraError) {
    precondition(covariance.rows == mean.count, "A mean of \(mean.count) and \(covariance.rows) rows of covariance")
    try Matrix(rows: 1, columns: mean.count, values: mean).requireFinite()
    cholesky = try Cholesky(covariance)
    self.mean = mean
    self.covariance = covariance.symmetrised
    logDensityAtMean = -0.5 * (Double(mean.count) * log(2 * Double.pi) + cholesky.logDeterminant)
  }

  // MARK: - Density

  /// The log density and its gradient -covariance^-1 (x - mean), in one evaluation that allocates nothing.
  ///
  /// At points so far out that the square overflows the log density is minus infinity and the score zero.
  /// - Precondition: `point` and `score` have `dimension` entries and no entry of `point` is NaN.
  /// - Complexity: 2 n^2 floating-point operations.
  public func logDensity(at point: [Double], score: inout [Double]) -> Double {
    precondition(score.count == dimension, "A score of \(score.count) entries in \(dimension) dimensions")
    subtractMean(from: point, into: &score)
    cholesky.forwardSubstitute(&score)
    let squaredDistance = Self.squaredNorm(score)
    guard squaredDistance.isFinite else {
      precondition(!point.contains { $0.isNaN }, "The log density of a point with NaN is undefined")
      for index in score.indices { score[index] = 0 }
      return -.infinity
    }
    cholesky.backSubstitute(&score)
    for index in score.indices { score[index] = -score[index] }
    return logDensityAtMean - 0.5 * squaredDistance
  }

  /// The log density alone.
  public func logDensity(at point: [Double]) -> Double {
    logDensityAtMean - 0.5 * squaredMahalanobisDistance(to: point)
  }

  /// Log densities of the rows of a matrix [count, n], by one triangular solve with many right-hand sides.
  public func logDensities(ofRows points: Matrix) -> [Double] {
    squaredMahalanobisDistances(toRows: points).map { logDensityAtMean - 0.5 * $0 }
  }

  // MARK: - Distance

  /// (x - mean)^T covariance^-1 (x - mean): chi-squared with n degrees of freedom if x has this distribution.
  public func squaredMahalanobisDistance(to point: [Double]) -> Double {
    let squared = Self.squaredNorm(whiten(point))
    if squared.isFinite { return squared }
    precondition(!point.contains { $0.isNaN }, "The distance of a point with NaN is undefined")
    return .infinity
  }

  /// The square root of ``squaredMahalanobisDistance(to:)``.
  public func mahalanobisDistance(to point: [Double]) -> Double {
    squaredMahalanobisDistance(to: point).squareRoot()
  }

  // MARK: - Whitening

  /// L^-1 (x - mean): independent standard normal coordinates of a point.
  public func whiten(_ point: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: dimension)
    subtractMean(from: point, into: &result)
    cholesky.forwardSubstitute(&result)
    return result
  }

  /// mean + L z, the inverse of ``whiten(_:)``.
  public func unwhiten(_ coordinates: [Double]) -> [Double] {
    var result = coordinates
    cholesky.multiplyByFactor(&result)
    for index in result.indices { result[index] += mean[index] }
    return result
  }

  // MARK: - Sampling

  /// One draw: mean + L z with z standard normal. Takes n normal deviates.
  public func sample(using source: inout RandomSource) -> [Double] {
    var deviates = [Double](repeating: 0, count: dimension)
    source.fillNormal(&deviates)
    return unwhiten(deviates)
  }

  // MARK: - Helpers

  private func subtractMean(from point: [Double], into result: inout [Double]) {
    precondition(point.count == dimension, "A point of \(point.count) entries in \(dimension) dimensions")
    for index in 0..<dimension { result[index] = point[index] - mean[index] }
  }

  private static func squaredNorm(_ vector: some Collection<Double>) -> Double {
    vector.reduce(0) { $0 + $1 * $1 }
  }
}
