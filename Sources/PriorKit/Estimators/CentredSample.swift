import NumericCore

/// The weighted moments of rows that have been checked: what every Gaussian estimator starts from.
///
/// Rows of weight zero are left out. With weights w that sum to 1, mean = sum w_i x_i and
/// covariance = sum w_i (x_i - mean)(x_i - mean)^T, the maximum of the weighted likelihood.
struct CentredSample {
  let names: [String]
  let blocks: [[Int]]
  let mean: [Double]
  /// Rows less the mean.
  let centred: Matrix
  /// Positive, sum 1.
  let weights: [Double]
  let covariance: Matrix
  /// (sum w)^2 / sum w^2.
  let effectiveCount: Double

  var dimension: Int { centred.columns }
  var variances: [Double] { covariance.diagonal }

  /// - Throws: ``PriorError`` for data that no estimator can use, and for columns that do not vary unless these are
  ///   accepted.
  init(_ data: EstimationData, acceptingConstantColumns: Bool = false) throws {
    let data = try data.checked()
    if !acceptingConstantColumns { try data.requireVariation() }
    self.init(rows: data.rows, weights: data.weights, names: data.names, blocks: data.blocks)
  }

  init(rows: Matrix, weights: [Double]?, names: [String], blocks: [[Int]]) {
    let raw = weights ?? Array(repeating: 1, count: rows.rows)
    // Divided by the largest first: the sum of huge weights must not overflow.
    let largest = raw.max() ?? 1
    let sum = raw.reduce(0) { $0 + $1 / largest }
    let normalised = raw.map { $0 / largest / sum }
    let moments = WeightedMean(rows: rows, weights: raw.map { $0 / largest }, sum: sum)
    self.names = names
    self.blocks = blocks
    self.weights = normalised
    mean = moments.mean
    centred = moments.centred
    covariance = moments.centred.scalingRows(by: normalised.map { $0.squareRoot() }).gram()
    effectiveCount = 1 / normalised.reduce(0) { $0 + $1 * $1 }
  }

  /// The sample with each column divided by its deviation, and the deviations.
  func standardised() -> (sample: CentredSample, deviations: [Double]) {
    let deviations = variances.map { $0.squareRoot() }
    let scaled = centred.scalingColumns(by: deviations.map { 1 / $0 })
    return (CentredSample(rows: scaled, weights: weights, names: names, blocks: blocks), deviations)
  }
}

/// A mean whose rounding a second pass removes, so that one far from zero costs no digits.
private struct WeightedMean {
  let mean: [Double]
  let centred: Matrix

  init(rows: Matrix, weights: [Double], sum: Double) {
    var centred = rows
    var mean = [Double](repeating: 0, count: rows.columns)
    for _ in 0..<2 {
      let shift = (centred.transposed * weights).map { $0 / sum }
      for row in 0..<rows.rows {
        for column in 0..<rows.columns { centred[row, column] -= shift[column] }
      }
      for column in mean.indices { mean[column] += shift[column] }
    }
    self.mean = mean
    self.centred = centred
  }
}

extension Matrix {
  func scalingRows(by factors: [Double]) -> Matrix {
    var result = self
    for row in 0..<rows {
      for column in 0..<columns { result[row, column] *= factors[row] }
    }
    return result
  }

  func scalingColumns(by factors: [Double]) -> Matrix {
    var result = self
    for row in 0..<rows {
      for column in 0..<columns { result[row, column] *= factors[column] }
    }
    return result
  }

  /// diag(factors) A diag(factors).
  func scalingBoth(by factors: [Double]) -> Matrix {
    var result = self
    for row in 0..<rows {
      for column in 0..<columns { result[row, column] *= factors[row] * factors[column] }
    }
    return result
  }

  /// The sum of the products of all entries: tr(A^T B).
  func innerProduct(_ other: Matrix) -> Double { zip(values, other.values).reduce(0) { $0 + $1.0 * $1.1 } }
}
