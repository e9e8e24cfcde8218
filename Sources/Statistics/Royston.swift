import Foundation
public import NumericCore

/// Royston's H test of multivariate normality: the Shapiro-Wilk tests of all marginals, joined with an equivalent
/// number of independent ones.
///
/// With R_j = (Phi^-1(p_j / 2))^2 of the marginal p-values, H = e mean(R) is about chi-squared with
/// e = d / (1 + (d - 1) c) degrees of freedom, where c is the mean of the transformed correlations. It needs no
/// inverse covariance, so fewer rows than columns will do.
///
/// Royston, "Some techniques for assessing multivariate normality based on the Shapiro-Wilk W", Applied Statistics
/// 32 (1983), doi:10.2307/2347291, with the marginal p-values of his AS R94 (1995).
public struct Royston: Sendable, Hashable {
  /// H, and its upper tail.
  public let test: NormalityTest
  /// The equivalent number of independent marginals.
  public let equivalentCount: Double

  /// - Throws: ``StatisticsError`` for fewer than 4 rows, or a column that is constant or not finite.
  public init(_ data: Matrix) throws {
    guard data.rows >= 4 else { throw StatisticsError.tooFew("Royston's test", found: data.rows, needed: 4) }
    var sum = 0.0
    for column in 0..<data.columns {
      let pValue = max(try ShapiroWilk(data.column(column)).pValue, Double.leastNormalMagnitude)
      // The half of 1 is the median, where the quantile is 0.
      let quantile = StandardNormal.quantile(min(pValue, 1) / 2)
      sum += quantile * quantile
    }
    let dimension = Double(data.columns)
    let average = data.columns > 1 ? try Self.meanTransformedCorrelation(data) : 0
    let equivalentCount = dimension / (1 + (dimension - 1) * average)
    let statistic = equivalentCount * sum / dimension
    test = NormalityTest(
      statistic: statistic, pValue: TailProbability.chiSquared(statistic, degreesOfFreedom: equivalentCount))
    self.equivalentCount = equivalentCount
  }

  private static func meanTransformedCorrelation(_ data: Matrix) throws -> Double {
    let covariance = try SampleMoments(data).covariance()
    let size = log(Double(data.rows))
    let mu = 0.715
    let nu = 0.21364 + 0.015124 * size * size - 0.0018034 * size * size * size
    var sum = 0.0
    for row in 0..<data.columns {
      for column in 0..<row {
        let scale = (covariance[row, row] * covariance[column, column]).squareRoot()
        let correlation = max(-1, min(1, covariance[row, column] / scale))
        sum += pow(correlation, 5) * (1 - mu / nu * pow(1 - correlation, mu))
      }
    }
    return sum / Double(data.columns * (data.columns - 1) / 2)
  }
}
