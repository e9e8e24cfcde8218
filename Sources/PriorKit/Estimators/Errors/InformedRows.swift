import NumericCore
import PresetStore

/// Checked rows with what is known of each, in units in which a typical spread is 1.
struct InformedRows {
  /// In units of the widths.
  let weighted: WeightedRows
  /// Of each row in these units, symmetric and positive semidefinite.
  let information: [Matrix]
  /// The units of the columns.
  let widths: [Double]

  /// - Throws: ``PriorError`` for data that no estimator can use, and for rows without information. Without widths
  ///   the columns must vary, because nothing else says how much they do.
  init(_ data: EstimationData, estimator: String) throws {
    let used = try data.checked()
    guard let given = data.information, let known = used.information else {
      throw PriorError.noInformation(estimator: estimator)
    }
    for (row, matrix) in given.matrices.enumerated() where data.weights?[row] != 0 {
      guard Self.hasNoNegative(matrix) else { throw PriorError.badInformation(row: data.origins?[row] ?? row) }
    }
    if known.widths == nil { try used.requireVariation() }
    let widths = known.widths ?? CentredSample(checked: used).variances.map { $0.squareRoot() }
    weighted = WeightedRows(checked: used.replacing(rows: used.rows.scalingColumns(by: widths.map { 1 / $0 })))
    information = known.matrices.map { $0.scalingBoth(by: widths) }
    self.widths = widths
  }

  /// Whether no eigenvalue is below zero by more than rounding.
  private static func hasNoNegative(_ matrix: Matrix) -> Bool {
    var raised = matrix
    let largest = matrix.diagonal.max() ?? 0
    guard largest.isFinite, largest >= 0 else { return false }
    // Of the size of the rounding of large entries, and harmless beside none.
    for index in 0..<raised.rows { raised[index, index] += 1e-8 * largest + .leastNormalMagnitude.squareRoot() }
    return (try? Cholesky(raised)) != nil
  }

  /// (L_i + 1)^-1 for each row: what is open of it beside a prior of the widths.
  func openCovariances() throws -> [Matrix] {
    try information.map { information in
      var sum = information
      for index in 0..<sum.rows { sum[index, index] += 1 }
      return try Cholesky(sum).inverse()
    }
  }

  /// A Gaussian in these units as one of logits.
  func normal(mean: [Double], covariance: Matrix, names: [String]) throws -> MultivariateNormal {
    try CovarianceCheck(names: names).normal(
      mean: zip(mean, widths).map { $0 * $1 }, covariance: covariance.scalingBoth(by: widths))
  }
}
