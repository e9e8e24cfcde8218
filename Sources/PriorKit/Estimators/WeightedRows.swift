import NumericCore

/// Rows of data that passed the checks every estimator makes, with weights whose mean is 1.
struct WeightedRows {
  /// Rows of positive weight [N, D].
  let rows: Matrix
  /// One a row, mean 1.
  let weights: [Double]
  let names: [String]
  let blocks: [[Int]]
  /// Which preset each row is a copy of, where rows are copies.
  let origins: [Int]?
  /// Symmetries that mean and scatter are averaged over.
  let averaging: MomentAveraging?

  var count: Int { rows.rows }
  var dimension: Int { rows.columns }

  /// - Throws: ``PriorError`` or ``EstimationError`` for entries that are not finite, weights that are not a
  ///   weighting, fewer than 2 rows of positive weight, and columns that do not vary.
  init(_ data: EstimationData) throws {
    guard data.names.count == data.rows.columns else {
      throw PriorError.dimensionMismatch(
        what: "list of names", expected: data.rows.columns, found: data.names.count)
    }
    var rows = data.rows
    var weights = [Double](repeating: 1, count: data.rows.rows)
    var origins = data.origins
    if let given = data.weights {
      guard given.count == rows.rows else {
        throw PriorError.dimensionMismatch(what: "list of weights", expected: rows.rows, found: given.count)
      }
      if let index = given.firstIndex(where: { !$0.isFinite || $0 < 0 }) {
        throw EstimationError.unfitWeight(row: index, value: given[index])
      }
      guard given.contains(where: { $0 > 0 }) else { throw EstimationError.weightsAllZero(count: given.count) }
      let used = given.indices.filter { given[$0] > 0 }
      // A row of weight zero may hold anything.
      rows = rows.selecting(rows: used)
      origins = origins.map { origins in used.map { origins[$0] } }
      let largest = used.map { given[$0] }.max() ?? 1
      let scaled = used.map { given[$0] / largest }
      let mean = scaled.reduce(0, +) / Double(used.count)
      weights = scaled.map { $0 / mean }
    }
    if let index = rows.values.firstIndex(where: { !$0.isFinite }) {
      throw PriorError.presetNotFinite(
        row: index / rows.columns, label: nil, parameter: data.names[index % rows.columns],
        value: rows.values[index])
    }
    guard rows.rows >= 2 else { throw PriorError.tooFewPresets(count: rows.rows) }
    for column in 0..<rows.columns where (1..<rows.rows).allSatisfy({ rows[$0, column] == rows[0, column] }) {
      throw PriorError.constantParameter(parameter: data.names[column], variance: 0)
    }
    self.rows = rows
    self.weights = weights
    names = data.names
    blocks = data.blocks
    averaging = data.averaging
    self.origins = origins
  }

  private init(
    rows: Matrix, weights: [Double], names: [String], blocks: [[Int]], origins: [Int]?, averaging: MomentAveraging?
  ) {
    self.rows = rows
    self.weights = weights
    self.names = names
    self.blocks = blocks
    self.origins = origins
    self.averaging = averaging
  }

  /// Other values for the same presets.
  func replacingRows(_ rows: Matrix) -> WeightedRows {
    WeightedRows(
      rows: rows, weights: weights, names: names, blocks: blocks, origins: origins, averaging: averaging)
  }

  /// One figure a row with its weight; where copies of one preset have the same, that figure once, with all their weight:
  /// left out one at a time, it would be told by its twin.
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

  /// sum_i w_i (x_i - centre)(x_i - centre)^T / total, averaged over the symmetries, which leave the centre in place.
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

/// What can be wrong with the wishes of an estimator, besides its presets.
public enum EstimationError: Error, Equatable, Sendable, CustomStringConvertible {
  case unfitWeight(row: Int, value: Double)
  case weightsAllZero(count: Int)
  case moreComponentsThanPresets(components: Int, count: Int)
  case singularScatter(estimator: String, count: Int, dimension: Int)
  case collapsed(components: Int, restarts: Int)

  public var description: String {
    switch self {
    case .unfitWeight(let row, let value):
      "Preset \(row) has weight \(value): weights must be finite and not negative, so correct it or drop the row."
    case .weightsAllZero(let count):
      "All \(count) weights are zero: give at least 2 presets a positive weight."
    case .moreComponentsThanPresets(let components, let count):
      "A mixture of \(components) components cannot be fitted to \(count) presets: use at most \(count) components."
    case .singularScatter(let estimator, let count, let dimension):
      "The scatter of \(count) presets in \(dimension) dimensions became singular in the \(estimator) fit: use a "
        + "shape that shrinks it (blocks, factors-blocks) or more presets."
    case .collapsed(let components, let restarts):
      "Every one of \(restarts) starts of a mixture of \(components) components collapsed onto single presets: use "
        + "fewer components or a larger floor for the variances."
    }
  }
}
