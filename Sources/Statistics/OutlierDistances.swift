import Foundation
public import NumericCore

/// Robust Mahalanobis distances of rows from the bulk of their collection, scaled so that their median is that of
/// normal rows.
public struct OutlierDistances: Sendable {
  /// Squared distance of each row; about chi-squared with `dimension` degrees of freedom for normal rows.
  public let squared: [Double]
  /// Columns of the data: the degrees of freedom of the thresholds.
  public let dimension: Int
  /// The factor of the squared distances that brings their median to that of chi-squared.
  public let scale: Double
  /// The centre and scatter they refer to.
  public let scatter: RobustScatter

  /// - Throws: see ``RobustScatter/init(_:rounds:)``.
  public init(_ data: Matrix) throws {
    scatter = try RobustScatter(data)
    dimension = data.columns
    let raw = scatter.squaredDistances(toRows: data)
    let expected = TailProbability.chiSquaredQuantile(tail: 0.5, degreesOfFreedom: Double(dimension))
    let median = SortedQuantiles(raw).median
    let scale = median > 0 ? expected / median : 1
    squared = raw.map { $0 * scale }
    self.scale = scale
  }

  /// The squared distance that a normal row exceeds with probability `tail`.
  public func threshold(tail: Double) -> Double {
    TailProbability.chiSquaredQuantile(tail: tail, degreesOfFreedom: Double(dimension))
  }

  /// Rows beyond a threshold, farthest first.
  public func rows(beyond threshold: Double) -> [Int] {
    squared.indices.filter { squared[$0] > threshold }.sorted { squared[$0] > squared[$1] }
  }
}
