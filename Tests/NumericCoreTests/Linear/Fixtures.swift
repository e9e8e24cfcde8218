import NumericCore

/// A random data matrix of standard normal entries.
func normalMatrix(rows: Int, columns: Int, seed: UInt64) -> Matrix {
  var source = RandomSource(seed: seed)
  var values = [Double](repeating: 0, count: rows * columns)
  source.fillNormal(&values)
  return Matrix(rows: rows, columns: columns, values: values)
}

/// A well-conditioned random positive definite matrix.
func positiveDefiniteMatrix(order: Int, seed: UInt64) -> Matrix {
  var matrix = normalMatrix(rows: 2 * order, columns: order, seed: seed).gram(scale: 1 / Double(2 * order))
  for index in 0..<order { matrix[index, index] += 0.1 }
  return matrix
}
