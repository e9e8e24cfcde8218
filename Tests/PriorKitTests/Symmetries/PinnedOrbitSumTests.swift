import Distributions
import FXParams
import NumericCore
import PriorKit
import TestSupport
import Testing

/// Priors with fixed parameters, summed over the copies in which these have their values.
@Suite("Densities over orbits with fixed parameters")
struct PinnedOrbitSumTests {
  private let chain = OrbitSumTests.smallChain

  private func prior(fixing names: [String]) throws -> Prior {
    let dimension = chain.parameterSpace.count
    let joint = try MultivariateNormal(
      mean: Array(repeating: 0.3, count: dimension), covariance: .identity(dimension))
    let prior = try Prior(chain: chain, distribution: joint)
    let positions = try names.map { try #require(chain.parameterSpace.index(of: $0)) }
    return try prior.conditioned(on: positions.map { ($0, 0.2) }).prior
  }

  @Test("keeps the values, and the symmetries that do not touch them")
  func keepsTheValues() throws {
    // A band that is fixed in part has no copy in which it is exchanged; the lookahead's sign remains.
    let prior = try prior(fixing: ["a.gain"])
    let summed = try prior.summedOverOrbits()
    let pinned = try #require(summed.distribution as? PinnedDistribution)
    let orbits = try #require(pinned.free as? OrbitSum)
    #expect(summed.pinnedPositions == prior.pinnedPositions && orbits.group.count == 2)
    var source = RandomSource(seed: 1)
    for _ in 0..<20 { #expect(summed.sample(using: &source)[prior.pinnedPositions[0]] == 0.2) }
    let again = try summed.summedOverOrbits()
    #expect((again.distribution as? PinnedDistribution)?.free is OrbitSum)
    checkScore(DensityUnderTest(of: orbits))
  }

  @Test("is the prior itself where every symmetry touches them")
  func nothingToSum() throws {
    let lookahead = try #require(chain.parameterSpace.names.first { $0.hasSuffix("lookahead") })
    let summed = try prior(fixing: ["a.gain", lookahead]).summedOverOrbits()
    #expect((summed.distribution as? PinnedDistribution)?.free is MultivariateNormal)
  }
}
