import Foundation
import Inference
import NumericCore
import PriorKit
import TestSupport
import Testing

/// Long chains from far away, with all that adapts: moments and quartiles within Monte Carlo error.
@Suite struct ErgodicTests {
  @Test func independentGaussian() throws {
    let density = IndependentGaussian(mean: [1, -2, 0.5], deviation: [0.5, 2, 1])
    let white = try WhiteCoordinates(centre: [0, 0, 0], covariance: .diagonal([1, 4, 1]))
    try checkErgodicAverages(of: NoUTurn(), on: density, coordinates: white)
    try checkErgodicAverages(of: HamiltonianMonteCarlo(), on: density, coordinates: white)
    try checkErgodicAverages(of: EllipticalSlice(), on: density, coordinates: white, draws: 8000)
  }

  @Test func correlatedGaussian() throws {
    let density = AutoregressiveGaussian(mean: [3, -1, 0], deviation: [1, 0.3, 2], correlation: 0.9)
    let white = try WhiteCoordinates(centre: density.mean, covariance: .diagonal(density.variance))
    try checkErgodicAverages(of: NoUTurn(), on: density, coordinates: white)
    try checkErgodicAverages(of: HamiltonianMonteCarlo(pathLength: 3), on: density, coordinates: white)
    try checkErgodicAverages(of: EllipticalSlice(thinning: 4), on: density, coordinates: white, draws: 4000)
  }

  @Test func priorOf130ParametersByItsScalesAlone() throws {
    let prior = try GaussianEstimator.unbiased.fit(try PresetFile.read(DefaultData.file("presets.h5").path))
    let normal = try #require(prior.density as? MultivariateNormal)
    let density = GaussianTarget(normal, name: "prior of 130")
    let white = try WhiteCoordinates(whitening: normal)
    try checkErgodicAverages(
      of: NoUTurn(), on: density, coordinates: try white.withoutCorrelations(), warmUp: 150, draws: 320, chains: 4)
    try checkErgodicAverages(
      of: EllipticalSlice(), on: density, coordinates: white, warmUp: 0, draws: 800, chains: 2)
  }

  @Test func twoModesAndBanana() throws {
    let modes = TwoModes(separation: 2)
    let white = try WhiteCoordinates(centre: modes.mean, covariance: .diagonal(modes.variance))
    try checkErgodicAverages(of: NoUTurn(), on: modes, coordinates: white)
    try checkErgodicAverages(of: HamiltonianMonteCarlo(), on: modes, coordinates: white, draws: 4000)
    try checkErgodicAverages(of: EllipticalSlice(), on: modes, coordinates: white, draws: 8000)
    let banana = Banana(width: 1, thickness: 0.5)
    let scales = try WhiteCoordinates(centre: banana.mean, covariance: .diagonal(banana.variance))
    try checkErgodicAverages(of: NoUTurn(targetAcceptance: 0.95), on: banana, coordinates: scales, draws: 4000)
  }

  /// What dual averaging is for.
  @Test func acceptanceMeetsItsTarget() throws {
    let density = AutoregressiveGaussian(
      mean: Array(repeating: 0, count: 20), deviation: Array(repeating: 1, count: 20), correlation: 0.5)
    for target in [0.6, 0.8, 0.9] {
      let sampling = ChainSampling(
        sampler: HamiltonianMonteCarlo(targetAcceptance: target), chains: 1, warmUp: 1000, draws: 1000, seed: 2,
        threads: 1)
      let history = try sampling.run(
        coordinates: try .identity(20), start: { density.sample(using: &$0) }, makeDensity: { density })[0]
      let rates = history.iterations.dropFirst(1000).map { $0.statistics[1] }
      let mean = rates.reduce(0, +) / Double(rates.count)
      #expect(abs(mean - target) < 0.08, "\(mean) for \(target)")
    }
  }
}
