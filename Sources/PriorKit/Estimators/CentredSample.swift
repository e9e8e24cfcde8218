public import NumericCore

/// The weighted moments of checked rows, from which every Gaussian estimator starts.
///
/// Rows of weight zero are left out. With weights w that sum to 1, mean = sum w_i x_i and
/// covariance = sum w_i (x_i - mean)(x_i - mean)^T, the maximum of the weighted likelihood.
public struct CentredSample: Sendable {
  /// Of the columns [D], for errors.
  public let names: [String]
  /// A partition of 0 ..< D into columns that belong together.
  public let blocks: [[Int]]
  /// sum w_i x_i [D].
  public let mean: [Double]
  /// Rows less the mean.
  public let centred: Matrix
  /// Positive, sum 1.
  public let weights: [Double]
  /// Of maximum likelihood [D, D].
  public let covariance: Matrix
  /// (sum w)^2 / sum w^2.
  public let effectiveCount: Double
  /// Which preset each row is a copy of, where rows are copies.
  let origins: [Int]?
  /// Symmetries that mean and covariance are averaged over.
  let averaging: MomentAveraging?

  /// D, the number of columns.
  public var dimension: Int { centred.columns }
  /// The diagonal of ``covariance`` [D].
  public var variances: [Double] { covariance.diagonal }

  /// - Throws: ``PriorError`` for data that no estimator can use, and for columns that do not vary unless these are
  ///   accepted.
  public init(_ data: EstimationData, acceptingConstantColumns: Bool = false) throws {
    let data = try data.checked()
    if !acceptingConstantColumns { try data.requireVariation() }
    self.init(
      rows: data.rows, weights: data.weights, names: data.names, blocks: data.blocks, origins: data.origins,
      averaging: data.averaging)
  }

  init(
    rows: Matrix, weights: [Double]?, names: [String], blocks: [[Int]], origins: [Int]? = nil,
    averaging: MomentAveraging? = nil
  ) {
    let raw = weights ?? Array(repeating: 1, count: rows.rows)
    // Divided by the largest first: the sum of huge weights must not overflow.
    let largest = raw.max() ?? 1
    let sum = raw.reduce(0) { $0 + $1 / largest }
    let normalised = raw.map { $0 / largest / sum }
    let moments = WeightedMean(rows: rows, weights: raw.map { $0 / largest }, sum: sum)
    self.names = names
    self.blocks = blocks
    self.weights = normalised
    self.origins = origins
    self.averaging = averaging
    let independent = origins.map { EstimationData.sums(of: normalised, by: $0) } ?? normalised
    effectiveCount = 1 / independent.reduce(0) { $0 + $1 * $1 }
    var mean = moments.mean
    var centred = moments.centred
    var covariance = centred.scalingRows(by: normalised.map { $0.squareRoot() }).gram()
    if let averaging {
      averaging.average(mean: &mean, covariance: &covariance)
      for column in mean.indices where mean[column] != moments.mean[column] {
        for row in 0..<centred.rows { centred[row, column] += moments.mean[column] - mean[column] }
      }
    }
    self.mean = mean
    self.centred = centred
    self.covariance = covariance
  }

  /// The sample with each column divided by its deviation, and the deviations.
  func standardised() -> (sample: CentredSample, deviations: [Double]) {
    let deviations = variances.map { $0.squareRoot() }
    let scaled = centred.scalingColumns(by: deviations.map { 1 / $0 })
    let sample = CentredSample(
      rows: scaled, weights: weights, names: names, blocks: blocks, origins: origins, averaging: averaging)
    return (sample, deviations)
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
