import NumericCore

/// Rows of data that passed the checks every estimator makes, with weights whose mean is 1.
struct WeightedRows {
  /// Rows of positive weight [N, D].
  let rows: Matrix
  /// One per row, mean 1.
  let weights: [Double]
  let names: [String]
  let blocks: [[Int]]
  /// Which preset each row is a copy of, where rows are copies.
  let origins: [Int]?
  /// Symmetries that mean and scatter are averaged over.
  let averaging: MomentAveraging?

  var count: Int { rows.rows }
  var dimension: Int { rows.columns }

  /// - Throws: ``PriorError`` for data that no estimator can use, and for columns that do not vary.
  init(_ data: EstimationData) throws {
    let data = try data.checked()
    try data.requireVariation()
    self.init(
      rows: data.rows, weights: data.weights, names: data.names, blocks: data.blocks, origins: data.origins,
      averaging: data.averaging)
  }

  /// - Parameter weights: positive, in any unit; nil for equal ones.
  init(
    rows: Matrix, weights: [Double]?, names: [String], blocks: [[Int]], origins: [Int]? = nil,
    averaging: MomentAveraging? = nil
  ) {
    self.rows = rows
    self.names = names
    self.blocks = blocks
    self.origins = origins
    self.averaging = averaging
    let raw = weights ?? Array(repeating: 1, count: rows.rows)
    // Divided by the largest first: the sum of huge weights must not overflow.
    let largest = raw.max() ?? 1
    let mean = raw.reduce(0) { $0 + $1 / largest } / Double(max(raw.count, 1))
    self.weights = raw.map { $0 / largest / mean }
  }

  /// Some of the presets.
  func selecting(_ indices: [Int]) -> WeightedRows {
    WeightedRows(
      rows: rows.selecting(rows: indices), weights: indices.map { weights[$0] }, names: names, blocks: blocks,
      origins: origins.map { origins in indices.map { origins[$0] } }, averaging: averaging)
  }

  /// Other values for the same presets.
  func replacingRows(_ rows: Matrix) -> WeightedRows {
    WeightedRows(
      rows: rows, weights: weights, names: names, blocks: blocks, origins: origins, averaging: averaging)
  }

  /// Figures of the rows with their weights. A figure that copies of one preset share appears once, with their
  /// total weight: otherwise leaving out one copy would leave the same figure in another.
  func distinct(_ figures: [Double]) -> (values: [Double], weights: [Double]) {
    guard let origins else { return (figures, weights) }
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
    averaging?.averageMean(&sums)
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
    averaging?.averageScatter(&scatter)
    return scatter
  }
}

/// Fits that fail although the presets are sound.
public enum EstimationError: Error, Equatable, Sendable, CustomStringConvertible {
  case moreComponentsThanPresets(components: Int, count: Int)
  case singularScatter(estimator: String, count: Int, dimension: Int)
  case collapsed(components: Int, restarts: Int)
  /// `gap` is the duality gap that is left, in nats per preset.
  case notConverged(estimator: String, sweeps: Int, gap: Double)

  public var description: String {
    switch self {
    case .moreComponentsThanPresets(let components, let count):
      "A mixture of \(components) components cannot be fitted to \(count) presets: use at most \(count) components."
    case .singularScatter(let estimator, let count, let dimension):
      "The scatter of \(count) presets in \(dimension) dimensions became singular in the \(estimator) fit: use a "
        + "shape that shrinks it (blocks, factors-blocks) or more presets."
    case .collapsed(let components, let restarts):
      "Every one of \(restarts) starts of a mixture of \(components) components collapsed onto single presets: use "
        + "fewer components or a larger floor for the variances."
    case .notConverged(let estimator, let sweeps, let gap):
      "The \(estimator) fit is still \(gap) nats per preset from its optimum after \(sweeps) sweeps: use larger "
        + "penalties, or look for presets far from all others."
    }
  }
}
