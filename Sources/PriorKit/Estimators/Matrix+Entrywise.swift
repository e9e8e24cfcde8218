import NumericCore

// Entry by entry, of matrices of one shape.

extension Matrix {
  func multipliedEntrywise(by other: Matrix) -> Matrix { entrywise(other, *) }

  func adding(_ other: Matrix) -> Matrix { entrywise(other, +) }

  func subtracting(_ other: Matrix) -> Matrix { entrywise(other, -) }

  private func entrywise(_ other: Matrix, _ operation: (Double, Double) -> Double) -> Matrix {
    precondition(rows == other.rows && columns == other.columns, "Matrices of two shapes")
    return Matrix(rows: rows, columns: columns, values: zip(values, other.values).map(operation))
  }
}
