import Foundation
import Inference
import NumericCore
import TestSupport
import Testing

/// Samplers against a model in which parameters and data can both be drawn: Geweke's test, and ranks (SBC).
///
/// theta ~ N(0, 1) in two dimensions, y | theta ~ N(bent(theta), 0.5^2), three observations; `bent` is theta_1 +
/// theta_2^2, or the plain sum for approximations that are exact on linear models only.
@Suite struct JointDistributionTests {
  private final class Posterior: LogDensity {
    let dimension = 2
    private let data: [Double]
    private let isLinear: Bool

    init(data: [Double], isLinear: Bool) { (self.data, self.isLinear) = (data, isLinear) }

    func evaluate(at theta: [Double], gradient: inout [Double]) -> DensityEvaluation {
      let (expected, slope) = Self.expectation(theta, isLinear: isLinear)
      var (logLikelihood, pull) = (0.0, 0.0)
      for value in data {
        logLikelihood -= 2 * (value - expected) * (value - expected)
        pull += 4 * (value - expected)
      }
      let logPrior = -(theta[0] * theta[0] + theta[1] * theta[1]) / 2
      gradient = [pull - theta[0], pull * slope - theta[1]]
      return DensityEvaluation(value: logLikelihood + logPrior, logLikelihood: logLikelihood, logPrior: logPrior)
    }

    static func expectation(_ theta: [Double], isLinear: Bool) -> (value: Double, slope: Double) {
      isLinear ? (theta[0] + theta[1], 1) : (theta[0] + theta[1] * theta[1], 2 * theta[1])
    }

    static func data(_ theta: [Double], isLinear: Bool, using source: inout RandomSource) -> [Double] {
      let expected = expectation(theta, isLinear: isLinear).value
      return (0..<3).map { _ in expected + 0.5 * source.nextNormal() }
    }
  }

  // MARK: - Geweke

  /// Transitions of theta given y alternate with draws of y given theta, from a joint draw on: theta keeps its
  /// prior, and its pairing with the data theirs.
  ///
  /// Source: Geweke, "Getting it right", JASA 99 (2004), doi 10.1198/016214504000001132.
  private func checkGeweke<Method: Sampler>(_ sampler: Method, memory: Method.Memory) throws {
    let white = try WhiteCoordinates.identity(2)
    var (found, expected) = ([[Double]](), [[Double]]())
    for chain in 0..<3000 {
      var source = RandomSource(seed: 11, stream: UInt64(chain))
      var theta = [source.nextNormal(), source.nextNormal()]
      var data: [Double] = []
      for _ in 0..<5 {
        data = Posterior.data(theta, isLinear: false, using: &source)
        let target = SamplingTarget(Posterior(data: data, isLinear: false), coordinates: white)
        var point = try target.point(at: theta, withGradient: sampler.usesGradient)
        var memory = memory
        _ = try sampler.step(&point, memory: &memory, isWarmUp: false, target: target, source: &source)
        theta = point.position
      }
      found.append(theta + [theta[0] * data[0], theta[0] * theta[1]])
      let fresh = [source.nextNormal(), source.nextNormal()]
      let freshData = Posterior.data(fresh, isLinear: false, using: &source)
      expected.append(fresh + [fresh[0] * freshData[0], fresh[0] * fresh[1]])
    }
    expectEqualDistributions(found, expected, "\(sampler.name), Geweke")
  }

  @Test func geweke() throws {
    try checkGeweke(NoUTurn(maximumDepth: 6), memory: DualAveraging(firstStep: 0.25))
    try checkGeweke(HamiltonianMonteCarlo(), memory: DualAveraging(firstStep: 0.25))
    try checkGeweke(EllipticalSlice(), memory: NoMemory())
    try checkGeweke(EllipticalSlice(degreesOfFreedom: 3), memory: NoMemory())
  }

  // MARK: - Ranks

  /// Ranks of the true parameter among draws of its posterior are uniform: chi squared over 8 bins.
  ///
  /// Source: Talts et al., "Validating Bayesian inference algorithms with simulation-based calibration", arXiv
  /// 1804.06788.
  private func checkRanks(isLinear: Bool, _ name: String, _ draw: (any LogDensity, UInt64) throws -> [[Double]])
    throws
  {
    let (replicates, bins) = (240, 8)
    for coordinate in 0..<2 {
      var counts = [Double](repeating: 0, count: bins)
      for replicate in 0..<replicates {
        var source = RandomSource(seed: 21, stream: UInt64(replicate))
        let theta = [source.nextNormal(), source.nextNormal()]
        let data = Posterior.data(theta, isLinear: isLinear, using: &source)
        let draws = try draw(Posterior(data: data, isLinear: isLinear), UInt64(replicate))
        let rank = draws.count { $0[coordinate] < theta[coordinate] }
        counts[min(bins - 1, rank * bins / (draws.count + 1))] += 1
      }
      let expected = Double(replicates) / Double(bins)
      let statistic = counts.reduce(0) { $0 + ($1 - expected) * ($1 - expected) / expected }
      // The upper 1e-6 of chi squared with 7 degrees of freedom.
      #expect(statistic < 40.5, "\(name), coordinate \(coordinate): \(counts)")
    }
  }

  @Test func ranksOfLaplaceDrawsOnALinearModel() throws {
    try checkRanks(isLinear: true, "laplace") { density, seed in
      let approximation = try mode(of: density)
      var source = RandomSource(seed: 31, stream: seed)
      return (0..<31).map { _ in approximation.distribution.sample(using: &source) }
    }
  }

  @Test func ranksOfResampledLaplaceDrawsOnALinearModel() throws {
    try checkRanks(isLinear: true, "is of laplace draws") { density, seed in
      let approximation = try mode(of: density).distribution
      var source = RandomSource(seed: 41, stream: seed)
      let candidates = (0..<4 * 31).map { _ in approximation.sample(using: &source) }
      let ratios = try candidates.map { try density.value(at: $0) - approximation.logDensity(at: $0) }
      let chosen = try ImportanceResampling.resample(logRatios: ratios, count: 31, using: &source)
      return chosen.indices.map { candidates[$0] }
    }
  }

  /// Importance resampling mends the approximation where it overlaps with the target, here a bent one.
  @Test func ranksOfResampledDraws() throws {
    try checkRanks(isLinear: false, "is") { density, seed in
      // Wide draws of the prior: the Laplace approximation of a posterior of two modes has one.
      var source = RandomSource(seed: 31, stream: seed)
      let candidates = (0..<2000).map { _ in [1.2 * source.nextNormal(), 1.2 * source.nextNormal()] }
      let ratios = try candidates.map { theta in
        try density.value(at: theta) + (theta[0] * theta[0] + theta[1] * theta[1]) / 2 / 1.44
      }
      let chosen = try ImportanceResampling.resample(logRatios: ratios, count: 31, using: &source)
      return chosen.indices.map { candidates[$0] }
    }
  }

  @Test func ranksOfMarkovChains() throws {
    func chain(_ sampler: some Sampler, thinning: Int) -> (any LogDensity, UInt64) throws -> [[Double]] {
      { density, seed in
        nonisolated(unsafe) let density = density
        let sampling = MarkovChainSampling(
          sampler: sampler, chains: 1, warmUp: 100, draws: 31 * thinning, seed: 1000 + seed, threads: 1)
        let history = try sampling.run(
          coordinates: try .identity(2), start: { [$0.nextNormal(), $0.nextNormal()] }, makeDensity: { density })[0]
        return stride(from: 100 + thinning - 1, to: 100 + 31 * thinning, by: thinning).map {
          history.iterations[$0].position
        }
      }
    }
    try checkRanks(isLinear: true, "nuts", chain(NoUTurn(), thinning: 3))
    try checkRanks(isLinear: true, "hmc", chain(HamiltonianMonteCarlo(), thinning: 6))
    try checkRanks(isLinear: true, "ess", chain(EllipticalSlice(), thinning: 20))
  }

  private func mode(of density: any LogDensity) throws -> LaplaceApproximation {
    nonisolated(unsafe) let density = density
    let white = try WhiteCoordinates.identity(2)
    let driver = MaximumAPosteriori(optimiser: LBFGS(), steps: 100)
    var state = try driver.makeState(from: [0, 0])
    let result = try #require(try driver.run(density, state: &state).result)
    return try LaplaceApproximation(at: result.best.theta, white: white, threads: 1, makeDensity: { density })
  }
}
