import NumericCore

/// Directions of small quadratic form, ascending, told apart where several are null.
///
/// Eigenvectors of one null space are any basis of it, which no one can read. There each direction is the
/// projection of the coordinate that lies nearest to what is left of the space, in turn: of sparse null vectors on
/// different coordinates these are the vectors themselves.
struct NullDirections {
  struct Direction {
    var vector: [Double]
    /// The quadratic form of the unit vector.
    var value: Double
  }

  let directions: [Direction]

  /// - Parameter nullValue: eigenvalues below it count as null.
  init(_ matrix: Matrix, nullValue: Double) throws {
    let eigen = try SymmetricEigen(matrix)
    let order = matrix.rows
    let nullCount = eigen.values.prefix { $0 < nullValue }.count
    var projection = Matrix(rows: order, columns: order)
    if nullCount > 0 {
      var basis = Matrix(rows: order, columns: nullCount)
      for row in 0..<order {
        for column in 0..<nullCount { basis[row, column] = eigen.vectors[row, column] }
      }
      projection = basis.multiplied(by: basis, transposingOther: true)
    }
    var found: [Direction] = []
    for _ in 0..<nullCount {
      let diagonal = projection.diagonal
      let pivot = diagonal.indices.max { diagonal[$0] < diagonal[$1] } ?? 0
      guard diagonal[pivot] > 0 else { break }
      let scale = 1 / diagonal[pivot].squareRoot()
      let vector = projection.column(pivot).map { $0 * scale }
      for row in 0..<order {
        for column in 0..<order { projection[row, column] -= vector[row] * vector[column] }
      }
      let image = matrix * vector
      found.append(Direction(vector: vector, value: max(0, zip(vector, image).reduce(0) { $0 + $1.0 * $1.1 })))
    }
    found.sort { $0.value < $1.value }
    directions =
      found
      + (nullCount..<order).map { Direction(vector: eigen.vectors.column($0), value: max(0, eigen.values[$0])) }
  }
}
