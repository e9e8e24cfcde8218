import NumericCore
import TestSupport
import Testing

@Suite struct MultivariateNormalBlockTests {
  let normal: MultivariateNormal

  init() throws {
    normal = try MultivariateNormal(
      mean: (0..<7).map { Double($0) }, covariance: positiveDefiniteMatrix(order: 7, seed: 2))
  }

  /// To the last bit: any range, across the borders of blocks, and any number of threads.
  @Test(arguments: [1, 2, 3]) func drawsDependOnTheirIndexAlone(threads: Int) {
    let all = normal.samples(0..<2000, seed: 9, threads: 1)
    for range in [0..<1, 0..<512, 3..<1025, 511..<513, 1024..<2000, 1999..<2000, 5..<5] {
      let part = normal.samples(range, seed: 9, threads: threads)
      #expect(part == all.selecting(rows: Array(range)))
    }
  }

  @Test func drawsAreThoseOfTheirStreams() {
    let batch = normal.samples(0..<20, seed: 4)
    for index in 0..<20 {
      var source = RandomSource(seed: 4, stream: UInt64(index))
      #expect(largestDifference(batch.row(index), normal.sample(using: &source)) < 1e-13)
    }
  }

  @Test(arguments: [1, 2, 3]) func scoresDependOnTheirRowAlone(threads: Int) {
    let points = normal.samples(0..<1300, seed: 1)
    let all = normal.squaredMahalanobisDistances(toRows: points, threads: threads)
    let few = normal.squaredMahalanobisDistances(toRows: points.selecting(rows: Array(0..<600)), threads: 1)
    #expect(Array(all[..<600]) == few)
    for row in [0, 511, 512, 1299] {
      #expect(abs(all[row] - normal.squaredMahalanobisDistance(to: points.row(row))) < 1e-12)
    }
  }

  /// More columns than one panel of the substitution has, with scales that differ by a million.
  @Test(arguments: [31, 32, 33, 70]) func manyColumnsAgreeWithSinglePoints(order: Int) throws {
    let scales = Matrix.diagonal((0..<order).map { $0.isMultiple(of: 3) ? 1e-3 : 1e3 })
    let wide = try MultivariateNormal(
      mean: Array(repeating: 0, count: order),
      covariance: (scales * positiveDefiniteMatrix(order: order, seed: 3) * scales).symmetrised)
    let points = wide.samples(0..<20, seed: 2)
    for (row, distance) in wide.squaredMahalanobisDistances(toRows: points).enumerated() {
      let single = wide.squaredMahalanobisDistance(to: points.row(row))
      #expect(abs(distance - single) < 1e-11 * single)
    }
  }

  @Test func distancesThatOverflowAreInfinite() {
    let far = Matrix(rows: 1, columns: 7, values: Array(repeating: 1e300, count: 7))
    #expect(normal.squaredMahalanobisDistances(toRows: far) == [.infinity])
  }
}
