import Foundation
public import NumericCore

/// The principal components of the rows of a matrix: directions of greatest variance about the mean.
///
/// Jolliffe, "Principal component analysis", 2nd edition, Springer 2002, doi:10.1007/b98835.
public struct PrincipalComponents: Sendable {
  /// Variances along the components, descending, never negative; their sum is the total variance.
  public let variances: [Double]
  /// Component k is column k: unit vectors [columns, columns].
  public let directions: Matrix
  /// The number of directions in which the rows vary at all.
  public let rank: Int

  /// - Throws: `LinearAlgebraError` if an entry is not finite.
  /// - Precondition: there are at least two rows.
  public init(_ data: Matrix) throws {
    let moments = try SampleMoments(data)
    let eigen = try SymmetricEigen(moments.covariance())
    let order = Array(eigen.values.indices.reversed())
    variances = order.map { max(0, eigen.values[$0]) }
    directions = eigen.vectors.selecting(rows: Array(0..<data.columns), columns: order)
    // The centred rows give the rank to more digits than their covariance.
    rank = try moments.centred.numericalRank()
  }

  /// The share of the variance in the first 1, 2, ... components.
  public var cumulativeShares: [Double] {
    let total = variances.reduce(0, +)
    var sum = 0.0
    return variances.map {
      sum += $0
      return total > 0 ? min(1, sum / total) : 1
    }
  }

  /// The largest variance over the smallest; nil where the covariance is singular.
  public var conditionNumber: Double? {
    guard rank == variances.count, let largest = variances.first, let smallest = variances.last, smallest > 0 else {
      return nil
    }
    return largest / smallest
  }

  /// exp of the entropy of the shares: how many components of equal variance would be as spread out (Roy and
  /// Vetterli, EUSIPCO 2007).
  public var effectiveRank: Double {
    let total = variances.reduce(0, +)
    guard total > 0 else { return 0 }
    return exp(variances.reduce(0) { $1 > 0 ? $0 - $1 / total * log($1 / total) : $0 })
  }
}
