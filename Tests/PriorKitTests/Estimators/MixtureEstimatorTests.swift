import Distributions
import Foundation
import NumericCore
import PriorKit
import TestSupport
import Testing

@Suite struct MixtureEstimatorTests {
  /// Three clusters, by a formula that scripts/references/mixtures.py repeats.
  static let clusters: EstimationData = {
    let centres = [-8.0, 0, 9]
    let rows = (0..<90).map { n -> [Double] in
      (0..<2).map { d -> Double in
        let angle = 12.9898 * Double(n) + 78.233 * Double(d * (n + 1))
        let centre = centres[n % 3] * (d == 0 ? 1 : 0.5)
        return centre + Double(1 + n % 3) * sin(angle)
      }
    }
    return EstimationData(rows: Matrix(rows: rows), names: ["x", "y"], blocks: [[0, 1]])
  }()

  struct Reference: Sendable {
    let covariance: MixtureEstimator.Covariance
    let weights: [Double]
    let means: [Double]
    /// Of the first component.
    let firstCovariance: [Double]
    let score: Double
  }

  /// scikit-learn 1.9.1, reg_covar 0.
  static let references = [
    Reference(
      covariance: .diagonal, weights: [0.33333332495205814, 0.33324236250437017, 0.3334243125435717],
      means: [
        -8.004766392395151, -4.001555910221085, -0.0005230654220689853, 0.009462937267763268, 9.011769236206844,
        4.474474144941823,
      ], firstCovariance: [0.4954483088623931, 0, 0, 0.45757655410684706], score: -4.391124545371238),
    Reference(
      covariance: .tied, weights: [0.3333461289054207, 0.33344794502814346, 0.33320592606643595],
      means: [
        -8.004529909307434, -4.0014710071362956, 0.002214371016664009, 0.010547883023334072, 9.01500755030494,
        4.476384014692578,
      ],
      firstCovariance: [2.3123963376378316, -0.011128357035027469, -0.011128357035027469, 2.1571388204325026],
      score: -4.739173836202161),
    Reference(
      covariance: .full, weights: [0.3333333250645182, 0.33324565749339985, 0.3334210174420819],
      means: [
        -8.004766392075815, -4.001555909988297, -0.0005041539042559888, 0.009475592930120916, 9.011839402840288,
        4.474505623443457,
      ],
      firstCovariance: [0.4954483090083374, 0.0010154735396388525, 0.0010154735396388525, 0.45757655415002857],
      score: -4.391116704805551),
  ]

  @Test(arguments: references) func agreesWithScikitLearn(_ reference: Reference) throws {
    let estimator = MixtureEstimator(components: 3, covariance: reference.covariance, priorCount: 0)
    let fit = try estimator.fitMixture(Self.clusters)
    let order = fit.distribution.components.indices.sorted {
      fit.distribution.components[$0].mean[0] < fit.distribution.components[$1].mean[0]
    }
    #expect(largestDifference(order.map { fit.distribution.weights[$0] }, reference.weights) < 1e-6)
    #expect(largestDifference(order.flatMap { fit.distribution.components[$0].mean }, reference.means) < 1e-6)
    let first = fit.distribution.components[order[0]].covariance
    #expect(largestDifference(first.values, reference.firstCovariance) < 1e-6)
    #expect(try #require(fit.objectives.last).distance(to: reference.score).magnitude < 1e-9)
  }

  /// EM never loses (penalised) likelihood; rounding is allowed for.
  @Test(arguments: [MixtureEstimator.Covariance.diagonal, .tied, .full], [0.0, 6])
  func likelihoodRises(covariance: MixtureEstimator.Covariance, priorCount: Double) throws {
    let estimator = MixtureEstimator(components: 4, covariance: covariance, priorCount: priorCount, seed: 2)
    let objectives = try estimator.fitMixture(Self.clusters).objectives
    #expect(objectives.count > 3)
    for (before, after) in zip(objectives, objectives.dropFirst()) { #expect(after >= before - 1e-10) }
  }

  @Test func oneComponentIsTheGaussian() throws {
    let fit = try MixtureEstimator(components: 1, covariance: .full, priorCount: 0).fitMixture(Self.clusters)
    let moments = try SampleMoments(Self.clusters.rows)
    #expect(largestDifference(fit.distribution.mean, moments.mean) < 1e-12)
    let covariance = moments.covariance(lostDegreesOfFreedom: 0)
    #expect(largestDifference(fit.distribution.covariance.values, covariance.values) < 1e-10)
  }

  @Test func moreComponentsThanPresets() {
    var data = Self.clusters
    data.rows = data.rows.selecting(rows: [0, 1, 2])
    #expect(throws: EstimationError.moreComponentsThanPresets(components: 4, count: 3)) {
      try MixtureEstimator(components: 4, covariance: .diagonal).fit(data)
    }
  }

  /// Without a prior a component needs two presets: five cannot make four. With one they can.
  @Test func collapseIsReported() {
    var data = Self.clusters
    data.rows = data.rows.selecting(rows: [0, 1, 2, 3, 4])
    #expect(throws: EstimationError.collapsed(components: 4, restarts: 5)) {
      try MixtureEstimator(components: 4, covariance: .diagonal, priorCount: 0).fit(data)
    }
    #expect(throws: Never.self) { try MixtureEstimator(components: 4, covariance: .diagonal).fit(data) }
  }

  @Test func sameSeedSameMixture() throws {
    let estimator = MixtureEstimator(components: 3, covariance: .full, seed: 9)
    var first = DistributionArchive()
    var second = DistributionArchive()
    try estimator.fit(Self.clusters).encode(into: &first)
    try estimator.fit(Self.clusters).encode(into: &second)
    #expect(first == second)
  }
}
