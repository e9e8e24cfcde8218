import COpenBLAS

// Products by BLAS. An operand's shape is the caller's business: a mismatch is a broken invariant and traps.

extension Matrix {
  /// The matrix product.
  public static func * (left: Matrix, right: Matrix) -> Matrix { left.multiplied(by: right) }

  /// The matrix-vector product.
  public static func * (left: Matrix, right: [Double]) -> [Double] {
    precondition(left.columns == right.count, "\(left.rows) x \(left.columns) times a vector of \(right.count)")
    var result = [Double](repeating: 0, count: left.rows)
    guard left.rows > 0, left.columns > 0 else { return result }
    cblas_dgemv(
      CblasRowMajor, CblasNoTrans, Int32(left.rows), Int32(left.columns), 1, left.values, Int32(left.columns),
      right,
      1, 0, &result, 1)
    return result
  }

  /// op(A) op(B), with op the transpose where asked for.
  ///
  /// - Complexity: 2 m n k floating-point operations (dgemm).
  public func multiplied(
    by other: Matrix, transposingSelf: Bool = false, transposingOther: Bool = false
  ) -> Matrix {
    let (outer, inner) = transposingSelf ? (columns, rows) : (rows, columns)
    let (otherInner, otherOuter) =
      transposingOther ? (other.columns, other.rows) : (other.rows, other.columns)
    precondition(inner == otherInner, "Inner dimensions \(inner) and \(otherInner) of a product differ")
    var result = Matrix(rows: outer, columns: otherOuter)
    guard outer > 0, otherOuter > 0, inner > 0 else { return result }
    cblas_dgemm(
      CblasRowMajor, transposingSelf ? CblasTrans : CblasNoTrans, transposingOther ? CblasTrans : CblasNoTrans,
      Int32(outer), Int32(otherOuter), Int32(inner), 1, values, Int32(columns), other.values, Int32(other.columns),
      0,
      &result.values, Int32(otherOuter))
    return result
  }

  /// `scale` A^T A, exactly symmetric.
  ///
  /// - Complexity: rows columns^2 floating-point operations (dsyrk).
  public func gram(scale: Double = 1) -> Matrix {
    var result = Matrix(rows: columns, columns: columns)
    guard rows > 0, columns > 0 else { return result }
    cblas_dsyrk(
      CblasRowMajor, CblasUpper, CblasTrans, Int32(columns), Int32(rows), scale, values, Int32(columns), 0,
      &result.values, Int32(columns))
    for row in 0..<columns {
      for column in 0..<row { result[row, column] = result[column, row] }
    }
    return result
  }
}
