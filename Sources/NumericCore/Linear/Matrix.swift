/// A dense row-major matrix of doubles: element (row, column) is `values[row * columns + column]`.
public struct Matrix: Sendable, Hashable {
  /// Number of rows.
  public let rows: Int
  /// Number of columns.
  public let columns: Int
  /// The elements, row after row.
  public var values: [Double]

  /// - Precondition: `values` has `rows * columns` elements.
  public init(rows: Int, columns: Int, values: [Double]) {
    precondition(values.count == rows * columns, "A \(rows) x \(columns) matrix cannot hold \(values.count) values")
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  /// A matrix whose elements all have one value.
  public init(rows: Int, columns: Int, repeating value: Double = 0) {
    self.init(rows: rows, columns: columns, values: Array(repeating: value, count: rows * columns))
  }

  /// The element of a row and a column, both from 0.
  public subscript(row: Int, column: Int) -> Double {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }

  /// One row, copied.
  public func row(_ index: Int) -> [Double] { Array(values[index * columns..<(index + 1) * columns]) }
}
