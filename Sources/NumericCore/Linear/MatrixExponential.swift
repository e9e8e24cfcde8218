import COpenBLAS
import Foundation

/// The exponential of small square matrices and its adjoint derivative, with workspaces made once.
///
/// Scaling and squaring of a Taylor series of degree 12 at norm <= 1/4 (truncation below 1e-17). The pullback uses
/// the block identity exp([[A, E], [0, A]]) = [[exp A, L(A, E)], [0, exp A]] with L the Frechet derivative, whose
/// adjoint is L(A^T, .) (Al-Mohy & Higham 2009, doi:10.1137/080716426). The products run in OpenBLAS.
///
/// Unchecked sendable: its workspaces belong to one owner, which makes one call at a time.
public final class MatrixExponential: @unchecked Sendable {
  /// Rows, and columns, of the matrices.
  public let order: Int
  private let single: Workspace
  private let block: Workspace

  /// Makes the workspaces for matrices of `order` rows.
  public init(order: Int) {
    self.order = order
    single = Workspace(order: order)
    block = Workspace(order: 2 * order)
  }

  /// exp(A) of a row-major `order` x `order` matrix, written to `result`.
  public func evaluate(_ matrix: UnsafePointer<Double>, into result: UnsafeMutablePointer<Double>) {
    single.exponentiate { single in single.update(from: matrix, count: order * order) }
    result.update(from: single.result.pointer, count: order * order)
  }

  /// The cotangent of A, given A and the cotangent of exp(A); both row-major, written to `result`.
  public func pullback(
    _ matrix: UnsafePointer<Double>, cotangent: UnsafePointer<Double>, into result: UnsafeMutablePointer<Double>
  ) {
    let n = order
    block.exponentiate { block in
      for row in 0..<n {
        for column in 0..<n {
          let transposed = matrix[column * n + row]
          block[row * 2 * n + column] = transposed
          block[(row + n) * 2 * n + column + n] = transposed
          block[row * 2 * n + column + n] = cotangent[row * n + column]
          block[(row + n) * 2 * n + column] = 0
        }
      }
    }
    for row in 0..<n {
      for column in 0..<n { result[row * n + column] = block.result.pointer[row * 2 * n + column + n] }
    }
  }

  private struct Workspace {
    let order: Int
    let argument: SignalBuffer<Double>
    let term: SignalBuffer<Double>
    let scratch: SignalBuffer<Double>
    let result: SignalBuffer<Double>

    init(order: Int) {
      self.order = order
      argument = SignalBuffer(count: order * order)
      term = SignalBuffer(count: order * order)
      scratch = SignalBuffer(count: order * order)
      result = SignalBuffer(count: order * order)
    }

    func exponentiate(filling fill: (UnsafeMutablePointer<Double>) -> Void) {
      let size = order * order
      let (a, t, s, r) = (argument.pointer, term.pointer, scratch.pointer, result.pointer)
      fill(a)
      var norm = 0.0
      for row in 0..<order { norm = max(norm, (0..<order).reduce(0) { $0 + abs(a[row * order + $1]) }) }
      // Beyond 2^1000 there is no digit left that means anything; NaN and infinity come out as they went in.
      let squarings = norm > 0.25 ? Int(min(log2(norm / 0.25).rounded(.up), 1000)) : 0
      let scale = exp2(-Double(squarings))
      for i in 0..<size {
        a[i] *= scale
        t[i] = i % (order + 1) == 0 ? 1 : 0
        r[i] = t[i]
      }
      for degree in 1...12 {
        multiply(t, a, scale: 1 / Double(degree), into: s)
        t.update(from: s, count: size)
        for i in 0..<size { r[i] += t[i] }
      }
      for _ in 0..<squarings {
        multiply(r, r, scale: 1, into: s)
        r.update(from: s, count: size)
      }
    }

    private func multiply(
      _ left: UnsafePointer<Double>, _ right: UnsafePointer<Double>, scale: Double,
      into product: UnsafeMutablePointer<Double>
    ) {
      let n = Int32(order)
      cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, n, n, scale, left, n, right, n, 0, product, n)
    }
  }
}
