import COpenBLAS

/// The eigendecomposition A = V diag(values) V^T of a symmetric matrix (LAPACK dsyevd).
///
/// - Complexity: about 9 n^3 floating-point operations.
public struct SymmetricEigen: Sendable {
  /// Eigenvalues, ascending.
  public let values: [Double]
  /// Orthogonal: column k is the eigenvector of `values[k]`.
  public let vectors: Matrix

  /// - Throws: ``LinearAlgebraError`` unless the matrix is square, finite and symmetric.
  public init(_ matrix: Matrix) throws(LinearAlgebraError) {
    try matrix.requireSymmetric()
    var vectors = matrix.symmetrised
    var values = [Double](repeating: 0, count: matrix.rows)
    if matrix.rows > 0 {
      let code = LAPACKE_dsyevd(
        LAPACK_ROW_MAJOR, CChar(UInt8(ascii: "V")), CChar(UInt8(ascii: "L")), Int32(matrix.rows), &vectors.values,
        Int32(matrix.rows), &values)
      guard code == 0 else { throw .noConvergence(routine: "dsyevd", code: Int(code)) }
    }
    self.values = values
    self.vectors = vectors
  }

  /// V diag(transform(values)) V^T: a function of the matrix, such as its square root.
  public func applying(_ transform: (Double) -> Double) -> Matrix {
    var scaled = vectors
    let images = values.map(transform)
    for row in 0..<scaled.rows {
      for column in 0..<scaled.columns { scaled[row, column] *= images[column] }
    }
    return scaled.multiplied(by: vectors, transposingOther: true).symmetrised
  }
}
