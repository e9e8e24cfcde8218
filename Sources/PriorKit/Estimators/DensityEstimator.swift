public import NumericCore

/// A way to fit a density to rows of data.
public protocol DensityEstimator: Sendable {
  /// The name on the command line and in tables: `ledoit-wolf`, `student-t-blocks`, ...
  var name: String { get }

  /// Fits to the rows of `data`.
  func fit(_ data: EstimationData) throws -> any Density
}

/// What an estimator may use: rows, their weights, and what is known of the columns.
public struct EstimationData: Sendable {
  /// Rows [N, D].
  public var rows: Matrix
  /// Non-negative weights [N], or nil for equal ones.
  public var weights: [Double]?
  /// Column names [D], for errors.
  public var names: [String]
  /// Columns that belong together (the parameters of one effect), a partition of 0 ..< D.
  public var blocks: [[Int]]

  public init(rows: Matrix, weights: [Double]? = nil, names: [String], blocks: [[Int]]) {
    self.rows = rows
    self.weights = weights
    self.names = names
    self.blocks = blocks
  }
}
