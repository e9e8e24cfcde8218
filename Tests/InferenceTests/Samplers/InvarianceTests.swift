import Foundation
import Inference
import NumericCore
import TestSupport
import Testing

/// Every Markov chain keeps every target: Gaussian, correlated, of 130 parameters, curved, funnel-shaped, of two
/// modes.
@Suite struct InvarianceTests {
  /// Coordinates with the right scale and no more.
  private func scaled(_ density: some SampledDensity) throws -> WhiteCoordinates {
    try WhiteCoordinates(centre: density.mean, covariance: .diagonal(density.variance))
  }

  private func check(_ density: some SampledDensity, stepSize: Double, chains: Int = 3000) throws {
    let coordinates = try scaled(density)
    let memory = DualAveraging(firstStep: stepSize)
    try checkInvariance(
      of: NoUTurn(maximumDepth: 5), memory: memory, on: density, coordinates: coordinates, chains: chains)
    try checkInvariance(
      of: HamiltonianMonteCarlo(pathLength: 6 * stepSize), memory: memory, on: density, coordinates: coordinates,
      chains: chains)
    try checkInvariance(
      of: EllipticalSlice(), memory: NoMemory(), on: density, coordinates: coordinates, chains: chains)
    try checkInvariance(
      of: EllipticalSlice(degreesOfFreedom: 4, thinning: 2), memory: NoMemory(), on: density,
      coordinates: coordinates, chains: chains)
  }

  @Test func independentGaussian() throws {
    try check(IndependentGaussian(mean: [1, -2, 0.5], deviation: [0.5, 2, 1]), stepSize: 0.9)
  }

  @Test func correlatedGaussian() throws {
    try check(
      AutoregressiveGaussian(mean: [3, -1, 0, 2], deviation: [1, 0.3, 2, 5], correlation: 0.9), stepSize: 0.3)
  }

  @Test func banana() throws { try check(Banana(), stepSize: 0.02) }

  @Test func funnel() throws { try check(Funnel(followers: 2), stepSize: 0.1) }

  @Test func twoModes() throws { try check(TwoModes(), stepSize: 0.5) }

  @Test func priorOf130Parameters() throws {
    let target = try GaussianTarget.ofDefaultPresets()
    #expect(target.dimension == 130)
    try check(target, stepSize: 0.15, chains: 1000)
  }

  @Test(.enabled(if: Reference.isAvailable, Comment(rawValue: Reference.absence)))
  func covarianceOfDiffVox() throws {
    let target = try GaussianTarget.ofPublishedPresets()
    #expect(target.dimension == 130)
    try check(target, stepSize: 0.15, chains: 1000)
  }

  /// A target that is the reference itself: the likelihood is constant, and the prior must not be left.
  @Test func constantLikelihoodKeepsThePrior() throws {
    let prior = GaussianTarget(
      try MultivariateNormal(mean: [1, -1], covariance: Matrix(rows: 2, columns: 2, values: [2, 0.9, 0.9, 1])),
      name: "prior")
    let white = try WhiteCoordinates(whitening: prior.distribution)
    try checkInvariance(of: EllipticalSlice(), memory: NoMemory(), on: prior, coordinates: white, steps: 20)
    let memory = DualAveraging(firstStep: 0.7)
    try checkInvariance(of: HamiltonianMonteCarlo(), memory: memory, on: prior, coordinates: white, steps: 20)
    try checkInvariance(of: NoUTurn(), memory: memory, on: prior, coordinates: white, steps: 10)
    // Nothing but rounding stands against any point of an ellipse: the first one tried is taken.
    let target = SamplingTarget(prior, coordinates: white)
    var source = RandomSource(seed: 5)
    var point = try target.point(at: [0.3, -0.2], withGradient: false)
    var unused = NoMemory()
    let steps = try (0..<500).map { _ in
      try EllipticalSlice().step(&point, memory: &unused, isWarmUp: false, target: target, source: &source)
        .evaluationCount
    }
    #expect(steps.reduce(0, +) == 500)
  }

  /// The law notices a wrong correlation of right marginals.
  @Test func comparisonsCanFail() {
    var source = RandomSource(seed: 7)
    let straight = (0..<3000).map { _ in [source.nextNormal(), source.nextNormal()] }
    let leaning = (0..<3000).map { _ -> [Double] in
      let first = source.nextNormal()
      return [first, 0.2 * first + 0.96.squareRoot() * source.nextNormal()]
    }
    withKnownIssue { expectEqualDistributions(leaning, straight, "a correlation of 0.2") }
  }

  /// The law notices a sampler that is a little wrong.
  @Test func lawsCanFail() throws {
    let density = IndependentGaussian(mean: [0], deviation: [1])
    withKnownIssue {
      try checkInvariance(
        of: Shrinking(), memory: NoMemory(), on: density, coordinates: try .identity(1), chains: 3000, steps: 4)
    }
  }

  /// Elliptical slice sampling that then moves a quarter down.
  private struct Shrinking: Sampler {
    let name = "shrinking"
    let settings: [String: String] = [:]

    func step(
      _ point: inout MarkovChainPoint, memory: inout NoMemory, isWarmUp: Bool, target: SamplingTarget,
      source: inout RandomSource
    ) throws -> EllipticalSlice.Info {
      let info = try EllipticalSlice().step(
        &point, memory: &memory, isWarmUp: isWarmUp, target: target, source: &source)
      point = try target.point(at: point.position.map { 0.9 * $0 - 0.25 }, withGradient: false)
      return info
    }
  }
}
