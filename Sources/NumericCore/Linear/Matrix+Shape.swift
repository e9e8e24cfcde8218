extension Matrix {
  /// The identity of a given order.
  public static func identity(_ order: Int) -> Matrix {
    diagonal(Array(repeating: 1, count: order))
  }

  /// A square matrix with the given diagonal and zeros elsewhere.
  public static func diagonal(_ entries: [Double]) -> Matrix {
    var matrix = Matrix(rows: entries.count, columns: entries.count)
    for (index, entry) in entries.enumerated() { matrix[index, index] = entry }
    return matrix
  }

  /// A matrix of rows of equal length.
  ///
  /// - Precondition: there is a row, and all rows have the length of the first.
  public init(rows: [[Double]]) {
    precondition(!rows.isEmpty, "A matrix of rows needs at least one row")
    let columns = rows[0].count
    precondition(rows.allSatisfy { $0.count == columns }, "The rows of a matrix must have equal lengths")
    self.init(rows: rows.count, columns: columns, values: rows.flatMap { $0 })
  }

  /// The main diagonal.
  public var diagonal: [Double] { (0..<min(rows, columns)).map { self[$0, $0] } }

  /// One column, copied.
  public func column(_ index: Int) -> [Double] { (0..<rows).map { self[$0, index] } }

  /// The transpose, copied.
  public var transposed: Matrix {
    var result = Matrix(rows: columns, columns: rows)
    for row in 0..<rows {
      for column in 0..<columns { result[column, row] = self[row, column] }
    }
    return result
  }

  /// (A + A^T) / 2 of a square matrix; a symmetric one comes back unchanged, bit for bit.
  public var symmetrised: Matrix {
    precondition(isSquare, "A \(rows) x \(columns) matrix cannot be symmetrised")
    var result = self
    for row in 0..<rows {
      for column in 0..<row {
        let average = 0.5 * self[row, column] + 0.5 * self[column, row]
        result[row, column] = average
        result[column, row] = average
      }
    }
    return result
  }

  /// The matrix of the named rows and columns, in the order given.
  public func selecting(rows rowIndices: [Int], columns columnIndices: [Int]) -> Matrix {
    var result = Matrix(rows: rowIndices.count, columns: columnIndices.count)
    for (targetRow, row) in rowIndices.enumerated() {
      for (targetColumn, column) in columnIndices.enumerated() {
        result[targetRow, targetColumn] = self[row, column]
      }
    }
    return result
  }

  /// The named rows, in the order given.
  public func selecting(rows indices: [Int]) -> Matrix {
    Matrix(rows: indices.count, columns: columns, values: indices.flatMap { row($0) })
  }
}
