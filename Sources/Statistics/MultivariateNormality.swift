import Foundation
import NumericCore

/// One test of multivariate normality.
public struct NormalityTest: Sendable, Hashable {
  /// On the scale of the test that it comes from.
  public let statistic: Double
  /// The probability of a statistic as extreme from a normal sample.
  public let pValue: Double
}

/// Rows in coordinates in which their maximum-likelihood covariance is the identity, as affine-invariant tests take
/// them.
struct StandardisedRows {
  /// Inner products (x_i - mean)^T S^-1 (x_j - mean), [count, count].
  let products: Matrix
  let count: Int
  let dimension: Int

  /// - Throws: ``StatisticsError`` unless there are more rows than columns and the covariance is regular.
  init(_ data: Matrix, test: String) throws {
    guard data.rows > data.columns else {
      throw StatisticsError(
        "\(test) of \(data.columns) parameters needs more than \(data.columns) presets but has \(data.rows): test "
          + "fewer parameters at a time.")
    }
    let moments = try SampleMoments(data)
    let cholesky: Cholesky
    do {
      cholesky = try Cholesky(moments.covariance(lostDegreesOfFreedom: 0))
    } catch {
      throw StatisticsError(
        "\(test) needs a covariance of full rank: leave out parameters that are constant or determined by others.")
    }
    var rows = moments.centred
    cholesky.forwardSubstituteRows(&rows)
    products = rows.multiplied(by: rows, transposingOther: true)
    count = data.rows
    dimension = data.columns
  }
}
