package import NumericCore

extension Matrix {
  /// Squared Euclidean distances of rows [N, K] to others [M, K]: [N, M].
  package func squaredDistances(to others: Matrix) -> Matrix {
    func squares(_ rows: Matrix) -> [Double] {
      (0..<rows.rows).map { rows.row($0).reduce(0) { $0 + $1 * $1 } }
    }
    var result = multiplied(by: others, transposingOther: true)
    let (own, other) = (squares(self), squares(others))
    for row in 0..<result.rows {
      for column in 0..<result.columns {
        // Rounding may give a squared distance below 0.
        result[row, column] = max(0, -(2 * result[row, column] - own[row] - other[column]))
      }
    }
    return result
  }

  /// Every value within +-limit.
  package func held(within limit: Double) -> Matrix {
    Matrix(rows: rows, columns: columns, values: values.map { min(max($0, -limit), limit) })
  }

  package func scaled(by factor: Double) -> Matrix {
    Matrix(rows: rows, columns: columns, values: values.map { factor * $0 })
  }
}
