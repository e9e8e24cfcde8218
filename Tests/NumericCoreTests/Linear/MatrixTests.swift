import NumericCore
import TestSupport
import Testing

@Suite struct MatrixTests {
  let left = Matrix(rows: [[1, 2, 3], [4, 5, 6]])
  let right = Matrix(rows: [[1, 0], [2, 1], [0, -1]])

  @Test func productsAgreeWithHandArithmetic() {
    #expect(left * right == Matrix(rows: [[5, -1], [14, -1]]))
    #expect(left * [1, 0, -1] == [-2, -2])
    #expect(left.multiplied(by: left, transposingOther: true) == Matrix(rows: [[14, 32], [32, 77]]))
    #expect(left.multiplied(by: left, transposingSelf: true) == left.gram())
    #expect(left.gram(scale: 2) == Matrix(rows: [[34, 44, 54], [44, 58, 72], [54, 72, 90]]))
  }

  @Test func shapes() {
    #expect(left.transposed == Matrix(rows: [[1, 4], [2, 5], [3, 6]]))
    #expect(Matrix.identity(2) * left == left)
    #expect(left.column(1) == [2, 5])
    #expect(left.selecting(rows: [1], columns: [2, 0]) == Matrix(rows: [[6, 4]]))
    #expect(left.selecting(rows: [1, 0]) == Matrix(rows: [[4, 5, 6], [1, 2, 3]]))
    #expect(Matrix(rows: [[1, 2], [4, 3]]).symmetrised == Matrix(rows: [[1, 3], [3, 3]]))
    #expect(Matrix.diagonal([1, 2]).diagonal == [1, 2])
  }

  @Test func emptyMatricesMultiplyToEmptyOnes() {
    let empty = Matrix(rows: 0, columns: 3)
    #expect((empty * right).rows == 0)
    #expect(empty.gram() == Matrix(rows: 3, columns: 3))
    #expect(Matrix(rows: 2, columns: 0) * [] == [0, 0])
  }

  @Test func momentsKeepTheirDigitsFarFromZero() throws {
    let offset = 1e9
    let data = Matrix(rows: [[offset + 1, 2], [offset + 2, 4], [offset + 3, 9]])
    let moments = try SampleMoments(data)
    #expect(moments.mean == [offset + 2, 5])
    #expect(moments.covariance() == Matrix(rows: [[1, 3.5], [3.5, 13]]))
    let population = moments.covariance(lostDegreesOfFreedom: 0)
    #expect(largestDifference(population.values, [2.0 / 3, 7.0 / 3, 7.0 / 3, 26.0 / 3]) < 1e-14)
  }

  @Test func rankOfCentredRowsIsOneLess() throws {
    let data = normalMatrix(rows: 7, columns: 13, seed: 1)
    #expect(try data.numericalRank() == 7)
    #expect(try SampleMoments(data).centred.numericalRank() == 6)
    #expect(try Matrix(rows: 3, columns: 4).numericalRank() == 0)
    #expect(try Matrix.diagonal([3, 1e-3, 2]).singularValues() == [3, 2, 1e-3])
    #expect(try Matrix.diagonal([3, 1e-3, 2]).numericalRank(tolerance: 1e-2) == 2)
  }

  @Test func nothingThatIsNotANumberPasses() {
    var matrix = Matrix.identity(3)
    matrix[1, 2] = .nan
    #expect { try matrix.singularValues() } throws: { error in
      guard case LinearAlgebraError.notFinite(row: 1, column: 2, let value) = error else { return false }
      return value.isNaN && "\(error)".contains("(1, 2)")
    }
    #expect(throws: LinearAlgebraError.self) { try SampleMoments(matrix) }
    #expect(throws: LinearAlgebraError.self) { try SymmetricEigen(matrix) }
    #expect(throws: LinearAlgebraError.self) { try Cholesky(matrix) }
  }
}
