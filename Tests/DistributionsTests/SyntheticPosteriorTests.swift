import Distributions
import Foundation
import NumericCore
import TestSupport
import Testing

/// Priors times a likelihood that was fitted: exact where both are normal, a density otherwise.
@Suite("Synthetic likelihoods and the posteriors they give")
struct SyntheticPosteriorTests {
  private func likelihood(limit: Double = 2, degreesOfFreedom: Double = 5) throws -> SyntheticLikelihood {
    try SyntheticLikelihood(
      centre: [0.2, -0.4], scale: [1.5, 0.8], limit: limit, slopes: Matrix(rows: [[0.9, -0.3], [0.4, 0.7]]),
      intercept: [0.1, 0.5], degreesOfFreedom: degreesOfFreedom)
  }

  private func base() throws -> MultivariateNormal {
    try MultivariateNormal(mean: [0.3, -0.2], covariance: Matrix(rows: [[1.2, 0.3], [0.3, 0.7]]))
  }

  private func joint() throws -> SyntheticPosterior {
    try SyntheticPosterior(
      inputs: MultivariateNormal(mean: [0.1, -0.1, 0], covariance: .diagonal([0.8, 1.1, 0.9])),
      function: KernelFunction(
        centres: Matrix(rows: [[0.3, -0.5, 0.2], [-0.8, 0.1, 0.4], [0.5, 0.9, -0.7]]), scales: [0.7, 0.5, 0.6],
        limit: 40, offset: [0.4, -0.2], coefficients: Matrix(rows: [[2, -1], [-1, 0.5], [1, 1]])),
      likelihood: likelihood(), base: base())
  }

  @Test func theLikelihoodIntegratesToOneOverSummaries() throws {
    let likelihood = try likelihood()
    var score = [0.0, 0.0]
    var sum = 0.0
    let step = 0.25
    for i in -240...240 {
      for j in -240...240 {
        let summary = [Double(i) * step, Double(j) * step]
        sum += exp(likelihood.logDensity(of: summary, given: [0.7, -0.9], addingScoreTo: &score)) * step * step
      }
    }
    // A Student-t of five degrees of freedom has a share of about 1e-8 beyond 60.
    #expect(abs(sum - 1) < 1e-6, "\(sum)")
  }

  /// Normal prior, linear normal likelihood: the posterior of the textbooks.
  @Test func aLinearNormalLikelihoodGivesTheConjugatePosterior() throws {
    let (base, likelihood) = (try base(), try likelihood(limit: 1e4, degreesOfFreedom: 1e8))
    let summary = [0.8, 1.1]
    let posterior = try TiltedDistribution(base, likelihood: likelihood, summary: summary)
    // u = a + B^T S (theta - c) + e, e of unit variance.
    let map = Matrix(rows: (0..<2).map { row in likelihood.slopes.row(row).map { $0 / likelihood.scale[row] } })
    var precision = try Cholesky(base.covariance).inverse()
    let gained = map.multiplied(by: map, transposingOther: true)
    for index in precision.values.indices { precision.values[index] += gained.values[index] }
    let covariance = try Cholesky(precision).inverse()
    let offCentre = map.transposed * zip(base.mean, likelihood.centre).map { $0 - $1 }
    let rest = (0..<2).map { summary[$0] - likelihood.intercept[$0] - offCentre[$0] }
    let mean = zip(base.mean, covariance * (map * rest)).map(+)
    let exact = try MultivariateNormal(mean: mean, covariance: covariance)
    #expect(largestDifference(posterior.mean, mean) < 0.03, "\(posterior.mean) for \(mean)")
    var source = RandomSource(seed: 5)
    let points = Matrix(rows: (0..<20).map { _ in exact.sample(using: &source) })
    let (found, expected) = (posterior.logDensities(ofRows: points), exact.logDensities(ofRows: points))
    for (own, truth) in zip(found, expected) { #expect(abs(own - truth) < 0.03) }
    let draws = Matrix(rows: (0..<8000).map { _ in posterior.sample(using: &source) })
    let moments = try SampleMoments(draws)
    #expect(largestDifference(moments.mean, mean) < 0.05)
    #expect(largestDifference(moments.covariance().values, covariance.values) < 0.06)
    #expect((2000...16_384).contains(posterior.effectiveDrawCount))
  }

  @Test func theScoreIsTheGradientAndTheDensityIntegratesToOne() throws {
    let posterior = try TiltedDistribution(base(), likelihood: likelihood(), summary: [1.5, -0.8])
    checkScore(DensityUnderTest(of: posterior), tolerance: 1e-6)
    var sum = 0.0
    let step = 0.05
    for i in -160...160 {
      for j in -160...160 {
        sum += exp(posterior.logDensity(at: [Double(i) * step, Double(j) * step])) * step * step
      }
    }
    #expect(abs(sum - 1) < 0.02, "\(sum)")
    let points = Matrix(rows: [[0.1, 0.4], [3, -2]])
    for (row, value) in posterior.logDensities(ofRows: points).enumerated() {
      #expect(abs(value - posterior.logDensity(at: points.row(row))) < 1e-12)
    }
  }

  @Test func aSummaryThatSaysNothingLeavesThePrior() throws {
    let base = StudentT(
      try MultivariateStudentT(location: [1, 2], scatter: .identity(2), degreesOfFreedom: 3))
    let blind = try SyntheticLikelihood(
      centre: [0, 0], scale: [1, 1], limit: 3, slopes: Matrix(rows: 2, columns: 1), intercept: [0],
      degreesOfFreedom: 5)
    let posterior = try TiltedDistribution(base, likelihood: blind, summary: [7])
    #expect(largestDifference(posterior.mean, base.mean) < 1e-12)
    #expect(abs(posterior.logDensity(at: [4, -1]) - base.logDensity(at: [4, -1])) < 1e-9)
    #expect(abs(posterior.effectiveDrawCount - 16_384) < 1e-3)
  }

  @Test func aSoundWithoutAnyPlausiblePresetIsStillAPosterior() throws {
    let posterior = try TiltedDistribution(base(), likelihood: likelihood(), summary: [1e6, -1e6])
    #expect(posterior.mean.allSatisfy(\.isFinite) && posterior.logDensity(at: [0, 0]).isFinite)
    // The likelihood is about the same for all presets there.
    #expect(posterior.effectiveDrawCount > 16_000)
  }

  @Test func theJointScoreIsTheGradientAndMarginalTimesConditionalTheJoint() throws {
    let joint = try joint()
    checkScore(DensityUnderTest(of: joint), tolerance: 1e-6)
    let marginal = try joint.marginalDistribution(over: [2, 3, 4])
    var source = RandomSource(seed: 4)
    for _ in 0..<5 {
      let point = joint.sample(using: &source)
      let given = try joint.conditionalDistribution(given: [4, 2, 3], values: [point[4], point[2], point[3]])
      let product = marginal.logDensity(at: Array(point[2...])) + given.logDensity(at: Array(point[..<2]))
      #expect(abs(product - joint.logDensity(at: point)) < 1e-10 * (1 + abs(product)))
    }
    #expect(throws: DistributionError.self) { try joint.marginalDistribution(over: [0]) }
    #expect(throws: DistributionError.self) { try joint.conditionalDistribution(given: [0], values: [1]) }
    let given = try joint.conditionalDistribution(given: [2, 3, 4], values: [0, 0, 0])
    #expect(throws: DistributionError.self) { try given.marginalDistribution(over: [0]) }
    #expect(throws: DistributionError.self) { try given.conditionalDistribution(given: [0], values: [0]) }
  }

  @Test func archivesGiveTheSameDensityAndDamagedOnesAreNamed() throws {
    let joint = try joint()
    let tilted = try joint.conditionalDistribution(given: [2, 3, 4], values: [0.2, 0.1, -0.3])
    for (density, names) in [
      (joint as any Distribution, ["centres", "likelihood/scale", "inputs/mean", "base/density/mean"]),
      (tilted, ["summary", "likelihood/slopes", "base/density/mean"]),
    ] {
      var archive = DistributionArchive()
      density.encode(into: &archive)
      let family = type(of: density).family
      let back = try #require(try DistributionFamilies.standard.decode(family, from: archive))
      let point = [0.4, -1, 0.3, 0.2, 0.1].prefix(density.dimension).map { $0 }
      #expect(back.logDensity(at: point) == density.logDensity(at: point))
      #expect(back.mean == density.mean)
      for name in names {
        var damaged = archive
        damaged.arrays[name] = nil
        #expect(throws: (any Error).self, "\(name)") {
          try DistributionFamilies.standard.decode(family, from: damaged)
        }
      }
      var negative = archive
      negative.set([-1, 1], for: "likelihood/scale")
      #expect(throws: ArchiveError.self) { try DistributionFamilies.standard.decode(family, from: negative) }
    }
  }

  @Test func aLikelihoodBeyondAnyNumberIsRefused() throws {
    let vanishing = try SyntheticLikelihood(
      centre: [0, 0], scale: [1, 1], limit: 1, slopes: Matrix(rows: 2, columns: 1), intercept: [0],
      degreesOfFreedom: 1e-308)
    #expect(throws: DistributionError.self) {
      try TiltedDistribution(base(), likelihood: vanishing, summary: [1e10])
    }
  }

  @Test func partsMustFit() throws {
    #expect(throws: DistributionError.dimensionMismatch(what: "summary", expected: 2, found: 3)) {
      try TiltedDistribution(base(), likelihood: likelihood(), summary: [1, 2, 3])
    }
    #expect(throws: DistributionError.dimensionMismatch(what: "likelihood", expected: 3, found: 2)) {
      try TiltedDistribution(
        MultivariateNormal(mean: [0, 0, 0], covariance: .identity(3)), likelihood: likelihood(), summary: [1, 2])
    }
    #expect(throws: DistributionError.dimensionMismatch(what: "row of slopes", expected: 1, found: 2)) {
      try SyntheticLikelihood(
        centre: [0], scale: [1], limit: 1, slopes: Matrix(rows: [[1, 2]]), intercept: [0], degreesOfFreedom: 1)
    }
  }
}
