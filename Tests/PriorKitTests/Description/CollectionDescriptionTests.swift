import FXParams
import Foundation
import NumericCore
import PresetStore
import PriorKit
import Statistics
import TestSupport
import Testing

@Suite struct CollectionDescriptionTests {
  @Test func partsOfADescription() throws {
    var presets = normalPresets(60, of: SmallChain.bands)
    for row in 0..<60 { presets.theta[row, 6] = 0.25 }
    presets.theta[13, 0] = 400
    let description = try CollectionDescription(presets)
    let space = SmallChain.bands.parameterSpace
    #expect(description.parameters.map(\.name) == space.names)
    #expect(description.constants == [space.names[6]])
    #expect(description.parameters[6].normality == nil)
    #expect(description.parameters[1].values.minimum > 33)
    #expect(description.parameters[1].values.maximum < 5400)
    #expect(description.outliers?.rows(beyond: -1).first == 13)
    #expect(description.components?.rank == 6)
    #expect(description.normality.first?.block == nil)
    #expect(description.normality.first?.dimension == 6)
    let pairs = description.correlations.reduce(0) { $0 + $1.pairs }
    #expect(pairs == 15)
  }

  @Test(arguments: [1, 2, 3, 4, 6])
  func fewPresetsAreDescribedAsFarAsTheyGo(_ count: Int) throws {
    let description = try CollectionDescription(normalPresets(count, of: SmallChain.bands))
    #expect((description.outliers != nil) == (count >= 4))
    #expect((description.parameters[0].normality != nil) == (count >= 3))
    if let all = description.normality.first, count <= 7 {
      #expect(throws: StatisticsError.self) { try all.mardia.get() }
    }
  }

  @Test func noPresetsAndNaNAreRefused() {
    var presets = normalPresets(5, of: SmallChain.bands)
    presets.theta[2, 3] = .nan
    #expect(throws: LinearAlgebraError.self) { try CollectionDescription(presets) }
    presets.theta = Matrix(rows: 0, columns: 7)
    #expect(throws: StatisticsError.self) { try CollectionDescription(presets) }
  }

  @Test func shiftsAreFoundWhereTheyAre() throws {
    let presets = normalPresets(80, of: SmallChain.bands)
    var other = normalPresets(60, of: SmallChain.bands, seed: 2)
    let same = try CollectionShift(of: presets, against: other)
    #expect(same.parameters.allSatisfy { $0.adjustedPValue > 0.05 })
    #expect(same.energy.pValue > 0.05)
    for row in 0..<60 { other.theta[row, 4] += 2 }
    let moved = try CollectionShift(of: presets, against: other)
    #expect(moved.parameters.indices.filter { moved.parameters[$0].adjustedPValue < 0.001 } == [4])
    #expect(moved.energy.pValue == 1.0 / 200)
    #expect(try #require(moved.meanDistance) > (try #require(same.meanDistance)) + 1)
  }

  @Test func otherChainsAreRefused() {
    #expect(throws: StatisticsError.self) {
      try CollectionShift(
        of: normalPresets(9, of: SmallChain.bands), against: normalPresets(9, of: SmallChain.shelf))
    }
  }

  // MARK: A large sample against the collection it came from

  private func defaultPresets() throws -> PresetCollection {
    var folder = URL(fileURLWithPath: #filePath)
    for _ in 0..<4 { folder.deleteLastPathComponent() }
    return try CSVImport.read(folder.appendingPathComponent("data/presets.csv").path, chain: .diffVox)
  }

  /// The mean and deviation of every parameter of 20000 draws are those of the collection: 260 comparisons with
  /// normal limits, which together fail by chance once in 1000 seeds.
  @Test func largeSampleHasTheMomentsOfItsCollection() throws {
    let presets = try defaultPresets()
    let draws = 20_000
    let sample = try GaussianEstimator.unbiased.fit(presets).samples(draws, seed: 11)
    let own = try SampleMoments(presets.theta)
    let found = try SampleMoments(sample)
    let limit = -StandardNormal.quantile(0.001 / 260 / 2)
    let expected = own.covariance().diagonal.map { $0.squareRoot() }
    let deviations = found.covariance().diagonal.map { $0.squareRoot() }
    for index in 0..<presets.dimension {
      let error = expected[index] / Double(draws).squareRoot()
      #expect((found.mean[index] - own.mean[index]).magnitude < limit * error, "mean of parameter \(index)")
      #expect(
        (deviations[index] - expected[index]).magnitude < limit * error / 2.0.squareRoot(),
        "deviation of parameter \(index)")
    }
  }

  /// A collection that is normal, of the size and covariance of the default presets, and a large sample of the
  /// prior fitted to it: no parameter is told apart at a family-wise rate of 1 % (Holm). The fit to the collection
  /// itself only makes the true rate lower.
  @Test func largeSampleIsNotToldApartFromANormalCollection() throws {
    let design = try defaultPresets()
    var presets = design
    presets.theta = try GaussianEstimator.unbiased.fit(design).samples(360, seed: 5)
    var sample = presets
    sample.theta = try GaussianEstimator.unbiased.fit(presets).samples(2500, seed: 12)
    let tests = try (0..<presets.dimension).map {
      try KolmogorovSmirnov(presets.theta.column($0), sample.theta.column($0)).pValue
    }
    #expect(HolmCorrection.adjusted(tests).allSatisfy { $0 > 0.01 })
    // The same check does tell a sample of four times the variance apart.
    let wide = try GaussianEstimator.unbiased.fit(presets).samples(2500, seed: 12, temperature: 4)
    let other = try (0..<presets.dimension).map {
      try KolmogorovSmirnov(presets.theta.column($0), wide.column($0)).pValue
    }
    #expect(HolmCorrection.adjusted(other).count { $0 < 0.01 } > 100)
  }
}
