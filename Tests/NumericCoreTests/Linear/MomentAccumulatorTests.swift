import NumericCore
import TestSupport
import Testing

@Suite struct MomentAccumulatorTests {
  /// Rows of correlated columns around `mean`.
  private func rows(_ count: Int, dimension: Int = 5, mean: Double = 0, seed: UInt64 = 1) -> Matrix {
    var source = RandomSource(seed: seed)
    var rows = Matrix(rows: count, columns: dimension)
    for row in 0..<count {
      var carried = 0.0
      for column in 0..<dimension {
        carried = 0.6 * carried + 0.8 * source.nextNormal()
        rows[row, column] = mean + carried
      }
    }
    return rows
  }

  private func accumulated(_ rows: Matrix, blocks: [Range<Int>]) throws -> MomentAccumulator {
    var total = MomentAccumulator(dimension: rows.columns)
    for block in blocks { try total.add(rows.selecting(rows: Array(block))) }
    return total
  }

  /// Against the two-pass covariance; a mean a million times the spread costs no digit that the data has.
  @Test(arguments: [0.0, 1e6]) func agreesWithTheTwoPassCovariance(mean: Double) throws {
    let data = rows(3000, mean: mean)
    let reference = try SampleMoments(data)
    let total = try accumulated(data, blocks: [0..<1, 1..<700, 700..<1400, 1400..<3000])
    #expect(total.count == 3000)
    #expect(largestDifference(total.mean, reference.mean) <= 1e-15 * max(mean, 1))
    #expect(largestDifference(total.covariance().values, reference.covariance().values) < 1e-10)
  }

  /// Sorted rows: each block has another mean, far from that of the first.
  @Test func aDriftingMeanCostsNoDigits() throws {
    var data = rows(2000)
    for row in 0..<2000 { for column in 0..<5 { data[row, column] += Double(row) } }
    let total = try accumulated(data, blocks: stride(from: 0, to: 2000, by: 100).map { $0..<$0 + 100 })
    let reference = try SampleMoments(data).covariance()
    #expect(largestDifference(total.covariance().values, reference.values) < 1e-12 * reference[0, 0])
  }

  @Test func mergingIsAddingAll() throws {
    let data = rows(500, mean: 3)
    var left = try accumulated(data, blocks: [0..<200])
    left.merge(try accumulated(data, blocks: [200..<500]))
    let whole = try accumulated(data, blocks: [0..<500])
    #expect(left.count == whole.count)
    #expect(left.minima == whole.minima)
    #expect(left.maxima == whole.maxima)
    #expect(largestDifference(left.mean, whole.mean) < 1e-14)
    #expect(largestDifference(left.scatter.values, whole.scatter.values) < 1e-11)
    var empty = MomentAccumulator(dimension: 5)
    empty.merge(whole)
    #expect(empty == whole)
  }

  /// A weight of three is a row that is there three times, and one of zero a row that is not.
  @Test func weightsAreRepetitions() throws {
    let data = rows(40)
    let weights = (0..<40).map { Double($0 % 4) }
    var weighted = MomentAccumulator(dimension: 5)
    try weighted.add(data, weights: weights)
    let repeated = (0..<40).flatMap { Array(repeating: $0, count: $0 % 4) }
    let plain = try accumulated(data.selecting(rows: repeated), blocks: [0..<repeated.count])
    #expect(weighted.weightSum == Double(repeated.count))
    #expect(weighted.squaredWeightSum == weights.reduce(0) { $0 + $1 * $1 })
    #expect(largestDifference(weighted.mean, plain.mean) < 1e-14)
    #expect(largestDifference(weighted.covariance().values, plain.covariance().values) < 1e-13)
  }

  @Test(arguments: [Double.nan, .infinity]) func namesTheFirstEntryThatIsNotFinite(value: Double) throws {
    var data = rows(10)
    data[7, 3] = value
    data[9, 0] = .nan
    var total = MomentAccumulator(dimension: 5)
    let error = #expect(throws: LinearAlgebraError.self) { try total.add(data) }
    guard case .notFinite(let row, let column, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect((row, column) == (7, 3))
    #expect(total == MomentAccumulator(dimension: 5))
  }
}
