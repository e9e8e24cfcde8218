import Foundation
public import NumericCore

/// The Henze-Zirkler test of multivariate normality: a weighted distance between the empirical characteristic
/// function and the normal one, whose null distribution is close to a log-normal with known moments.
///
/// Henze and Zirkler, "A class of invariant consistent tests for multivariate normality", Communications in
/// Statistics 19 (1990), doi:10.1080/03610929008830400.
public struct HenzeZirkler: Sendable, Hashable {
  /// The weighted distance, and the upper tail of its log-normal.
  public let test: NormalityTest

  /// - Throws: ``StatisticsError`` unless there are more rows than columns and the covariance is regular, and where
  ///   the spread of the statistic is lost in rounding, which happens beyond some 50 dimensions.
  public init(_ data: Matrix) throws { try self.init(try StandardisedRows(data, test: "The Henze-Zirkler test")) }

  init(_ rows: StandardisedRows) throws(StatisticsError) {
    let count = Double(rows.count)
    let dimension = Double(rows.dimension)
    let bandwidth = pow(count * (2 * dimension + 1) / 4, 1 / (dimension + 4)) / 2.0.squareRoot()
    let square = bandwidth * bandwidth
    let (mean, variance) = Self.moments(square: square, dimension: dimension)
    guard variance.squareRoot() > 1e-12 * mean * count else {
      throw StatisticsError(
        "The Henze-Zirkler statistic of \(rows.dimension) parameters varies by less than its rounding error: test "
          + "fewer parameters at a time.")
    }
    let norms = rows.products.diagonal
    var pairs = 0.0
    for row in 0..<rows.count {
      for column in 0..<rows.count {
        pairs += exp(-square / 2 * max(0, norms[row] + norms[column] - 2 * rows.products[row, column]))
      }
    }
    let singles = norms.reduce(0) { $0 + exp(-square / (2 * (1 + square)) * $1) }
    let statistic =
      pairs / count - 2 * pow(1 + square, -dimension / 2) * singles + count * pow(1 + 2 * square, -dimension / 2)
    let logVariance = log1p(variance / (mean * mean))
    let score = (log(statistic) - log(mean) + 0.5 * logVariance) / logVariance.squareRoot()
    test = NormalityTest(statistic: statistic, pValue: TailProbability.normal(score))
  }

  /// Mean and variance of the statistic under normality (theorem 2.3 of the paper).
  private static func moments(square: Double, dimension: Double) -> (mean: Double, variance: Double) {
    let a = 1 + 2 * square
    let fourth = square * square
    let pairs = dimension * (dimension + 2)
    let mean = 1 - pow(a, -dimension / 2) * (1 + dimension * square / a + pairs * fourth / (2 * a * a))
    let w = (1 + square) * (1 + 3 * square)
    let variance =
      2 * pow(1 + 4 * square, -dimension / 2)
      + 2 * pow(a, -dimension)
      * (1 + 2 * dimension * fourth / (a * a) + 3 * pairs * fourth * fourth / (4 * a * a * a * a))
      - 4 * pow(w, -dimension / 2)
      * (1 + 3 * dimension * fourth / (2 * w) + pairs * fourth * fourth / (2 * w * w))
    return (mean, variance)
  }
}
