import Foundation
public import NumericCore

/// Mardia's tests of multivariate normality, by skewness and by kurtosis.
///
/// With m_ij = (x_i - mean)^T S^-1 (x_j - mean) and S the covariance of maximum likelihood:
///
/// - b1 = sum_ij m_ij^3 / n^2; n b1 / 6 tends to chi-squared with d (d + 1) (d + 2) / 6 degrees of freedom.
/// - b2 = sum_i m_ii^2 / n; (b2 - d (d + 2)) / sqrt(8 d (d + 2) / n) tends to a standard normal.
///
/// Mardia, "Measures of multivariate skewness and kurtosis with applications", Biometrika 57 (1970),
/// doi:10.1093/biomet/57.3.519.
public struct Mardia: Sendable, Hashable {
  /// b1, and the tail of n b1 / 6.
  public let skewness: NormalityTest
  /// b2, and the two-sided tail of its standardised value.
  public let kurtosis: NormalityTest

  /// - Throws: ``StatisticsError`` unless there are more rows than columns and the covariance is regular.
  public init(_ data: Matrix) throws { self.init(try StandardisedRows(data, test: "Mardia's test")) }

  init(_ rows: StandardisedRows) {
    let count = Double(rows.count)
    let dimension = Double(rows.dimension)
    let cubes = rows.products.values.reduce(0) { $0 + $1 * $1 * $1 } / (count * count)
    let squares = rows.products.diagonal.reduce(0) { $0 + $1 * $1 } / count
    skewness = NormalityTest(
      statistic: cubes,
      pValue: TailProbability.chiSquared(
        count * cubes / 6, degreesOfFreedom: dimension * (dimension + 1) * (dimension + 2) / 6))
    let expected = dimension * (dimension + 2)
    let score = (squares - expected) / (8 * expected / count).squareRoot()
    kurtosis = NormalityTest(statistic: squares, pValue: min(1, 2 * TailProbability.normal(score.magnitude)))
  }
}
