import Distributions
import FXParams
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

@Suite struct PriorTests {
  @Test func recordTellsHowItWasFitted() throws {
    var presets = normalPresets(40, of: SmallChain.bands)
    presets.weights = (0..<40).map { $0 < 10 ? 0 : 1 }
    let prior = try LedoitWolfEstimator().fit(presets, evidence: "won by 3 nats")
    let record = try #require(prior.record)
    #expect(record.estimator == "ledoit-wolf" && record.evidence == "won by 3 nats")
    #expect(record.presetCount == 40 && abs(record.effectivePresetCount - 30) < 1e-12)
    #expect(record.hyperparameters.map(\.name) == ["shrinkage"])
    #expect(prior.dimension == 7 && prior.names == SmallChain.bands.parameterSpace.names)
  }

  @Test func partsKeepTheirNames() throws {
    let prior: Prior = try LedoitWolfEstimator().fit(normalPresets(40, of: SmallChain.bands))
    let names = prior.names
    let marginal = try prior.marginal(over: [4, 0])
    #expect(marginal.names == [names[4], names[0]] && marginal.mean == [prior.mean[4], prior.mean[0]])
    let conditional = try prior.conditional(given: [5, 1], values: [0.2, -1])
    #expect(conditional.names == [0, 2, 3, 4, 6].map { names[$0] })
    #expect(try conditional.marginal(over: [1]).names == [names[2]])
    #expect(throws: DistributionError.badPosition(7, dimension: 7)) { try prior.marginal(over: [7]) }
    #expect(throws: DistributionError.badPosition(1, dimension: 7)) { try prior.marginal(over: [1, 1]) }
    #expect(throws: DistributionError.self) { try prior.conditional(given: [1], values: [.nan]) }
    #expect(throws: DistributionError.self) { try prior.conditional(given: [1], values: []) }
  }

  /// A fitted Gaussian and one of the same moments are the same density.
  @Test func gaussianEitherWay() throws {
    let fitted = try RidgeEstimator().fit(normalPresets(40, of: SmallChain.bands))
    let normal = try #require(fitted.distribution as? MultivariateNormal)
    let gaussian = try Prior(chain: fitted.chain, mean: normal.mean, covariance: normal.covariance)
    let theta = fitted.samples(5, seed: 2)
    #expect(theta == gaussian.samples(5, seed: 2))
    #expect(fitted.logDensities(ofRows: theta) == gaussian.logDensities(ofRows: theta))
    #expect(
      fitted.squaredMahalanobisDistance(to: theta.row(0)) == gaussian.squaredMahalanobisDistance(to: theta.row(0)))
  }

  @Test func densityOfAnotherChain() throws {
    let normal = try MultivariateNormal(mean: [0, 0], covariance: Matrix.identity(2))
    #expect(throws: DistributionError.dimensionMismatch(what: "density", expected: 7, found: 2)) {
      try Prior(chain: SmallChain.bands, distribution: normal)
    }
  }
}
