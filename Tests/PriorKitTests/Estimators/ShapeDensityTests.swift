import Distributions
import Foundation
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

/// The laws of a density, for every family that a file may hold, fitted to presets by the estimators of the
/// catalogue and by those beside it.
@Suite struct ShapeDensityTests {
  static let estimators: [any DensityEstimator] =
    EstimatorCatalogue.standard.entries.map(\.estimator) + [
      StudentTEstimator(shape: FreeScatter(), degreesOfFreedom: 4),
      MixtureEstimator(components: 3, covariance: .diagonal), MixtureEstimator(components: 2, covariance: .tied),
      MixtureEstimator(components: 2, covariance: .full),
      CopulaEstimator(marginals: .sinhArcsinh, degreesOfFreedom: .infinity),
      CopulaEstimator(shape: FreeScatter(), degreesOfFreedom: 3),
    ]

  static func fitted(_ estimator: any DensityEstimator) throws -> any Distribution {
    var data = ShapeEstimatorTests.presets(80)
    if estimator.needsInformation {
      let errors = [Double](repeating: 0.1, count: data.rows.values.count)
      data.information = PresetInformation(
        independent: Matrix(rows: data.rows.rows, columns: data.rows.columns, values: errors))
    }
    return try estimator.fit(data)
  }

  @Test(arguments: estimators) func laws(_ estimator: any DensityEstimator) throws {
    func check(_ density: some Distribution) throws {
      let covariance: Matrix? =
        switch density {
        case let normal as MultivariateNormal: normal.covariance
        case let mixture as GaussianMixture: mixture.covariance
        default: nil
        }
      // Draws of a mixture have fourth moments beyond a normal's. The quintic pieces of a copula's scale are smooth
      // to second order only: a small step keeps inside them. Its splines have kinks in the third derivative, which
      // cost the quadrature digits.
      let isCopula = density is Copula
      try checkPrior(
        density, covariance: covariance, deviations: density is GaussianMixture ? 8 : 5,
        scoreTolerance: isCopula ? 1e-5 : 1e-6, scoreStep: isCopula ? 1e-4 : 1e-3,
        integralTolerance: isCopula ? 1e-4 : 1e-6)
    }
    try check(try Self.fitted(estimator))
  }

  /// Those made of another density have suites of their own: `OrbitSumTests`, `ConditioningTests`,
  /// `KernelRegressionTests`, `SpreadDistributionTests`, `SyntheticPosteriorTests`,
  /// `ExchangeableBandsTests`.
  @Test func everyFamilyIsChecked() throws {
    let made: Set = [
      OrbitSum.family, PinnedDistribution.family, KernelRegression.family, SpreadDistribution.family,
      TiltedDistribution.family, SyntheticPosterior.family, ExchangeableBands.family,
    ]
    let checked = made.union(try Self.estimators.map { type(of: try Self.fitted($0)).family })
    #expect(checked == Set(DistributionFamilies.standard.names))
  }

  @Test(arguments: ShapeEstimatorTests.estimators) func damagedArchives(_ estimator: any DensityEstimator) throws {
    let density = try Self.fitted(estimator)
    var archive = DistributionArchive()
    density.encode(into: &archive)
    for name in archive.arrays.keys where name.hasSuffix("scatter") || name.hasSuffix("weights") {
      var damaged = archive
      damaged.arrays[name] = nil
      #expect(throws: ArchiveError.missing(name)) { try type(of: density).init(from: damaged) }
    }
  }

  @Test(arguments: ShapeEstimatorTests.estimators) func badConditions(_ estimator: any DensityEstimator) throws {
    let density = try Self.fitted(estimator)
    #expect(throws: DistributionError.self) { try density.conditionalDistribution(given: [0], values: [.nan]) }
    #expect(throws: DistributionError.self) { try density.conditionalDistribution(given: [0, 1], values: [1]) }
  }

  /// Presets of ten coordinates of which eight share a scale that varies: a block for a radial map.
  @Test func radialMaps() throws {
    var source = RandomSource(seed: 8)
    func draw(_ count: Int) -> [[Double]] {
      (0..<count).map { _ in
        let scale = exp(0.8 * source.nextNormal())
        return (0..<10).map { ($0 < 8 ? scale : 1) * source.nextNormal() }
      }
    }
    let block = Array(0..<8)
    let data = EstimationData(
      rows: Matrix(rows: draw(120)), names: (0..<10).map { "p\($0)" }, blocks: [block, [8], [9]])
    let plain = try CopulaEstimator().fit(data)
    let radial = try #require(try CopulaEstimator(radial: true).fit(data) as? Copula)
    // The mean of coordinates in a radial block is an approximation.
    try checkPrior(
      radial, hasMean: false, units: data.blocks, scoreTolerance: 1e-5, scoreStep: 1e-4, integralTolerance: 1e-4)
    let gain = draw(500).reduce(0) { $0 + radial.logDensity(at: $1) - plain.logDensity(at: $1) } / 500
    #expect(gain > 0.1)
    #expect(throws: CopulaError.partOfRadialBlock(indices: block)) {
      try radial.marginalDistribution(over: [0, 8])
    }
    // The density of its own draws is higher under itself than under another.
    let draws = (0..<400).map { _ in radial.sample(using: &source) }
    #expect(draws.reduce(0) { $0 + radial.logDensity(at: $1) - plain.logDensity(at: $1) } > 0)
  }
}
