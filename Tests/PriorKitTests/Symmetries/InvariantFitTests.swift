import Distributions
import FXParams
import Foundation
import NumericCore
import PresetStore
import PriorKit
import Testing

@Suite("Invariant fits")
struct InvariantFitTests {
  static let chain = CanonicaliserTests.threePeaks

  /// Every copy of every preset as a row of its own.
  private func allCopies(_ presets: PresetCollection, _ group: FiniteSymmetryGroup) throws -> PresetCollection {
    let elements = try group.elements()
    var copies = presets
    copies.theta = Matrix(
      rows: (0..<presets.count).flatMap { row in elements.compactMap { $0.image(of: presets.theta.row(row))?.theta }
      })
    return copies
  }

  @Test("averaged moments are those of all copies")
  func closedForm() throws {
    let presets = randomPresets(Self.chain, count: 80)
    let group = try Self.chain.symmetries.group([.signs, .mirror])
    #expect(group.count == 16)
    let copies = try allCopies(presets, group)
    let estimator = InvariantEstimator(GaussianEstimator.maximumLikelihood, to: group, label: "signs-mirror")
    let closed = try #require(try estimator.fit(EstimationData(presets: presets)) as? MultivariateNormal)
    let explicit = try #require(
      try GaussianEstimator.maximumLikelihood.fit(EstimationData(presets: copies)) as? MultivariateNormal)
    for (left, right) in zip(closed.mean, explicit.mean) { #expect(abs(left - right) < 1e-12) }
    for (left, right) in zip(closed.covariance.values, explicit.covariance.values) {
      #expect(abs(left - right) < 1e-12)
    }
  }

  @Test(
    "every copy has the same density",
    arguments: [
      GaussianEstimator.unbiased as any DensityEstimator, RidgeEstimator(), BlockShrinkageEstimator(),
      StudentTEstimator(),
    ])
  func invariance(base: any DensityEstimator) throws {
    let presets = randomPresets(Self.chain, count: 120)
    let estimator = try InvariantEstimator(base, to: [.signs, .mirror], of: Self.chain)
    let density = try estimator.fit(EstimationData(presets: presets))
    let raw = try base.fit(EstimationData(presets: presets))
    let elements = try Self.chain.symmetries.group([.signs, .mirror]).elements()
    for row in 0..<5 {
      let theta = presets.theta.row(row)
      let values = elements.compactMap { $0.image(of: theta).map { density.logDensity(at: $0.theta) } }
      #expect((values.max() ?? 0) - (values.min() ?? -1) < 1e-8)
      let others = elements.compactMap { $0.image(of: theta).map { raw.logDensity(at: $0.theta) } }
      #expect((others.max() ?? 0) - (others.min() ?? 0) > 0.1)
    }
  }

  @Test("copies of bands carry the weight of their preset")
  func explicitCopies() throws {
    var presets = randomPresets(Self.chain, count: 90)
    presets.weights = (0..<90).map { 1 + Double($0 % 3) }
    let group = try Self.chain.symmetries.group([.bands])
    let elements = try group.elements()
    let copies = try allCopies(presets, group)
    var weighted = copies
    weighted.weights = (0..<presets.count).flatMap { row in
      let count = elements.count { $0.applies(to: presets.theta.row(row)) }
      return Array(repeating: (presets.weights?[row] ?? 1) / Double(count), count: count)
    }
    let estimator = InvariantEstimator(GaussianEstimator.maximumLikelihood, to: group, label: "bands")
    let fitted = try #require(try estimator.fit(EstimationData(presets: presets)) as? MultivariateNormal)
    let explicit = try #require(
      try GaussianEstimator.maximumLikelihood.fit(EstimationData(presets: weighted)) as? MultivariateNormal)
    #expect(weighted.count > presets.count)
    #expect(zip(fitted.covariance.values, explicit.covariance.values).allSatisfy { abs($0 - $1) < 1e-12 })
    let prior = try estimator.fit(presets)
    #expect(abs((prior.record?.effectivePresetCount ?? 0) - 77.142857) < 1e-5)
    #expect(prior.record?.estimator == "maximum-likelihood-invariant-to-bands")
  }

  @Test(
    "families without moments take copies",
    arguments: [CopulaEstimator(), CopulaEstimator(marginals: .sinhArcsinh)])
  func copula(base: CopulaEstimator) throws {
    let presets = randomPresets(Self.chain, count: 60)
    let density = try InvariantEstimator(base, to: [.mirror], of: Self.chain).fit(EstimationData(presets: presets))
    let mirror = try #require(Self.chain.symmetries.mirror)
    for row in 0..<5 {
      let theta = presets.theta.row(row)
      let image = try #require(mirror.image(of: theta)).theta
      #expect(abs(density.logDensity(at: image) - density.logDensity(at: theta)) < 0.05)
    }
  }
}
