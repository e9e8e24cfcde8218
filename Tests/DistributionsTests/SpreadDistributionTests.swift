import Distributions
import Foundation
import NumericCore
import TestSupport
import Testing

/// A density that is another one, wider or narrower.
@Suite("Densities spread about a point")
struct SpreadDistributionTests {
  private let normal: MultivariateNormal
  private let mixture: GaussianMixture

  init() throws {
    normal = try MultivariateNormal(
      mean: [0.3, -1, 2], covariance: Matrix(rows: [[1, 0.4, 0], [0.4, 0.8, -0.2], [0, -0.2, 0.5]]))
    mixture = GaussianMixture(
      weights: [0.3, 0.7],
      components: [normal, try MultivariateNormal(mean: [-1, 0.5, 1], covariance: .diagonal([0.3, 1.5, 0.9]))])
  }

  /// A wrapped normal is the normal of that covariance.
  @Test(arguments: [0.4, 1.7]) func agreesWithTheNormal(_ factor: Double) throws {
    let wrapped = SpreadDistribution(normal, about: normal.mean, by: factor)
    let direct = try #require(try normal.spread(by: factor) as? MultivariateNormal)
    var source = RandomSource(seed: 5)
    let points = Matrix(rows: (0..<20).map { _ in direct.sample(using: &source) })
    let values = wrapped.logDensities(ofRows: points)
    for row in 0..<20 {
      let point = points.row(row)
      #expect(abs(values[row] - direct.logDensity(at: point)) < 1e-11)
      #expect(
        wrapped.logDensity(at: point) == values[row] || abs(wrapped.logDensity(at: point) - values[row]) < 1e-11)
    }
    let (own, given) = (
      try wrapped.conditionalDistribution(given: [2], values: [0.7]),
      try direct.conditionalDistribution(given: [2], values: [0.7])
    )
    #expect(abs(own.logDensity(at: [1, -0.5]) - given.logDensity(at: [1, -0.5])) < 1e-11)
    let (part, marginal) = (
      try wrapped.marginalDistribution(over: [2, 0]), try direct.marginalDistribution(over: [2, 0])
    )
    #expect(abs(part.logDensity(at: [1, -0.5]) - marginal.logDensity(at: [1, -0.5])) < 1e-11)
    // Draws of one stream are moved, not drawn anew.
    var (first, second) = (RandomSource(seed: 2), RandomSource(seed: 2))
    let (narrow, wide) = (normal.sample(using: &first), wrapped.sample(using: &second))
    for index in 0..<3 {
      #expect(abs(wide[index] - normal.mean[index] - factor * (narrow[index] - normal.mean[index])) < 1e-12)
    }
  }

  @Test(arguments: [0.5, 2.0]) func scoreIsTheGradientAndTheDensityIntegratesToOne(_ factor: Double) throws {
    let density = try #require(try mixture.spread(by: factor) as? SpreadDistribution)
    #expect(largestDifference(density.mean, mixture.mean) < 1e-12)
    checkScore(DensityUnderTest(of: density), tolerance: 1e-6, step: 1e-3)
    let inside = try MultivariateNormal(mean: mixture.mean, covariance: .diagonal([0.05, 0.05, 0.05]))
    var source = RandomSource(seed: 3)
    let ratios = (0..<40_000).map { _ in
      let point = density.sample(using: &source)
      return exp(inside.logDensity(at: point) - density.logDensity(at: point))
    }
    let mean = ratios.reduce(0, +) / 40_000
    let variance = ratios.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 40_000
    #expect(abs(mean - 1) < 5 * (variance / 40_000).squareRoot(), "integrates to 1 / \(mean)")
  }

  @Test func heavyTailsStayAsHeavy() throws {
    let inner = try MultivariateStudentT(location: [1, -1], scatter: .diagonal([1, 2]), degreesOfFreedom: 5)
    let direct = try #require(try StudentT(inner).spread(by: 3) as? StudentT)
    #expect(direct.distribution.degreesOfFreedom == 5)
    let wrapped = SpreadDistribution(StudentT(inner), about: [1, -1], by: 3)
    for point in [[1.0, -1], [4, 2], [-30, 8]] {
      #expect(abs(direct.logDensity(at: point) - wrapped.logDensity(at: point)) < 1e-11)
    }
  }

  @Test func whatIsPinnedStays() throws {
    let pinned = PinnedDistribution(positions: [1], values: [4], free: try normal.marginal(over: [0, 2]))
    let density = try pinned.spread(by: 2)
    #expect(density.pinnedPositions == [1] && density.mean == pinned.mean)
    let free = try normal.marginal(over: [0, 2]).spread(by: 2)
    #expect(abs(density.logDensity(at: [1, 4, 0]) - free.logDensity(at: [1, 0])) < 1e-11)
    var source = RandomSource(seed: 1)
    #expect(density.sample(using: &source)[1] == 4)
  }

  @Test func archivesGiveTheSameDensityAndDamagedOnesAreNamed() throws {
    let density = try mixture.spread(by: 1.3)
    var archive = DistributionArchive()
    density.encode(into: &archive)
    let back = try #require(try DistributionFamilies.standard.decode(SpreadDistribution.family, from: archive))
    #expect(back.logDensity(at: [0.4, -1, 0.3]) == density.logDensity(at: [0.4, -1, 0.3]))
    for name in ["factor", "centre"] {
      var damaged = archive
      damaged.arrays[name] = nil
      #expect(throws: ArchiveError.missing(name)) {
        try DistributionFamilies.standard.decode(SpreadDistribution.family, from: damaged)
      }
    }
    var (negative, foreign) = (archive, archive)
    negative.set(-1, for: "factor")
    #expect(throws: ArchiveError.invalid("factor", value: -1, condition: "positive")) {
      try DistributionFamilies.standard.decode(SpreadDistribution.family, from: negative)
    }
    foreign.texts["base/family"] = "oracle"
    #expect(throws: ArchiveError.unknown("base/family", text: "oracle")) {
      try DistributionFamilies.standard.decode(SpreadDistribution.family, from: foreign)
    }
  }
}
