/// The mean and the scatter of the rows of a data matrix [count, dimension].
///
/// The rows are centred before they are multiplied, so that a mean far from zero costs no digits.
public struct SampleMoments: Sendable {
  /// Number of rows.
  public let count: Int
  /// The mean of each column.
  public let mean: [Double]
  /// The rows less their mean.
  public let centred: Matrix

  /// - Throws: ``LinearAlgebraError/notFinite(row:column:value:)`` naming the first entry that is not a number.
  /// - Precondition: there is at least one row.
  public init(_ data: Matrix) throws(LinearAlgebraError) {
    precondition(data.rows > 0, "The mean of no rows is undefined")
    try data.requireFinite()
    count = data.rows
    let provisional = Self.columnMeans(data, less: Array(repeating: 0, count: data.columns))
    // The second pass removes the rounding of the first.
    let correction = Self.columnMeans(data, less: provisional)
    let mean = zip(provisional, correction).map(+)
    var centred = data
    for row in 0..<data.rows {
      for column in 0..<data.columns { centred[row, column] -= mean[column] }
    }
    self.mean = mean
    self.centred = centred
  }

  /// sum over rows of (x - mean)(x - mean)^T / (count - `lostDegreesOfFreedom`): 1 is unbiased, 0 the maximum of the
  /// Gaussian likelihood.
  ///
  /// - Precondition: `count > lostDegreesOfFreedom`.
  public func covariance(lostDegreesOfFreedom: Int = 1) -> Matrix {
    precondition(count > lostDegreesOfFreedom, "\(count) rows have no covariance with \(lostDegreesOfFreedom) lost")
    return centred.gram(scale: 1 / Double(count - lostDegreesOfFreedom))
  }

  private static func columnMeans(_ data: Matrix, less offset: [Double]) -> [Double] {
    var sums = [Double](repeating: 0, count: data.columns)
    for row in 0..<data.rows {
      for column in 0..<data.columns { sums[column] += data[row, column] - offset[column] }
    }
    return sums.map { $0 / Double(data.rows) }
  }
}
