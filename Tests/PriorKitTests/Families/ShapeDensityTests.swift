import Foundation
import NumericCore
import PriorKit
import TestSupport
import Testing

extension DensityUnderTest {
  init(shape density: any Density) {
    self.init(
      dimension: density.dimension, logDensityAndScore: { density.logDensity(at: $0, gradient: &$1) },
      sample: { density.sample(using: &$0) })
  }
}

/// The laws of a density, for Student-t, copulas and mixtures fitted to the same presets.
@Suite struct ShapeDensityTests {
  static func fitted(_ estimator: any DensityEstimator) throws -> any Density {
    try estimator.fit(ShapeEstimatorTests.presets(80))
  }

  @Test(arguments: ShapeEstimatorTests.estimators) func scores(_ estimator: any DensityEstimator) throws {
    // The quintic pieces of the copula's scale are smooth to second order only: a small step keeps inside them.
    checkScore(DensityUnderTest(shape: try Self.fitted(estimator)), tolerance: 1e-5, step: 1e-4)
  }

  @Test(arguments: ShapeEstimatorTests.estimators) func integrates(_ estimator: any DensityEstimator) throws {
    for column in 0..<3 {
      let line = try Self.fitted(estimator).marginal(over: [column])
      // Tails of three degrees of freedom reach beyond any box.
      checkIntegratesToOne(
        DensityUnderTest(shape: line), box: [-1500...1500], points: 200_000, tolerance: 1e-4)
    }
  }

  @Test(arguments: ShapeEstimatorTests.estimators) func partsAgree(_ estimator: any DensityEstimator) throws {
    let joint = try Self.fitted(estimator)
    var source = RandomSource(seed: 2)
    for _ in 0..<5 {
      let point = joint.sample(using: &source)
      let given = [2, 0]
      let values = given.map { point[$0] }
      let parts =
        try joint.marginal(over: given).logDensity(at: values)
        + joint.conditional(given: given, values: values).logDensity(at: [point[1]])
      #expect((parts - joint.logDensity(at: point)).magnitude < 1e-9)
    }
  }

  /// Draws have the mean claimed, and their conditional medians are where the conditional density says.
  @Test(arguments: ShapeEstimatorTests.estimators) func draws(_ estimator: any DensityEstimator) throws {
    let density = try Self.fitted(estimator)
    var source = RandomSource(seed: 6)
    let rows = Matrix(rows: (0..<20_000).map { _ in density.sample(using: &source) })
    let moments = try SampleMoments(rows)
    let covariance = moments.covariance()
    for column in 0..<3 {
      let error = (covariance[column, column] / 20_000).squareRoot()
      #expect((moments.mean[column] - density.mean[column]).magnitude < 5 * error, "\(estimator.name)")
      // The share of draws below a point is the integral of the marginal up to it.
      let line = try density.marginal(over: [column])
      let point = density.mean[column]
      let spacing = covariance[column, column].squareRoot() / 500
      let below = (0..<50_000).reduce(0) {
        $0 + spacing * exp(line.logDensity(at: [point - (Double($1) + 0.5) * spacing]))
      }
      let share = Double(rows.column(column).count { $0 <= point }) / 20_000
      #expect((share - below).magnitude < 5 * 0.5 / 20_000.0.squareRoot() + 1e-4, "\(estimator.name)")
    }
  }

  @Test(arguments: ShapeEstimatorTests.estimators) func storageKeepsEveryBit(_ estimator: any DensityEstimator)
    throws
  {
    let density = try Self.fitted(estimator)
    var archive = DensityArchive()
    density.encode(into: &archive)
    let back = try type(of: density).init(from: archive)
    var again = DensityArchive()
    back.encode(into: &again)
    #expect(archive == again)
    let point = ShapeEstimatorTests.presets(80).rows.row(5)
    #expect(back.logDensity(at: point) == density.logDensity(at: point) && back.mean == density.mean)
    for name in archive.arrays.keys where name.hasSuffix("scatter") || name.hasSuffix("weights") {
      var damaged = archive
      damaged.arrays[name] = nil
      #expect(throws: ArchiveError.missing(name: name)) { try type(of: density).init(from: damaged) }
    }
  }

  @Test(arguments: ShapeEstimatorTests.estimators) func badConditions(_ estimator: any DensityEstimator) throws {
    let density = try Self.fitted(estimator)
    #expect(throws: PriorError.self) { try density.conditional(given: [0], values: [.nan]) }
    #expect(throws: PriorError.self) { try density.conditional(given: [0, 1], values: [1]) }
  }

  /// Presets of nine coordinates whose common scale varies: a block for a radial map, and a single coordinate.
  @Test func radialMaps() throws {
    var source = RandomSource(seed: 8)
    let rows = (0..<120).map { _ in
      let scale = exp(0.8 * source.nextNormal())
      return (0..<9).map { $0 == 8 ? source.nextNormal() : scale * source.nextNormal() }
    }
    let data = EstimationData(
      rows: Matrix(rows: rows), names: (0..<9).map { "p\($0)" }, blocks: [Array(0..<8), [8]])
    let plain = try CopulaEstimator(shape: BlockScatter()).fit(data)
    let radial = try CopulaEstimator(shape: BlockScatter(), radial: true).fit(data)
    checkScore(DensityUnderTest(shape: radial), tolerance: 1e-5, step: 1e-4)
    let fresh = (0..<500).map { _ in
      let scale = exp(0.8 * source.nextNormal())
      return (0..<9).map { $0 == 8 ? source.nextNormal() : scale * source.nextNormal() }
    }
    let gain = fresh.reduce(0) { $0 + radial.logDensity(at: $1) - plain.logDensity(at: $1) } / 500
    #expect(gain > 0.1)
    // A block kept whole has its parts; one that is parted has none.
    let point = rows[3]
    let parts =
      try radial.marginal(over: [8]).logDensity(at: [point[8]])
      + radial.conditional(given: [8], values: [point[8]]).logDensity(at: Array(point.prefix(8)))
    #expect((parts - radial.logDensity(at: point)).magnitude < 1e-9)
    let block = Array(0..<8)
    let others =
      try radial.marginal(over: block).logDensity(at: Array(point.prefix(8)))
      + radial.conditional(given: block, values: Array(point.prefix(8))).logDensity(at: [point[8]])
    #expect((others - radial.logDensity(at: point)).magnitude < 1e-9)
    #expect(throws: CopulaError.partOfRadialBlock(indices: block)) { try radial.marginal(over: [0, 8]) }
    var archive = DensityArchive()
    radial.encode(into: &archive)
    #expect(try Copula(from: archive).logDensity(at: point) == radial.logDensity(at: point))
    // Importance: a draw mapped forth and back has the radius of its block (draws' own density averages to -entropy).
    let draws = (0..<400).map { _ in radial.sample(using: &source) }
    let entropy = draws.reduce(0) { $0 + radial.logDensity(at: $1) } / 400
    let held = draws.reduce(0) { $0 + plain.logDensity(at: $1) } / 400
    #expect(entropy > held)
  }
}
