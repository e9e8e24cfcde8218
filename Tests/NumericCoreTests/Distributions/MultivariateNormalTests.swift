import Foundation
import NumericCore
import TestSupport
import Testing

extension DensityUnderTest {
  init(_ normal: MultivariateNormal) {
    self.init(
      dimension: normal.dimension, logDensityAndScore: { normal.logDensity(at: $0, score: &$1) },
      sample: { normal.sample(using: &$0) })
  }
}

@Suite struct MultivariateNormalTests {
  let line: MultivariateNormal
  let plane: MultivariateNormal

  init() throws {
    line = try MultivariateNormal(mean: [0.7], covariance: Matrix(rows: [[2.5]]))
    plane = try MultivariateNormal(mean: [1, -2], covariance: Matrix(rows: [[2, -1.1], [-1.1, 1.5]]))
  }

  @Test func densitiesIntegrateToOne() {
    checkIntegratesToOne(DensityUnderTest(line), box: [-15...15])
    checkIntegratesToOne(DensityUnderTest(plane), box: [-14...16, -15...11])
  }

  @Test func scoresAndMoments() throws {
    for normal in [line, plane] {
      checkScore(DensityUnderTest(normal))
      try checkMoments(DensityUnderTest(normal), mean: normal.mean, covariance: normal.covariance)
    }
    let wide = try MultivariateNormal(
      mean: Array(repeating: 1, count: 12), covariance: positiveDefiniteMatrix(order: 12, seed: 4))
    checkScore(DensityUnderTest(wide))
    try checkMoments(DensityUnderTest(wide), mean: wide.mean, covariance: wide.covariance)
  }

  @Test func batchesAgreeWithSinglePoints() {
    let points = Matrix(rows: [[0, 0], [1, -2], [5, 3]])
    let single = (0..<3).map { plane.logDensity(at: points.row($0)) }
    #expect(largestDifference(plane.logDensities(ofRows: points), single) < 1e-13)
    #expect(single[1] == plane.logDensityAtMean)
    #expect(abs(plane.logDensityAtMean + log(2 * Double.pi) + 0.5 * log(2 * 1.5 - 1.1 * 1.1)) < 1e-14)
  }

  @Test func whiteningIsInvertedAndStandard() {
    let point = [3.0, 0.5]
    let white = plane.whiten(point)
    #expect(largestDifference(plane.unwhiten(white), point) < 1e-14)
    let squared = white.reduce(0) { $0 + $1 * $1 }
    #expect(abs(plane.squaredMahalanobisDistance(to: point) - squared) < 1e-14)
    #expect(abs(plane.mahalanobisDistance(to: point) - squared.squareRoot()) < 1e-14)
  }

  /// p(a, b) = p(b) p(a | b), whichever coordinates are given and in whatever order.
  @Test(arguments: [[0], [3, 1], [4, 0, 2], [0, 1, 2, 3]]) func jointIsMarginalTimesConditional(given: [Int]) throws
  {
    let joint = try MultivariateNormal(
      mean: [1, 2, 3, 4, 5], covariance: positiveDefiniteMatrix(order: 5, seed: 8))
    let point = [0.3, 2.2, 2.5, 6, 4.4]
    let values = given.map { point[$0] }
    let rest = (0..<5).filter { !given.contains($0) }.map { point[$0] }
    let conditional = try joint.conditional(given: given, values: values)
    let product = try joint.marginal(over: given).logDensity(at: values) + conditional.logDensity(at: rest)
    #expect(abs(product - joint.logDensity(at: point)) < 1e-12)
  }

  @Test func farAwayTheDensityVanishesWithoutNaN() {
    var score = [Double](repeating: .nan, count: 2)
    #expect(plane.logDensity(at: [1e200, -1e200], score: &score) == -.infinity)
    #expect(score == [0, 0])
    #expect(plane.logDensity(at: [.infinity, -.infinity]) == -.infinity)
  }

  @Test func badMomentsThrow() {
    #expect(throws: LinearAlgebraError.self) {
      try MultivariateNormal(mean: [.nan], covariance: Matrix.identity(1))
    }
    #expect(throws: LinearAlgebraError.notPositiveDefinite(pivot: 1, dimension: 2)) {
      try MultivariateNormal(mean: [0, 0], covariance: Matrix(rows: [[1, 2], [2, 1]]))
    }
  }
}
