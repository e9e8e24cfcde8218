import NumericCore
import PresetStore

/// Checked rows with what is known of each, in units in which a typical spread is 1.
struct InformedRows {
  let rows: Matrix
  /// Mean 1.
  let weights: [Double]
  /// Of each row, symmetric and positive semidefinite.
  let information: [Matrix]
  let blocks: [[Int]]
  /// The units of the columns.
  let widths: [Double]
  let folds: [Fold]

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
    let relative = used.relativeWeights
    let unit = relative.reduce(0, +) / Double(relative.count)
    self.init(
      rows: used.rows.scalingColumns(by: widths.map { 1 / $0 }), weights: relative.map { $0 / unit },
      information: known.matrices.map { $0.scalingBoth(by: widths) }, blocks: used.blocks, widths: widths,
      folds: FoldAssignment(inside: used.rows, origins: used.origins).folds)
  }

  private init(
    rows: Matrix, weights: [Double], information: [Matrix], blocks: [[Int]], widths: [Double], folds: [Fold]
  ) {
    (self.rows, self.weights, self.information) = (rows, weights, information)
    (self.blocks, self.widths, self.folds) = (blocks, widths, folds)
  }

  var count: Int { rows.rows }
  var dimension: Int { rows.columns }

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

  /// sum_i w_i x_i / N.
  func mean(of rows: Matrix) -> [Double] { (rows.transposed * weights).map { $0 / Double(count) } }

  /// sum_i w_i (x_i - centre)(x_i - centre)^T.
  func scatter(of rows: Matrix, about centre: [Double]) -> Matrix {
    rows.subtracting(centre).scalingRows(by: weights.map { $0.squareRoot() }).gram()
  }

  /// A Gaussian in these units as one of logits.
  func normal(mean: [Double], covariance: Matrix, names: [String]) throws -> MultivariateNormal {
    try CovarianceCheck(names: names).normal(
      mean: zip(mean, widths).map { $0 * $1 }, covariance: covariance.scalingBoth(by: widths))
  }
}
