import Foundation
import Inference
import NumericCore
import PriorKit
import TestSupport
import Testing

@Suite struct LaplaceTests {
  private func approximation(_ density: some SampledDensity & Sendable, threads: Int = 1) throws
    -> LaplaceApproximation
  {
    let white = try WhiteCoordinates(centre: density.mean, covariance: .diagonal(density.variance))
    return try LaplaceApproximation(at: density.mode, white: white, threads: threads, makeDensity: { density })
  }

  /// Draws of the approximation with their ratios to the target.
  private func draws(
    _ density: some SampledDensity & Sendable, count: Int = 4000
  ) throws -> (points: [[Double]], ratios: [Double]) {
    let laplace = try approximation(density)
    let sampling = ChainSampling(
      sampler: IndependentDraws(), chains: 1, warmUp: 0, draws: count, seed: 5, threads: 1)
    let coordinates = try laplace.coordinates
    let history = try sampling.run(
      coordinates: coordinates, start: { _ in density.mode }, makeDensity: { density })[0]
    let chain = history.draws(0..<count, coordinates: coordinates)
    return ((0..<count).map { chain.logits.row($0) }, chain.statistics["log_ratio"] ?? [])
  }

  @Test func isExactOnGaussians() throws {
    let prior = try GaussianEstimator.unbiased.fit(try PresetFile.read(DefaultData.file("presets.h5").path))
    let normal = try #require(prior.density as? MultivariateNormal)
    let target = GaussianTarget(normal, name: "prior of 130")
    let found = try approximation(target, threads: 2)
    #expect(found.note == nil || found.nonPositiveCount == 0)
    let independent = IndependentGaussian(mean: [1, -2, 0.5], deviation: [0.5, 2, 1])
    let correlated = AutoregressiveGaussian(mean: [3, -1, 0], deviation: [1, 0.3, 2], correlation: 0.9)
    try checkMoments(independent)
    try checkMoments(correlated)
    #expect(try approximation(correlated).curvatures == approximation(correlated, threads: 3).curvatures)
  }

  private func checkMoments(_ density: some SampledDensity & Sendable) throws {
    let found = try draws(density)
    var source = RandomSource(seed: 6)
    let exact = (0..<4000).map { _ in density.sample(using: &source) }
    expectEqualDistributions(found.points, exact, "laplace on \(density.name)")
    // Every ratio is the normalising constant: nothing to weigh.
    let spread = (found.ratios.max() ?? 0) - (found.ratios.min() ?? 0)
    #expect(spread < 1e-4)
    let chosen = try ImportanceResampling.resample(logRatios: found.ratios, count: 2000, using: &source)
    expectEqualDistributions(chosen.indices.map { found.points[$0] }, exact, "is on \(density.name)")
  }

  /// Resampling mends what overlaps: a bent ridge of little curvature.
  @Test func resamplingMendsAGentleBanana() throws {
    let density = Banana(width: 0.5, thickness: 1)
    let found = try draws(density, count: 40_000)
    var source = RandomSource(seed: 9)
    let chosen = try ImportanceResampling.resample(logRatios: found.ratios, count: 2000, using: &source)
    let exact = (0..<2000).map { _ in density.sample(using: &source) }
    #expect(chosen.smoothing.isReliable, "\(chosen.smoothing.shape)")
    expectEqualDistributions(chosen.indices.map { found.points[$0] }, exact, "is on a gentle banana")
  }

  /// A saddle: the curvature that is negative is raised, counted and told.
  @Test func negativeCurvaturesAreRaisedAndTold() throws {
    let found = try LaplaceApproximation(
      at: [0, 0], white: try .identity(2), threads: 1, makeDensity: { Saddle() })
    #expect(found.raisedCount == 1 && found.nonPositiveCount == 1)
    #expect(abs(found.curvatures[0] + 2) < 1e-6 && abs(found.curvatures[1] - 3) < 1e-6)
    #expect(abs(found.distribution.covariance[0, 0] - 1 / LaplaceApproximation.curvatureFloor) < 1e-6)
    #expect(abs(found.distribution.covariance[1, 1] - 1.0 / 3) < 1e-6)
    #expect(found.note?.contains("1 of 2 curvatures") == true && found.note?.contains("not positive") == true)
  }

  @Test func resamplingFollowsTheWeights() throws {
    var source = RandomSource(seed: 1)
    let ratios = [-Double.infinity] + (1...50).map { log(Double($0)) }
    let chosen = try ImportanceResampling.resample(logRatios: ratios, count: 12_750, using: &source)
    #expect(chosen.indices.count == 12_750 && !chosen.indices.contains(0))
    for index in [1, 20, 40] {
      #expect(abs(chosen.indices.count { $0 == index } - 10 * index) <= 2 + index)
    }
    #expect(throws: (any Error).self) {
      try ImportanceResampling.resample(logRatios: [.nan, 0], count: 1, using: &source)
    }
  }

  private final class Saddle: LogDensity {
    let dimension = 2

    func evaluate(at theta: [Double], gradient: inout [Double]) -> DensityEvaluation {
      gradient = [2 * theta[0], -3 * theta[1]]
      return DensityEvaluation(value: theta[0] * theta[0] - 1.5 * theta[1] * theta[1])
    }
  }
}
