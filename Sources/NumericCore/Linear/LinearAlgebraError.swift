/// What can be wrong with the matrices handed to a factorisation: each message names the entry, the value and the
/// remedy. Rows and columns count from 0.
public enum LinearAlgebraError: Error, Equatable, Sendable, CustomStringConvertible {
  case notSquare(rows: Int, columns: Int)
  case notFinite(row: Int, column: Int, value: Double)
  case notSymmetric(row: Int, column: Int, value: Double, mirrored: Double)
  /// The leading minor of order `pivot + 1` is not positive.
  case notPositiveDefinite(pivot: Int, dimension: Int)
  /// LAPACK's iteration stopped without an answer; `code` is its `info`.
  case noConvergence(routine: String, code: Int)

  public var description: String {
    switch self {
    case .notSquare(let rows, let columns):
      "The matrix is \(rows) x \(columns): a factorisation of a symmetric matrix needs a square one."
    case .notFinite(let row, let column, let value):
      "Entry (\(row), \(column)) of the matrix is \(value): every entry must be finite, so repair or drop its source."
    case .notSymmetric(let row, let column, let value, let mirrored):
      "Entry (\(row), \(column)) of the matrix is \(value) but its mirror image is \(mirrored): "
        + "symmetrise the matrix or look for the error that made it so."
    case .notPositiveDefinite(let pivot, let dimension):
      "The \(dimension) x \(dimension) matrix is not positive definite (Cholesky stops at pivot \(pivot)): "
        + "regularise it, for instance by shrinkage towards its diagonal."
    case .noConvergence(let routine, let code):
      "LAPACK's \(routine) did not converge (info \(code)): scale the matrix or look for extreme entries."
    }
  }
}
