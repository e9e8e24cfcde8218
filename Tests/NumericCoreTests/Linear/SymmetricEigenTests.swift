import NumericCore
import TestSupport
import Testing

@Suite struct SymmetricEigenTests {
  @Test func knownValues() throws {
    let eigen = try SymmetricEigen(Matrix(rows: [[2, 1], [1, 2]]))
    #expect(largestDifference(eigen.values, [1, 3]) < 1e-14)
    #expect(abs(eigen.vectors[0, 1] * eigen.vectors[1, 1] - 0.5) < 1e-14)
  }

  @Test(arguments: [1, 5, 130]) func laws(order: Int) throws {
    let matrix = normalMatrix(rows: order, columns: order, seed: 3).symmetrised
    let eigen = try SymmetricEigen(matrix)
    #expect(eigen.values == eigen.values.sorted())
    #expect(largestDifference(eigen.applying { $0 }.values, matrix.values) < 1e-11)
    #expect(largestDifference(eigen.vectors.gram().values, Matrix.identity(order).values) < 1e-12)
    #expect(largestDifference(eigen.applying { $0 * $0 }.values, (matrix * matrix).values) < 1e-10)
    let last = eigen.vectors.column(order - 1)
    #expect(largestDifference(matrix * last, last.map { $0 * eigen.values[order - 1] }) < 1e-11)
  }
}
