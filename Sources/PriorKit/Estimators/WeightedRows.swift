import NumericCore

/// Rows of data that passed the checks every estimator makes, with weights whose mean is 1.
struct WeightedRows {
  /// Rows of positive weight, with ``weights``.
  let data: EstimationData
  /// One per row, mean 1.
  let weights: [Double]

  /// [N, D].
  var rows: Matrix { data.rows }
  var blocks: [[Int]] { data.blocks }
  var count: Int { rows.rows }
  var dimension: Int { rows.columns }

  /// - Throws: ``PriorError`` for data that no estimator can use, and for columns that do not vary.
  init(_ data: EstimationData) throws {
    let data = try data.checked()
    try data.requireVariation()
    self.init(checked: data)
  }

  /// Rows that were checked before, whatever their columns do.
  init(checked data: EstimationData) {
    let relative = data.relativeWeights
    let mean = relative.reduce(0, +) / Double(max(relative.count, 1))
    weights = relative.map { $0 / mean }
    var data = data
    data.weights = weights
    self.data = data
  }

  /// Some of the presets.
  func selecting(_ indices: [Int]) -> WeightedRows { WeightedRows(checked: data.selecting(rows: indices)) }

  /// Other values for the same presets.
  func replacingRows(_ rows: Matrix) -> WeightedRows { WeightedRows(checked: data.replacing(rows: rows)) }

  /// The folds in which hyper-parameters are chosen.
  var folds: [Fold] { FoldAssignment(inside: rows, origins: data.origins).folds }

  /// Figures of the rows with their weights. A figure that copies of one preset share appears once, with their
  /// total weight: otherwise leaving out one copy would leave the same figure in another.
  func distinct(_ figures: [Double]) -> (values: [Double], weights: [Double]) {
    guard let origins = data.origins else { return (figures, weights) }
    var positions: [Twin: Int] = [:]
    var (values, sums): ([Double], [Double]) = ([], [])
    for row in figures.indices {
      let twin = Twin(origin: origins[row], value: figures[row])
      if let position = positions[twin] {
        sums[position] += weights[row]
      } else {
        positions[twin] = values.count
        values.append(figures[row])
        sums.append(weights[row])
      }
    }
    return (values, sums)
  }

  private struct Twin: Hashable {
    let origin: Int
    let value: Double
  }

  /// The weighted mean.
  var mean: [Double] { mean(weights: weights, total: Double(count)) }

  /// sum_i w_i x_i / total, averaged over the symmetries.
  func mean(weights: [Double], total: Double) -> [Double] {
    var sums = [Double](repeating: 0, count: dimension)
    for row in 0..<count {
      for column in 0..<dimension { sums[column] += weights[row] * rows[row, column] }
    }
    for column in sums.indices { sums[column] /= total }
    data.averaging?.averageMean(&sums)
    return sums
  }

  /// sum_i w_i (x_i - centre)(x_i - centre)^T / total, averaged over the symmetries, which leave the centre in
  /// place.
  func scatter(about centre: [Double], weights: [Double], total: Double) -> Matrix {
    var scaled = rows
    for row in 0..<count {
      let factor = weights[row].squareRoot()
      for column in 0..<dimension { scaled[row, column] = factor * (rows[row, column] - centre[column]) }
    }
    var scatter = scaled.gram(scale: 1 / total)
    data.averaging?.averageScatter(&scatter)
    return scatter
  }
}

/// Fits that fail although the presets are sound.
public enum EstimationError: Error, Equatable, Sendable, CustomStringConvertible {
  case moreComponentsThanPresets(components: Int, count: Int)
  case singularScatter(estimator: String, count: Int, dimension: Int)
  /// Parameters that no preset has together, and an estimator that shrinks no covariance.
  case neverTogether(first: String, second: String, estimator: String)
  case collapsed(components: Int, restarts: Int)
  /// `gap` is the duality gap that is left, in nats per preset.
  case notConverged(estimator: String, sweeps: Int, gap: Double)
  /// Like bands whose ranges differ, so that not every band could stand in every place.
  case unlikeRanges(group: String)
  /// A family whose density is not one Gaussian or Student-t, which slots are learned under.
  case notOneScatter(estimator: String)

  public var description: String {
    switch self {
    case .moreComponentsThanPresets(let components, let count):
      "A mixture of \(components) components cannot be fitted to \(count) presets: use at most \(count) components."
    case .singularScatter(let estimator, let count, let dimension):
      "The scatter of \(count) presets in \(dimension) dimensions became singular in the \(estimator) fit: use a "
        + "shape that shrinks it (blocks, factors-blocks) or more presets."
    case .neverTogether(let first, let second, let estimator):
      "No preset has both \(first) and \(second), so that nothing tells \(estimator) their covariance: use a shape "
        + "that shrinks it (blocks, factors-blocks), or add presets that have both."
    case .collapsed(let components, let restarts):
      "Every one of \(restarts) starts of a mixture of \(components) components collapsed onto single presets: use "
        + "fewer components or a larger floor for the variances."
    case .unlikeRanges(let group):
      "The \(group) bands have different ranges, so that their order matters: give all of them one range, or use a "
        + "family of slots."
    case .notOneScatter(let estimator):
      "Slots cannot be learned under \(estimator): use a family of one Gaussian or one Student-t (blocks, "
        + "factor-analysis, student-t-blocks, ...), or learn them without a family and fit \(estimator) to them."
    case .notConverged(let estimator, let sweeps, let gap):
      "The \(estimator) fit is still \(gap) nats per preset from its optimum after \(sweeps) sweeps: use larger "
        + "penalties, or look for presets far from all others."
    }
  }
}
