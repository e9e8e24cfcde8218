import Foundation
import Inference
import NumericCore
import TestSupport
import Testing

/// Long chains from far away, with all that adapts: moments and quartiles within Monte Carlo error, for every
/// Markov chain on every target that it can travel.
@Suite struct ErgodicTests {
  /// Coordinates with the right scale and no more.
  private func scaled(_ density: some SampledDensity) throws -> WhiteCoordinates {
    try WhiteCoordinates(centre: density.mean, covariance: .diagonal(density.variance))
  }

  @Test func independentGaussian() throws {
    let density = IndependentGaussian(mean: [1, -2, 0.5], deviation: [0.5, 2, 1])
    let white = try WhiteCoordinates(centre: [0, 0, 0], covariance: .diagonal([1, 4, 1]))
    try checkErgodicAverages(of: NoUTurn(), on: density, coordinates: white)
    try checkErgodicAverages(of: HamiltonianMonteCarlo(), on: density, coordinates: white)
    try checkErgodicAverages(of: EllipticalSlice(), on: density, coordinates: white, draws: 8000)
  }

  @Test func correlatedGaussian() throws {
    let density = AutoregressiveGaussian(mean: [3, -1, 0], deviation: [1, 0.3, 2], correlation: 0.9)
    let white = try scaled(density)
    try checkErgodicAverages(of: NoUTurn(), on: density, coordinates: white)
    try checkErgodicAverages(of: HamiltonianMonteCarlo(pathLength: 3), on: density, coordinates: white)
    try checkErgodicAverages(of: EllipticalSlice(thinning: 4), on: density, coordinates: white, draws: 4000)
  }

  /// The Hamiltonian samplers know its scales alone; elliptical slice sampling has the prior's own ellipses.
  @Test func priorOf130Parameters() throws { try check(try .ofDefaultPresets()) }

  @Test(.enabled(if: Reference.isAvailable, Comment(rawValue: Reference.absence)))
  func covarianceOfDiffVox() throws { try check(try .ofPublishedPresets()) }

  private func check(_ density: GaussianTarget) throws {
    let white = try WhiteCoordinates(whitening: density.distribution)
    try checkErgodicAverages(
      of: NoUTurn(), on: density, coordinates: try white.withoutCorrelations(), warmUp: 150, draws: 320)
    try checkErgodicAverages(
      of: HamiltonianMonteCarlo(pathLength: 3), on: density, coordinates: try white.withoutCorrelations(),
      warmUp: 150, draws: 640)
    try checkErgodicAverages(
      of: EllipticalSlice(), on: density, coordinates: white, warmUp: 0, draws: 1600)
  }

  @Test func twoModes() throws {
    let modes = TwoModes(separation: 2)
    let white = try scaled(modes)
    try checkErgodicAverages(of: NoUTurn(), on: modes, coordinates: white)
    try checkErgodicAverages(of: HamiltonianMonteCarlo(), on: modes, coordinates: white, draws: 4000)
    try checkErgodicAverages(of: EllipticalSlice(), on: modes, coordinates: white, draws: 8000)
  }

  @Test func banana() throws {
    let banana = Banana(width: 1, thickness: 0.5)
    let white = try scaled(banana)
    try checkErgodicAverages(of: NoUTurn(targetAcceptance: 0.95), on: banana, coordinates: white, draws: 4000)
    try checkErgodicAverages(
      of: HamiltonianMonteCarlo(targetAcceptance: 0.95), on: banana, coordinates: white, draws: 8000)
    try checkErgodicAverages(
      of: EllipticalSlice(degreesOfFreedom: 4, thinning: 4), on: banana, coordinates: white, draws: 16_000)
  }

  /// The logarithm of the squared widths of x has a deviation of 1, so that nine tenths of the draws have widths
  /// within a factor of e^0.8 of 1, and one step size serves them all. That of Neal's funnel is 3, and none does.
  @Test func mildFunnel() throws {
    let funnel = Funnel(followers: 2, spread: 1)
    let white = try scaled(funnel)
    try checkErgodicAverages(of: NoUTurn(targetAcceptance: 0.9), on: funnel, coordinates: white, draws: 4000)
    try checkErgodicAverages(
      of: HamiltonianMonteCarlo(targetAcceptance: 0.9), on: funnel, coordinates: white, draws: 8000)
    try checkErgodicAverages(
      of: EllipticalSlice(degreesOfFreedom: 4, thinning: 4), on: funnel, coordinates: white, draws: 16_000)
  }

  // MARK: - Targets that chains cannot travel

  private struct Run {
    let first: ScalarDraws
    let divergences: Double

    /// What `diagnose` says of the first coordinate.
    var fails: Bool {
      let limits = DiagnosticLimits()
      return (first.rHat ?? 0) >= limits.rHat && (first.bulkESS ?? .infinity) < limits.ess
    }
  }

  private func run(
    _ sampler: some Sampler, on density: some SampledDensity & Sendable, seed: UInt64
  ) throws -> Run {
    let sampling = MarkovChainSampling(sampler: sampler, chains: 4, warmUp: 300, draws: 500, seed: seed, threads: 1)
    let white = try scaled(density)
    let histories = try sampling.run(
      coordinates: white, start: { density.sample(using: &$0) }, makeDensity: { density })
    let chains = histories.map { $0.draws(300..<800, coordinates: white) }
    return Run(
      first: ScalarDraws(chains: chains.map { $0.logits.column(0) }),
      divergences: chains.reduce(0) { $0 + ($1.statistics[MarkovChainDraws.diverging] ?? []).reduce(0, +) })
  }

  /// The neck is not reached, and that is told: by R-hat and ESS in every run, and by divergences in some.
  @Test func theStrongFunnelIsTold() throws {
    let funnel = Funnel(followers: 9, spread: 3)
    func check(_ sampler: some Sampler) throws {
      let runs = try (6..<9).map { try run(sampler, on: funnel, seed: $0) }
      #expect(!runs.contains { !$0.fails }, "\(sampler.name)")
      #expect(runs.reduce(0) { $0 + $1.divergences } > 0 || !sampler.usesGradient, "\(sampler.name)")
    }
    try check(NoUTurn())
    try check(HamiltonianMonteCarlo())
    try check(EllipticalSlice())
  }

  /// Chains that follow gradients stay in the mode that they begin in; ellipses of the target's own width leap
  /// over.
  @Test func distantModesAreTold() throws {
    let modes = TwoModes(separation: 12)
    let runs = (
      try run(NoUTurn(), on: modes, seed: 8), try run(HamiltonianMonteCarlo(), on: modes, seed: 8)
    )
    #expect(runs.0.fails && runs.1.fails)
  }

  // MARK: - Adaptation

  /// What dual averaging is for.
  @Test func acceptanceMeetsItsTarget() throws {
    let density = AutoregressiveGaussian(
      mean: Array(repeating: 0, count: 20), deviation: Array(repeating: 1, count: 20), correlation: 0.5)
    for target in [0.6, 0.8, 0.9] {
      let sampling = MarkovChainSampling(
        sampler: HamiltonianMonteCarlo(targetAcceptance: target), chains: 1, warmUp: 1000, draws: 1000, seed: 2,
        threads: 1)
      let history = try sampling.run(
        coordinates: try .identity(20), start: { density.sample(using: &$0) }, makeDensity: { density })[0]
      let rates = history.iterations.dropFirst(1000).map { $0.info.acceptanceRate }
      let mean = rates.reduce(0, +) / Double(rates.count)
      #expect(abs(mean - target) < 0.08, "\(mean) for \(target)")
    }
  }
}
