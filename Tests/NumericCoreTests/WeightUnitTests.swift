import NumericCore
import Testing

@Suite struct WeightUnitTests {
  private static let rows: Matrix = {
    var rows = Matrix(rows: 12, columns: 3)
    for index in 0..<36 {
      let (row, column) = (index / 3, index % 3)
      rows[row, column] = Double((row * 7 + column * 5) % 11) - 4
    }
    return rows
  }()
  private static let weights: [Double] = (0..<12).map { (row: Int) -> Double in Double(row % 4) + 0.25 }

  private func moments(_ weights: [Double], rows: Matrix = rows) throws -> MomentAccumulator {
    var moments = MomentAccumulator(dimension: 3)
    try moments.add(rows, weights: weights)
    return moments
  }

  /// What a fit takes from the moments: all of it without a unit.
  private func fitted(_ moments: MomentAccumulator) -> (mean: [Double], covariance: Matrix) {
    let lost = moments.squaredWeightSum / moments.weightSum
    return (moments.mean, moments.covariance(lostDegreesOfFreedom: lost))
  }

  @Test(arguments: [531, -664, 1000, -1000, 150]) func unitsOfAnySizeGiveTheSame(exponent: Int) throws {
    let unit = Double(sign: .plus, exponent: exponent, significand: 1)
    let plain = fitted(try moments(Self.weights))
    let scaled = try moments(Self.weights.map { $0 * unit })
    #expect(scaled.isFinite && scaled.squaredWeightSum > 0)
    let other = fitted(scaled)
    for (one, two) in zip(plain.mean + plain.covariance.values, other.mean + other.covariance.values) {
      #expect(abs(one - two) <= 1e-13 * max(abs(one), 1))
    }
  }

  @Test func partsInUnitsOfTheirOwnMerge() throws {
    let unit = 0x1p300
    let (first, second) = (Self.rows.selecting(rows: Array(0..<6)), Self.rows.selecting(rows: Array(6..<12)))
    // The second half in the unit of the first would overflow when squared.
    for factors in [[1.0, unit], [unit, 1], [unit, unit], [1 / unit, unit]] {
      var merged = try moments(Self.weights[..<6].map { $0 * factors[0] }, rows: first)
      merged.merge(try moments(Self.weights[6...].map { $0 * factors[1] }, rows: second))
      #expect(merged.isFinite && merged.count == 12)
      let largest = max(factors[0], factors[1])
      let relative = (0..<12).map { (row: Int) -> Double in Self.weights[row] * (factors[row / 6] / largest) }
      let whole = try moments(relative)
      for (one, two) in zip(fitted(merged).covariance.values, fitted(whole).covariance.values) {
        #expect(abs(one - two) <= 1e-12 * max(abs(one), 1))
      }
    }
  }

  @Test func ordinaryWeightsStayAsTheyAre() throws {
    #expect(WeightUnit.scaled(Self.weights) == Self.weights)
    #expect(try moments(Self.weights).weightExponent == 0)
    #expect(WeightUnit.exponent(of: [0, 0]) == 0)
  }
}
