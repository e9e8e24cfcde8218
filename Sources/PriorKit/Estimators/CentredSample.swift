public import NumericCore

/// The weighted moments of checked rows, from which every Gaussian estimator starts.
///
/// Rows of weight zero are left out. With weights w that sum to 1, mean = sum w_i x_i and
/// covariance = sum w_i (x_i - mean)(x_i - mean)^T, the maximum of the weighted likelihood.
public struct CentredSample: Sendable {
  /// The centred rows with ``weights``.
  let data: EstimationData
  /// sum w_i x_i [D].
  public let mean: [Double]
  /// Positive, sum 1.
  public let weights: [Double]
  /// Of maximum likelihood [D, D].
  public let covariance: Matrix
  /// (sum w)^2 / sum w^2.
  public let effectiveCount: Double

  /// Of the columns [D], for errors.
  public var names: [String] { data.names }
  /// A partition of 0 ..< D into columns that belong together.
  public var blocks: [[Int]] { data.blocks }
  /// Rows less the mean.
  public var centred: Matrix { data.rows }
  /// D, the number of columns.
  public var dimension: Int { centred.columns }
  /// The diagonal of ``covariance`` [D].
  public var variances: [Double] { covariance.diagonal }

  /// - Throws: ``PriorError`` for data that no estimator can use, and for columns that do not vary unless these are
  ///   accepted.
  public init(_ data: EstimationData, acceptingConstantColumns: Bool = false) throws {
    let data = try data.checked()
    if !acceptingConstantColumns { try data.requireVariation() }
    self.init(checked: data)
  }

  /// The moments of data that were checked before.
  init(checked data: EstimationData) {
    let relative = data.relativeWeights
    let sum = relative.reduce(0, +)
    let normalised = relative.map { $0 / sum }
    let moments = WeightedMean(rows: data.rows, weights: relative, sum: sum)
    weights = normalised
    let independent = data.origins.map { EstimationData.sums(of: normalised, by: $0) } ?? normalised
    effectiveCount = 1 / independent.reduce(0) { $0 + $1 * $1 }
    var mean = moments.mean
    var centred = moments.centred
    var covariance = centred.scalingRows(by: normalised.map { $0.squareRoot() }).gram()
    if let averaging = data.averaging {
      averaging.average(mean: &mean, covariance: &covariance)
      for column in mean.indices where mean[column] != moments.mean[column] {
        for row in 0..<centred.rows { centred[row, column] += moments.mean[column] - mean[column] }
      }
    }
    self.mean = mean
    self.covariance = covariance
    var data = data.replacing(rows: centred)
    data.weights = normalised
    self.data = data
  }

  /// The sample with each column divided by its deviation, and the deviations.
  func standardised() -> (sample: CentredSample, deviations: [Double]) {
    let deviations = variances.map { $0.squareRoot() }
    let scaled = centred.scalingColumns(by: deviations.map { 1 / $0 })
    return (CentredSample(checked: data.replacing(rows: scaled)), deviations)
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
