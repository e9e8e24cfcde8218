import Distributions
import FXParams
import Foundation
import HDF5Store
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

/// Priors once some of their parameters are known.
@Suite struct ConditioningTests {
  static let families: [any DensityEstimator] = [
    LedoitWolfEstimator(), StudentTEstimator(), MixtureEstimator(components: 2, covariance: .full),
    CopulaEstimator(), CopulaEstimator(degreesOfFreedom: .infinity),
  ]

  static func prior(_ estimator: any DensityEstimator) throws -> Prior {
    try estimator.fit(normalPresets(80, of: SmallChain.bands))
  }

  @Test(.enabled(if: Reference.isAvailable, Comment(rawValue: Reference.absence)))
  func agreesWithTheReference() throws {
    let file = try Reference.open("prior")
    let prior = try Prior(
      chain: .diffVox, mean: file.doubles("/mean").values,
      covariance: Matrix(rows: 130, columns: 130, values: file.doubles("/cov").values))
    let positions = try file.integers("/conditional/given_index").values
    let values = try file.doubles("/conditional/given_value").values
    let conditioned = try prior.conditioned(on: zip(positions, values).map { (position: $0, logit: $1) }).prior
    let pinned = try #require(conditioned.distribution as? PinnedDistribution)
    let free = try #require(pinned.free as? MultivariateNormal)
    #expect(pinned.pinnedPositions == positions.sorted())
    let mean = try file.doubles("/conditional/mean").values
    let covariance = try file.doubles("/conditional/cov").values
    #expect(zip(free.mean, mean).allSatisfy { ($0 - $1).magnitude <= 1e-8 * (1 + $1.magnitude) })
    #expect(zip(free.covariance.values, covariance).allSatisfy { ($0 - $1).magnitude <= 1e-8 * (1 + $1.magnitude) })
  }

  /// p(free | given) = p(free, given) / p(given), whatever stands in the pinned entries.
  @Test(arguments: families) func isJointOverMarginal(_ family: any DensityEstimator) throws {
    let prior = try Self.prior(family)
    var source = RandomSource(seed: 3)
    for _ in 0..<5 {
      var point = prior.sample(using: &source)
      let given = [5, 1]
      let joint = prior.logDensity(at: point)
      let marginal = try prior.marginal(over: given).logDensity(at: given.map { point[$0] })
      let conditioned = try prior.conditioned(on: given.map { (position: $0, logit: point[$0]) }).prior
      #expect((conditioned.logDensity(at: point) - (joint - marginal)).magnitude < 1e-9 * (1 + joint.magnitude))
      let exact = conditioned.logDensity(at: point)
      point[5] += 1
      #expect(conditioned.logDensity(at: point) == exact)
    }
  }

  /// Student-t, mixture and copula conditionals against the joint density divided by its integral.
  @Test(arguments: families) func agreesWithNumericalIntegration(_ family: any DensityEstimator) throws {
    let prior = try family.fit(normalPresets(60, of: SmallChain.shelf))
    let given = 0.3
    let conditioned = try prior.conditioned(on: [(position: 1, logit: given)]).prior
    // The substitution x = centre + scale sinh u reaches into tails of any power.
    let (step, scale) = (0.01, 0.5)
    let nodes = (-1200...1200).map { index -> (x: Double, weight: Double) in
      let u = Double(index) * step
      return (prior.mean[0] + scale * sinh(u), step * scale * cosh(u))
    }
    let integral = nodes.reduce(0) { $0 + $1.weight * exp(prior.logDensity(at: [$1.x, given])) }
    for x in [-2.0, -0.5, 0, 0.4, 1, 3] {
      let expected = prior.logDensity(at: [x, given]) - log(integral)
      #expect((conditioned.logDensity(at: [x, given]) - expected).magnitude < 1e-6, "\(family.name) at \(x)")
    }
  }

  @Test(arguments: families) func drawsAndScoreLeavePinnedAlone(_ family: any DensityEstimator) throws {
    let prior = try Self.prior(family)
    let conditioned = try prior.conditioned(on: [(position: 2, logit: 0.25), (position: 0, logit: -1)]).prior
    var source = RandomSource(seed: 8)
    var score = [Double](repeating: .nan, count: 7)
    for _ in 0..<20 {
      let draw = conditioned.sample(using: &source)
      #expect(draw[2] == 0.25 && draw[0] == -1)
      _ = conditioned.logDensity(at: draw, score: &score)
      #expect(score[2] == 0 && score[0] == 0)
      for coordinate in [1, 3, 4, 5, 6] {
        let difference = centralDifference(
          of: { conditioned.logDensity(at: $0) }, at: draw, coordinate: coordinate, step: 1e-4)
        #expect((score[coordinate] - difference).magnitude < 1e-4 * (1 + difference.magnitude))
      }
    }
    #expect(conditioned.mean[2] == 0.25 && conditioned.mean[0] == -1)
  }

  @Test(arguments: families) func fileKeepsEveryBit(_ family: any DensityEstimator) throws {
    let scratch = try Scratch()
    let conditioned = try Self.prior(family).conditioned(on: [(position: 3, logit: 0.7)]).prior
    try PriorFile.write(
      conditioned, to: scratch.file("c.h5"), provenance: Provenance(arguments: ["test"]), overwrite: false)
    let copy = try PriorFile.read(scratch.file("c.h5"))
    #expect(copy.pinnedPositions == [3] && copy.mean == conditioned.mean)
    var sources = [RandomSource(seed: 4), RandomSource(seed: 4)]
    let draw = conditioned.sample(using: &sources[0])
    #expect(copy.sample(using: &sources[1]) == draw)
    #expect(copy.logDensity(at: draw) == conditioned.logDensity(at: draw))
  }

  /// Conditioning twice is conditioning on both.
  @Test func conditionsAddUp() throws {
    let prior = try Self.prior(LedoitWolfEstimator())
    let once = try prior.conditioned(on: [(position: 4, logit: 0.1), (position: 1, logit: 0.9)]).prior
    let twice = try prior.conditioned(on: [(position: 4, logit: 0.1)]).prior
      .conditioned(on: [(position: 1, logit: 0.9)]).prior
    #expect(twice.pinnedPositions == [1, 4])
    #expect(zip(once.mean, twice.mean).allSatisfy { ($0 - $1).magnitude < 1e-12 })
    var source = RandomSource(seed: 1)
    let draw = once.sample(using: &source)
    #expect((once.logDensity(at: draw) - twice.logDensity(at: draw)).magnitude < 1e-10)
    let part = try once.distribution.marginalDistribution(over: [4, 0])
    #expect(part.mean[0] == 0.1 && part.pinnedPositions == [0])
    let rest = try once.distribution.conditionalDistribution(given: [0, 4], values: [0.2, 9])
    #expect(rest.dimension == 5 && rest.pinnedPositions == [0])
  }

  // MARK: - Errors

  @Test func refusesWhatIsNoCondition() throws {
    let prior = try Self.prior(LedoitWolfEstimator())
    #expect(throws: ConditioningError.nothingGiven) { try prior.conditioned(on: []) }
    #expect(throws: DistributionError.nothingFree) {
      try prior.conditioned(on: (0..<7).map { (position: $0, logit: 0) })
    }
    #expect(throws: ConditioningError.repeated(parameter: "peak1.gain")) {
      try prior.conditioned(on: [(position: 0, logit: 0), (position: 0, logit: 1)])
    }
    let conditioned = try prior.conditioned(on: [(position: 0, logit: 0)]).prior
    #expect(throws: ConditioningError.alreadyPinned(parameter: "peak1.gain")) {
      try conditioned.conditioned(on: [(position: 0, logit: 0)])
    }
  }

  @Test func refusesValuesOutsideTheirRange() throws {
    let prior = try Self.prior(LedoitWolfEstimator())
    #expect(try prior.logit(of: 3, at: 0) == 3)
    #expect(throws: ParameterError.self) { try prior.logit(of: 5400, at: 1) }
    #expect(throws: ParameterError.self) { try prior.logit(of: .nan, at: 0) }
  }

  // MARK: - Without a closed form

  /// Of the logits of one lookahead the prior chooses the most plausible.
  @Test func foldedParametersTakeTheLikeliestLogit() throws {
    let chain = ChainDescription(
      series: [.compressorExpander(CompressorExpander())], sends: [], hasCrossSends: false, hasDirectPan: false)
    let space = chain.parameterSpace
    let position = try #require(space.index(of: "compressor.lookahead"))
    var mean = [Double](repeating: 0, count: space.count)
    mean[position] = -17
    let prior = try Prior(chain: chain, mean: mean, covariance: .identity(space.count))
    #expect((try prior.logit(of: 4, at: position) - -19).magnitude < 1e-12)
  }

  /// A block that is given in part loses its radial map, and the cost is told.
  @Test func radialCopulasTellTheirError() throws {
    let chain = ChainDescription(
      series: [.compressorExpander(CompressorExpander())], sends: [], hasCrossSends: false, hasDirectPan: false)
    let prior = try CopulaEstimator(radial: true).fit(normalPresets(120, of: chain))
    let conditioned = try prior.conditioned(on: [(position: 0, logit: 0.5)])
    let approximation = try #require(conditioned.approximation)
    #expect(approximation.blocks == 1)
    #expect(approximation.divergence.mean > 0 && approximation.divergence.mean < 5)
    #expect(approximation.divergence.standardError.map { $0 < 1 } == true)
    #expect(throws: CopulaError.self) { try prior.distribution.conditionalDistribution(given: [0], values: [0.5]) }
  }
}
