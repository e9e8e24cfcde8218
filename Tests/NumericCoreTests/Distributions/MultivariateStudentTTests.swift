import Foundation
import NumericCore
import TestSupport
import Testing

extension DensityUnderTest {
  init(_ density: MultivariateStudentT) {
    self.init(
      dimension: density.dimension, logDensityAndScore: { density.logDensity(at: $0, score: &$1) },
      sample: { density.sample(using: &$0) })
  }
}

@Suite struct MultivariateStudentTTests {
  static let location = [1.0, -2, 0.5]
  static let scatter = Matrix(rows: [[2, -0.6, 0.3], [-0.6, 1.5, 0.2], [0.3, 0.2, 0.8]])

  /// scipy.stats.multivariate_t.logpdf, SciPy 1.17.1 (scripts/references/distributions.py).
  static let references: [(degreesOfFreedom: Double, point: [Double], logDensity: Double)] = [
    (1.5, [1.0, -2.0, 0.5], -2.704491720992473),
    (1.5, [0.0, 0.0, 0.0], -5.389260073802902),
    (1.5, [30.0, -20.0, 4.0], -15.727688032213912),
    (4.0, [1.0, -2.0, 0.5], -2.896352761624089),
    (4.0, [0.0, 0.0, 0.0], -5.071462341654565),
    (4.0, [30.0, -20.0, 4.0], -19.73958265422203),
    (60.0, [1.0, -2.0, 0.5], -3.0452427650097236),
    (60.0, [0.0, 0.0, 0.0], -4.804632940589949),
    (60.0, [30.0, -20.0, 4.0], -72.72578476715456),
  ]

  @Test(arguments: references)
  func logDensity(_ value: (degreesOfFreedom: Double, point: [Double], logDensity: Double)) throws {
    let density = try MultivariateStudentT(
      location: Self.location, scatter: Self.scatter, degreesOfFreedom: value.degreesOfFreedom)
    var gradient = [0.0, 0, 0]
    let found = density.logDensity(at: value.point, score: &gradient)
    #expect((found - value.logDensity).magnitude < 1e-12 * value.logDensity.magnitude)
    #expect(density.logDensity(at: value.point) == found)
  }

  @Test(arguments: [1.5, 5, 30, .infinity]) func scores(degreesOfFreedom: Double) throws {
    checkScore(
      DensityUnderTest(
        try MultivariateStudentT(
          location: Self.location, scatter: Self.scatter, degreesOfFreedom: degreesOfFreedom)))
  }

  @Test func integratesToOne() throws {
    let density = try MultivariateStudentT(location: [0.3], scatter: Matrix(rows: [[1.4]]), degreesOfFreedom: 12)
    checkIntegratesToOne(DensityUnderTest(density), box: [-40...40], points: 2000)
  }

  @Test func momentsOfDraws() throws {
    let density = try MultivariateStudentT(
      location: Self.location, scatter: Self.scatter, degreesOfFreedom: 9)
    // The kurtosis of nine degrees of freedom (4.2) makes errors of second moments 1.3 times those of a normal.
    try checkMoments(
      DensityUnderTest(density), mean: density.location, covariance: try #require(density.covariance),
      deviations: 6)
  }

  @Test func withoutDegreesOfFreedomToSpareThereIsNoCovariance() throws {
    let density = try MultivariateStudentT(location: [0], scatter: Matrix(rows: [[1]]), degreesOfFreedom: 2)
    #expect(density.covariance == nil)
  }

  /// log p(x) = log p(b) + log p(a | b).
  @Test(arguments: [2.5, .infinity]) func partsAgreeWithTheJoint(degreesOfFreedom: Double) throws {
    let density = try MultivariateStudentT(
      location: Self.location, scatter: Self.scatter, degreesOfFreedom: degreesOfFreedom)
    let point = [2.0, 1, -0.5]
    let marginal = try density.marginal(over: [2, 0])
    let conditional = try density.conditional(given: [2, 0], values: [point[2], point[0]])
    var one = [0.0]
    var two = [0.0, 0]
    var three = [0.0, 0, 0]
    let parts =
      marginal.logDensity(at: [point[2], point[0]], score: &two)
      + conditional.logDensity(at: [point[1]], score: &one)
    #expect((parts - density.logDensity(at: point, score: &three)).magnitude < 1e-12)
  }

  @Test func farPointsHaveNoDensityButNoNaN() throws {
    let density = try MultivariateStudentT(
      location: Self.location, scatter: Self.scatter, degreesOfFreedom: 3)
    var gradient = [Double.nan, .nan, .nan]
    #expect(density.logDensity(at: [1e200, 0, 0], score: &gradient) == -.infinity)
    #expect(gradient == [0, 0, 0])
    #expect(density.logDensity(at: [1e100, 0, 0], score: &gradient).isFinite)
  }

  /// Means and variances of gamma deviates, within five standard errors.
  @Test(arguments: [0.3, 1, 7.5]) func gammaDeviates(shape: Double) {
    var source = RandomSource(seed: 3)
    let draws = (0..<40_000).map { _ in source.nextGamma(shape: shape) }
    let mean = draws.reduce(0, +) / 40_000
    let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 40_000
    #expect((mean - shape).magnitude < 5 * (shape / 40_000).squareRoot())
    // The fourth central moment of a gamma deviate is 3 k (k + 2).
    let error = ((3 * shape * (shape + 2) - shape * shape) / 40_000).squareRoot()
    #expect((variance - shape).magnitude < 5 * error)
  }
}
