import FXParams
public import NumericCore
public import PresetStore

/// The data of an estimator: rows, their weights, and the names and blocks of the columns.
public struct EstimationData: Sendable {
  /// Rows [N, D].
  public var rows: Matrix
  /// Non-negative weights [N], or nil for equal ones.
  public var weights: [Double]?
  /// Column names [D], for errors.
  public var names: [String]
  /// Columns that belong together (the parameters of one effect), a partition of 0 ..< D.
  public var blocks: [[Int]]
  /// Which preset each row is a copy of, where rows are copies: copies stay together in cross-validation [N].
  var origins: [Int]?
  /// How precisely each row is known; nil for rows taken as they are.
  public var information: PresetInformation?
  /// Rows that are alike for a reason of their own, such as one recording, and are left out together [N].
  var groups: [String]?
  /// The columns that each row lacks, ascending [N]; nil where no row lacks any. What stands there is not read.
  ///
  /// Estimators that cannot do without say so (``DensityEstimator/acceptsAbsentColumns``).
  public var absent: [[Int]]?
  /// Which effects rows have, and in which order, where they differ in that [N].
  var patterns: PatternedRows?
  /// Linear symmetries over which moments are averaged, as if all copies were rows.
  var averaging: MomentAveraging?

  public init(rows: Matrix, weights: [Double]? = nil, names: [String], blocks: [[Int]]) {
    self.rows = rows
    self.weights = weights
    self.names = names
    self.blocks = blocks
  }
  /// The rows named, in that order.
  func selecting(rows indices: [Int]) -> EstimationData {
    var result = self
    result.rows = rows.selecting(rows: indices)
    result.weights = weights.map { weights in indices.map { weights[$0] } }
    result.origins = origins.map { origins in indices.map { origins[$0] } }
    result.information = information?.selecting(rows: indices)
    result.groups = groups.map { groups in indices.map { groups[$0] } }
    result.absent = Self.absent(absent.map { absent in indices.map { absent[$0] } })
    result.patterns = patterns?.selecting(rows: indices)
    return result
  }

  /// What rows lack; nil where none lacks a column.
  static func absent(_ columns: [[Int]]?) -> [[Int]]? {
    columns.flatMap { columns in columns.allSatisfy(\.isEmpty) ? nil : columns }
  }

  /// Whether a row of positive weight lacks a column.
  var lacksColumns: Bool {
    (absent ?? []).enumerated().contains { row, columns in
      // There may be too few weights, which is an error of its own.
      !columns.isEmpty && weights?.dropFirst(row).first != 0
    }
  }

  /// Other values for the same presets.
  func replacing(rows: Matrix) -> EstimationData {
    var result = self
    result.rows = rows
    return result
  }

  /// The weights in units of the largest: the sum of huge ones would overflow.
  var relativeWeights: [Double] {
    let weights = weights ?? Array(repeating: 1, count: rows.rows)
    let largest = weights.max() ?? 1
    return weights.map { $0 / largest }
  }
}

/// The patterns of rows of presets, and the chain that has them.
struct PatternedRows: Sendable {
  let chain: ChainDescription
  /// One per row, in canonical form.
  var patterns: [ChainPattern]

  /// The rows named, in that order.
  func selecting(rows indices: [Int]) -> PatternedRows {
    PatternedRows(chain: chain, patterns: indices.map { patterns[$0] })
  }
}
