import Foundation
import NumericCore
import Statistics
import TestSupport
import Testing

/// What holds of statistics by definition, and what they do with bad data.
@Suite struct StatisticsLawTests {
  private func normals(_ rows: Int, _ columns: Int, seed: UInt64 = 1) -> Matrix {
    var source = RandomSource(seed: seed)
    return Matrix(rows: rows, columns: columns, values: (0..<rows * columns).map { _ in source.nextNormal() })
  }

  // MARK: Tests keep their level

  /// 1000 tests of true hypotheses at 5 %: between 3 and 7 % reject, which fails by chance once in 200.
  @Test func normalSamplesPassAtTheLevel() throws {
    var rejected = (shapiro: 0, royston: 0, henze: 0, skewness: 0, smirnov: 0)
    for seed in 0..<1000 {
      let data = normals(60, 3, seed: UInt64(seed))
      if try ShapiroWilk(data.column(0)).pValue < 0.05 { rejected.shapiro += 1 }
      if try Royston(data).test.pValue < 0.05 { rejected.royston += 1 }
      if try HenzeZirkler(data).test.pValue < 0.05 { rejected.henze += 1 }
      if try Mardia(data).skewness.pValue < 0.05 { rejected.skewness += 1 }
      if try KolmogorovSmirnov(data.column(0), data.column(1)).pValue < 0.05 { rejected.smirnov += 1 }
    }
    for count in [rejected.shapiro, rejected.royston, rejected.henze] {
      #expect((30...70).contains(count), "\(rejected)")
    }
    // The chi-squared limit of the skewness and the steps of the distance make these conservative.
    for count in [rejected.skewness, rejected.smirnov] { #expect((10...70).contains(count), "\(rejected)") }
  }

  @Test func affineMapsLeaveMultivariateTestsAlone() throws {
    let data = normals(80, 3)
    let mixing = Matrix(rows: [[2, 1, 0], [0, -3, 0.5], [0.1, 0, 40]])
    let moved = data * mixing
    #expect((try Mardia(data).kurtosis.statistic / (try Mardia(moved)).kurtosis.statistic - 1).magnitude < 1e-10)
    #expect(
      (try HenzeZirkler(data).test.statistic / (try HenzeZirkler(moved)).test.statistic - 1).magnitude < 1e-10)
  }

  // MARK: Corrections and means

  @Test func holmByHand() {
    #expect(
      largestDifference(HolmCorrection.adjusted([0.01, 0.04, 0.03, 0.005]), [0.03, 0.06, 0.06, 0.02]) < 1e-15)
    #expect(HolmCorrection.adjusted([0.9, 0.8]) == [1, 1])
    #expect(HolmCorrection.adjusted([]).isEmpty)
  }

  @Test func meansByHand() throws {
    let plain = MeanEstimate([1, 2, 3, 6])
    #expect(plain.mean == 3)
    #expect((try #require(plain.standardError) - (14.0 / 3 / 4).squareRoot()).magnitude < 1e-14)
    #expect(MeanEstimate([5]).standardError == nil)
    // One value a cluster changes nothing; one cluster cannot tell its error.
    #expect(MeanEstimate([1, 2, 3, 6], clusters: ["a", "b", "c", "d"]).standardError == plain.standardError)
    #expect(MeanEstimate([1, 2], clusters: ["a", "a"]).standardError == nil)
    // Sums of deviations -3 and 3 in two clusters: sqrt(2 (9 + 9)) / 4.
    let clustered = MeanEstimate([1, 2, 3, 6], clusters: ["a", "a", "b", "b"])
    #expect((try #require(clustered.standardError) - 1.5).magnitude < 1e-14)
    #expect(MeanEstimate.difference([1, 2], [0, 4]).mean == -0.5)
  }

  @Test func bootstrapAgreesWithTheStandardError() throws {
    let values = normals(200, 1).values
    var source = RandomSource(seed: 2)
    let interval = try Bootstrap.meanInterval(values, using: &source)
    let estimate = MeanEstimate(values)
    let error = try #require(estimate.standardError)
    #expect(((interval.upperBound - interval.lowerBound) / (2 * 1.96 * error) - 1).magnitude < 0.1)
    #expect(interval.contains(estimate.mean))
  }

  @Test func quantilesOfDefinitionSeven() {
    let quantiles = SortedQuantiles([4, 1, 3, 2])
    #expect([0, 0.25, 0.5, 1].map(quantiles.value) == [1, 1.75, 2.5, 4])
  }

  // MARK: Components and distances

  @Test func componentsOfKnownVariances() throws {
    // Columns orthogonal about their means: variances 20 / 3 and 4 / 3.
    let data = Matrix(rows: [[3, 1], [1, -1], [-1, -1], [-3, 1]])
    let components = try PrincipalComponents(data)
    #expect(largestDifference(components.variances, [20.0 / 3, 4.0 / 3]) < 1e-14)
    #expect(largestDifference(components.cumulativeShares, [5.0 / 6, 1]) < 1e-14)
    #expect((try #require(components.conditionNumber) - 5).magnitude < 1e-13)
    #expect(components.directions[0, 0].magnitude == 1)
    let fewer = try PrincipalComponents(normals(5, 9))
    #expect(fewer.rank == 4)
    #expect(fewer.conditionNumber == nil)
  }

  @Test(arguments: [(200, 10), (60, 20), (20, 30)])
  func outliersAreFoundAtAnyShape(_ rows: Int, _ columns: Int) throws {
    var data = normals(rows, columns)
    for row in 0..<3 {
      for column in 0..<columns { data[row, column] += 8 }
    }
    let distances = try OutlierDistances(data)
    #expect(Set(distances.rows(beyond: -1).prefix(3)) == [0, 1, 2])
    #expect(distances.rows(beyond: distances.threshold(tail: 0.025)).count < rows / 3)
  }

  /// The estimate is the covariance of normal rows, and hardly moved by a tenth of wild ones.
  @Test func robustScatterResists() throws {
    var data = normals(1000, 4)
    for row in 0..<1000 { data[row, 1] = 3 * data[row, 1] + data[row, 0] }
    let clean = try RobustScatter(data)
    let expected = [[1, 1, 0, 0], [1, 10, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1.0]]
    // Three standard errors of a variance from 1000 rows, in units of the variances.
    for row in 0..<4 {
      for column in 0..<4 {
        let scale = (expected[row][row] * expected[column][column]).squareRoot()
        #expect(
          (clean.scatter[row, column] - expected[row][column]).magnitude < 0.15 * scale, "(\(row), \(column))")
      }
    }
    for row in 0..<100 { data[row, 2] += 1e6 }
    let soiled = try RobustScatter(data)
    #expect(soiled.scatter[2, 2] < 3)
    #expect(soiled.centre[2].magnitude < 0.5)
  }

  @Test func energyTellsSamplesApart() throws {
    var source = RandomSource(seed: 5)
    let first = normals(60, 4)
    let same = try EnergyDistance(first, normals(50, 4, seed: 2), using: &source)
    #expect(same.pValue > 0.05)
    var moved = normals(50, 4, seed: 2)
    for row in 0..<50 { moved[row, 3] += 1.5 }
    let other = try EnergyDistance(first, moved, using: &source)
    #expect(other.pValue == 1.0 / 200)
    #expect(other.statistic > same.statistic)
    #expect(try EnergyDistance(first, first, using: &source).statistic < 1e-12)
  }

  // MARK: Bad data

  @Test func valuesThatCannotBeTestedAreNamed() {
    #expect(throws: StatisticsError.self) { try ShapiroWilk([1, 2]) }
    let constant = #expect(throws: StatisticsError.self) { try ShapiroWilk([2.5, 2.5, 2.5]) }
    #expect(constant?.description.contains("2.5") == true)
    let broken = #expect(throws: StatisticsError.self) { try ShapiroWilk([1, .nan, 3]) }
    #expect(broken?.description.contains("Value 1 ") == true)
    #expect(throws: StatisticsError.self) { try KolmogorovSmirnov([], [1]) }
    #expect(throws: StatisticsError.self) { try Mardia(normals(5, 5)) }
    #expect(throws: StatisticsError.self) { try Royston(normals(3, 2)) }
    #expect(throws: StatisticsError.self) { try RobustScatter(Matrix(rows: 9, columns: 2, repeating: 1)) }
  }

  @Test func oneWildValueDoesNoHarm() throws {
    var values = normals(50, 1).values
    values[7] = 1e300
    let test = try ShapiroWilk(values)
    #expect(test.statistic < 0.2 && test.statistic > 0)
    #expect(test.pValue < 1e-10)
  }
}
