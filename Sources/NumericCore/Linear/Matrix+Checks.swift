extension Matrix {
  /// Whether there are as many rows as columns.
  public var isSquare: Bool { rows == columns }

  /// Throws unless every entry is finite.
  public func requireFinite() throws(LinearAlgebraError) {
    guard let position = values.firstIndex(where: { !$0.isFinite }) else { return }
    throw .notFinite(row: position / columns, column: position % columns, value: values[position])
  }

  /// Throws unless the matrix is square, finite and symmetric.
  ///
  /// - Parameter tolerance: the largest |a_ij - a_ji| accepted, relative to max(sqrt|a_ii a_jj|, |a_ij|); 0 asks for
  ///   exact symmetry. The default accepts a matrix rounded to single precision.
  public func requireSymmetric(tolerance: Double = 1e-6) throws(LinearAlgebraError) {
    guard isSquare else { throw .notSquare(rows: rows, columns: columns) }
    try requireFinite()
    for row in 0..<rows {
      for column in 0..<row {
        let value = self[row, column]
        let mirrored = self[column, row]
        guard value != mirrored else { continue }
        let scale = max((self[row, row] * self[column, column]).magnitude.squareRoot(), value.magnitude)
        guard (value - mirrored).magnitude <= tolerance * scale else {
          throw .notSymmetric(row: row, column: column, value: value, mirrored: mirrored)
        }
      }
    }
  }
}
