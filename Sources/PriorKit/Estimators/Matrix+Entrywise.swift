import NumericCore

// Entry by entry, of matrices of one shape.

extension Matrix {
  func scaled(by factor: Double) -> Matrix {
    Matrix(rows: rows, columns: columns, values: values.map { factor * $0 })
  }

  func multipliedEntrywise(by other: Matrix) -> Matrix { entrywise(other, *) }

  func adding(_ other: Matrix) -> Matrix { entrywise(other, +) }

  func subtracting(_ other: Matrix) -> Matrix { entrywise(other, -) }

  private func entrywise(_ other: Matrix, _ operation: (Double, Double) -> Double) -> Matrix {
    precondition(rows == other.rows && columns == other.columns, "Matrices of two shapes")
    return Matrix(rows: rows, columns: columns, values: zip(values, other.values).map(operation))
  }
}
