// Row by row, column by column, entry by entry.

extension Matrix {
  /// Every row less a vector.
  package func subtracting(_ vector: [Double]) -> Matrix {
    precondition(vector.count == columns, "A vector of \(vector.count) and rows of \(columns)")
    var result = self
    for row in 0..<rows {
      for column in 0..<columns { result[row, column] -= vector[column] }
    }
    return result
  }

  /// Each row times a factor.
  package func scalingRows(by factors: [Double]) -> Matrix {
    var result = self
    for row in 0..<rows {
      for column in 0..<columns { result[row, column] *= factors[row] }
    }
    return result
  }

  /// Each column times a factor.
  package func scalingColumns(by factors: [Double]) -> Matrix {
    var result = self
    for row in 0..<rows {
      for column in 0..<columns { result[row, column] *= factors[column] }
    }
    return result
  }

  /// diag(factors) A diag(factors).
  package func scalingBoth(by factors: [Double]) -> Matrix {
    var result = self
    for row in 0..<rows {
      for column in 0..<columns { result[row, column] *= factors[row] * factors[column] }
    }
    return result
  }

  /// The sum of the products of all entries: tr(A^T B).
  package func innerProduct(_ other: Matrix) -> Double { zip(values, other.values).reduce(0) { $0 + $1.0 * $1.1 } }

  /// (1 - share) A + share B.
  package func interpolated(to other: Matrix, share: Double) -> Matrix {
    var result = self
    for index in values.indices { result.values[index] += share * (other.values[index] - values[index]) }
    return result
  }

  /// The matrix with its diagonal raised to a share of another one where it is below that.
  package func raisingDiagonal(to share: Double, of diagonal: [Double]) -> Matrix {
    var result = self
    for index in diagonal.indices { result[index, index] = max(result[index, index], share * diagonal[index]) }
    return result
  }
}
