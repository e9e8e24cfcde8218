import Distributions
public import NumericCore

/// Features reduced to a few uncorrelated coordinates of unit variance: standardised, projected on their leading
/// principal components, and whitened.
///
/// z = P^T (x - mean) with P [F, K]: column j is the j-th eigenvector of the correlation matrix, divided by the
/// standard deviations of the features and by that of the component (Jolliffe, "Principal component analysis",
/// 2002). Features that do not vary are left out of account.
public struct FeatureTransform: Sendable, Hashable {
  /// Means of the features [F].
  public let mean: [Double]
  /// P [F, K].
  public let projection: Matrix
  /// Variance of each component among the standardised features [K], descending; they sum to F with all of them.
  public let variances: [Double]

  /// Number of features, F.
  public var featureCount: Int { mean.count }
  /// Number of components, K.
  public var componentCount: Int { projection.columns }

  init(mean: [Double], projection: Matrix, variances: [Double]) {
    self.mean = mean
    self.projection = projection
    self.variances = variances
  }

  /// All components that the rows determine, at most `limit`.
  ///
  /// - Parameters:
  ///   - rows: features [N, F], finite.
  ///   - weights: not negative, with a positive sum, one per row; nil for equal ones.
  ///   - limit: most components, K; below 1 there are none.
  public init(fitting rows: Matrix, weights: [Double]?, limit: Int) throws {
    let raw = weights ?? Array(repeating: 1, count: rows.rows)
    let total = raw.reduce(0, +)
    let shares = raw.map { $0 / total }
    let mean = rows.transposed * shares
    var centred = rows
    for row in 0..<rows.rows {
      let root = shares[row].squareRoot()
      for column in 0..<rows.columns { centred[row, column] = root * (rows[row, column] - mean[column]) }
    }
    let deviations = (0..<rows.columns).map { column in
      (0..<rows.rows).reduce(0) { $0 + centred[$1, column] * centred[$1, column] }.squareRoot()
    }
    // Constant up to rounding counts as constant.
    let scales = zip(deviations, mean).map { $0 > 1e-10 * (1 + $1.magnitude) ? 1 / $0 : 0 }
    let eigen = try SymmetricEigen(centred.scalingColumns(by: scales).gram())
    let order = eigen.values.count
    let floor = 1e-8 * (eigen.values.last ?? 0)
    let kept = (0..<order).reversed().filter { eigen.values[$0] > max(floor, 0) }.prefix(max(0, limit))
    var projection = Matrix(rows: order, columns: kept.count)
    for (column, source) in kept.enumerated() {
      for row in 0..<order {
        projection[row, column] = scales[row] * eigen.vectors[row, source] / eigen.values[source].squareRoot()
      }
    }
    self.init(mean: mean, projection: projection, variances: kept.map { eigen.values[$0] })
  }

  /// The same with the first components only.
  public func truncated(to count: Int) -> FeatureTransform {
    let kept = Array(0..<min(count, componentCount))
    return FeatureTransform(
      mean: mean, projection: projection.selecting(rows: Array(0..<featureCount), columns: kept),
      variances: kept.map { variances[$0] })
  }

  /// The components of one description, [F] to [K].
  ///
  /// - Precondition: `featureCount` entries.
  public func callAsFunction(_ features: [Double]) -> [Double] {
    self(Matrix(rows: 1, columns: features.count, values: features)).values
  }

  /// The components of rows, [N, F] to [N, K].
  public func callAsFunction(_ rows: Matrix) -> Matrix {
    precondition(rows.columns == featureCount, "\(rows.columns) features where \(featureCount) are expected")
    var centred = rows
    for row in 0..<rows.rows {
      for column in 0..<rows.columns { centred[row, column] -= mean[column] }
    }
    return centred * projection
  }

  // MARK: - Storage

  func encode(into archive: inout DistributionArchive) {
    archive.set(mean, for: "mean")
    archive.set(projection, for: "projection")
    archive.set(variances, for: "variances")
  }

  init(from archive: DistributionArchive) throws {
    let mean = try archive.vector("mean")
    let variances = try archive.vector("variances")
    self.init(
      mean: mean, projection: try archive.matrix("projection", rows: mean.count, columns: variances.count),
      variances: variances)
  }
}
