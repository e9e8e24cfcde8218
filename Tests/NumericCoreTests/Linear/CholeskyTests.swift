import Foundation
import NumericCore
import TestSupport
import Testing

@Suite struct CholeskyTests {
  @Test func factorOfAKnownMatrix() throws {
    let cholesky = try Cholesky(Matrix(rows: [[4, 12, -16], [12, 37, -43], [-16, -43, 98]]))
    #expect(largestDifference(cholesky.factor.values, [2, 0, 0, 6, 1, 0, -8, 5, 3]) < 1e-13)
    #expect(abs(cholesky.logDeterminant - log(36)) < 1e-13)
  }

  @Test(arguments: [1, 2, 17, 130]) func laws(order: Int) throws {
    let matrix = positiveDefiniteMatrix(order: order, seed: UInt64(order))
    let cholesky = try Cholesky(matrix)
    let rebuilt = cholesky.factor.multiplied(by: cholesky.factor, transposingOther: true)
    #expect(largestDifference(rebuilt.values, matrix.values) < 1e-12)
    #expect(largestDifference((cholesky.inverse() * matrix).values, Matrix.identity(order).values) < 1e-10)

    let right = normalMatrix(rows: order, columns: 3, seed: 99)
    #expect(largestDifference((matrix * cholesky.solve(right)).values, right.values) < 1e-11)
    #expect(largestDifference(matrix * cholesky.solve(right.column(0)), right.column(0)) < 1e-11)

    var vector = right.column(1)
    cholesky.multiplyByFactor(&vector)
    #expect(largestDifference(vector, cholesky.factor * right.column(1)) < 1e-12)
    cholesky.forwardSubstitute(&vector)
    #expect(largestDifference(vector, right.column(1)) < 1e-11)
    cholesky.backSubstitute(&vector)
    #expect(largestDifference(cholesky.factor.transposed * vector, right.column(1)) < 1e-11)

    var rows = right.transposed
    cholesky.multiplyRowsByFactor(&rows)
    #expect(largestDifference(rows.values, (cholesky.factor * right).transposed.values) < 1e-12)
    cholesky.forwardSubstituteRows(&rows)
    #expect(largestDifference(rows.values, right.transposed.values) < 1e-11)
    #expect(largestDifference(cholesky.forwardSubstituted(cholesky.factor * right).values, right.values) < 1e-11)

    let eigen = try SymmetricEigen(matrix)
    #expect(abs(cholesky.logDeterminant - eigen.values.reduce(0) { $0 + log($1) }) < 1e-10)
  }

  @Test func conditionNumberOfADiagonalMatrix() throws {
    #expect(abs(try Cholesky(Matrix.diagonal([1, 1e-3, 1e5])).conditionNumber / 1e8 - 1) < 1e-12)
  }

  @Test func failureNamesThePivot() {
    var matrix = Matrix.identity(4)
    matrix[2, 2] = -1
    #expect(throws: LinearAlgebraError.notPositiveDefinite(pivot: 2, dimension: 4)) { try Cholesky(matrix) }
  }

  @Test func shapeAndSymmetryAreChecked() {
    #expect(throws: LinearAlgebraError.notSquare(rows: 2, columns: 3)) { try Cholesky(Matrix(rows: 2, columns: 3)) }
    let skewed = Matrix(rows: [[2, 0.5], [0.4, 2]])
    #expect(throws: LinearAlgebraError.notSymmetric(row: 1, column: 0, value: 0.4, mirrored: 0.5)) {
      try Cholesky(skewed)
    }
  }
}
