import Distributions
import FXParams
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

@Suite struct GaussianEstimatorTests {
  @Test func momentsByHand() throws {
    let theta = Matrix(rows: [[1, 2], [3, -2], [5, 3]])
    let presets = PresetCollection(chain: SmallChain.shelf, theta: theta)
    let unbiased = try #require(try GaussianEstimator.unbiased.fit(presets).gaussian)
    #expect(unbiased.mean == [3, 1])
    #expect(largestDifference(unbiased.covariance.values, [4, 1, 1, 7]) < 1e-14)
    let likelihood = try #require(try GaussianEstimator.maximumLikelihood.fit(presets).gaussian)
    #expect(largestDifference(likelihood.covariance.values, [8, 2, 2, 14].map { $0 / 3 }) < 1e-14)
  }

  /// The maximum of the likelihood beats its neighbours.
  @Test func maximumLikelihoodIsAMaximum() throws {
    let presets = normalPresets(40, of: SmallChain.bands)
    let best = try #require(try GaussianEstimator.maximumLikelihood.fit(presets).gaussian)
    func likelihood(mean: [Double], covariance: Matrix) throws -> Double {
      try Prior(chain: SmallChain.bands, mean: mean, covariance: covariance)
        .logDensities(ofRows: presets.theta).reduce(0, +)
    }
    let highest = try likelihood(mean: best.mean, covariance: best.covariance)
    for index in 0..<7 {
      for change in [-0.05, 0.05] {
        var mean = best.mean
        mean[index] += change
        #expect(try likelihood(mean: mean, covariance: best.covariance) < highest)
        var covariance = best.covariance
        covariance[index, index] += change
        #expect(try likelihood(mean: best.mean, covariance: covariance) < highest)
      }
    }
  }

  @Test func tooFewPresets() {
    #expect(throws: PriorError.tooFewPresets(count: 1)) {
      try GaussianEstimator.unbiased.fit(normalPresets(1, of: SmallChain.bands))
    }
    for count in 2...7 {
      #expect(throws: PriorError.fewerPresetsThanParameters(count: count, dimension: 7, rank: count - 1)) {
        try GaussianEstimator.unbiased.fit(normalPresets(count, of: SmallChain.bands))
      }
    }
    #expect(throws: Never.self) { try GaussianEstimator.unbiased.fit(normalPresets(8, of: SmallChain.bands)) }
  }

  @Test func entriesThatAreNotNumbersNameRowAndParameter() {
    var presets = normalPresets(20, of: SmallChain.bands)
    presets.labels = (0..<20).map { "song \($0)" }
    presets.theta[13, 4] = .infinity
    let name = SmallChain.bands.parameterSpace.names[4]
    #expect(throws: PriorError.presetNotFinite(row: 13, label: "song 13", parameter: name, value: .infinity)) {
      try GaussianEstimator.unbiased.fit(presets)
    }
  }

  @Test func constantColumnNamesTheParameter() {
    var presets = normalPresets(20, of: SmallChain.bands)
    // A tenth has no exact double, so the variance computed from the mean need not be zero.
    for row in 0..<20 { presets.theta[row, 2] = 0.1 }
    let name = SmallChain.bands.parameterSpace.names[2]
    #expect(throws: PriorError.constantParameter(parameter: name, variance: 0)) {
      try GaussianEstimator.unbiased.fit(presets)
    }
  }

  @Test func dependentColumnsAreRankDeficient() {
    var presets = normalPresets(30, of: SmallChain.bands)
    for row in 0..<30 { presets.theta[row, 6] = 2 * presets.theta[row, 0] - presets.theta[row, 3] }
    #expect(throws: PriorError.rankDeficient(rank: 6, dimension: 7, count: 30)) {
      try GaussianEstimator.unbiased.fit(presets)
    }
  }

  @Test func presetsOfAnotherChain() {
    var presets = normalPresets(20, of: SmallChain.bands)
    presets.chain = SmallChain.shelf
    #expect(throws: DistributionError.dimensionMismatch(what: "preset", expected: 2, found: 7)) {
      try GaussianEstimator.unbiased.fit(presets)
    }
  }
}
