import Distributions
import Foundation
import NumericCore
import TestSupport
import Testing

/// A density whose only closed parts are those of its components.
@Suite("Regressions on components as densities")
struct KernelRegressionTests {
  private func residual(_ index: Int) throws -> any TranslatableDistribution {
    let (centre, scatter) = ([0.1, -0.2], Matrix(rows: [[0.5, 0.2], [0.2, 0.8]]))
    return index == 0
      ? try MultivariateNormal(mean: centre, covariance: scatter)
      : StudentT(try MultivariateStudentT(location: centre, scatter: scatter, degreesOfFreedom: 6))
  }

  private func density(_ residual: any TranslatableDistribution, limit: Double = 40) throws -> KernelRegression {
    try KernelRegression(
      inputs: MultivariateNormal(
        mean: [0.2, 0, -0.1], covariance: Matrix(rows: [[1, 0.3, 0], [0.3, 1.2, 0.1], [0, 0.1, 0.9]])),
      function: KernelFunction(
        centres: Matrix(rows: [[0.3, -0.5, 0.2], [-0.8, 0.1, 0.4], [0.5, 0.9, -0.7], [0, 0, 0]]),
        scales: [0.7, 0.5, 0.6], limit: limit, offset: [1, -2],
        coefficients: Matrix(rows: [[2, -1], [-3, 0.5], [1, 1], [0.7, -2]])),
      residual: residual)
  }

  @Test(arguments: 0..<2) func scoreIsTheGradientAndTheDensityIntegratesToOne(_ index: Int) throws {
    let density = try density(residual(index))
    let subject = DensityUnderTest(of: density)
    checkScore(subject, tolerance: 1e-6, step: 1e-3)
    var source = RandomSource(seed: 3)
    // E_p[q / p] = 1 for a normal q inside p: the density integrates to 1, and draws are its own.
    let inside = try MultivariateNormal(mean: density.mean, covariance: .diagonal([0.2, 0.2, 0.3, 0.3, 0.3]))
    let ratios = (0..<160_000).map { _ in
      let point = density.sample(using: &source)
      return exp(inside.logDensity(at: point) - density.logDensity(at: point))
    }
    let mean = ratios.reduce(0, +) / 160_000
    let variance = ratios.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 160_000
    #expect(abs(mean - 1) < 5 * (variance / 160_000).squareRoot(), "integrates to 1 / \(mean)")
    #expect((variance / 160_000).squareRoot() < 0.02)
    let points = Matrix(rows: (0..<40).map { _ in density.sample(using: &source) })
    for (row, value) in density.logDensities(ofRows: points).enumerated() {
      #expect(abs(value - density.logDensity(at: points.row(row))) < 1e-10 * (1 + abs(value)))
    }
  }

  @Test(arguments: 0..<2) func marginalTimesConditionalIsTheJoint(_ index: Int) throws {
    let density = try density(residual(index))
    let marginal = try density.marginalDistribution(over: [2, 3, 4])
    var source = RandomSource(seed: 4)
    for _ in 0..<20 {
      let point = density.sample(using: &source)
      let given = try density.conditionalDistribution(given: [4, 2, 3], values: [point[4], point[2], point[3]])
      let product = marginal.logDensity(at: Array(point[2...])) + given.logDensity(at: Array(point[..<2]))
      #expect(abs(product - density.logDensity(at: point)) < 1e-10 * (1 + abs(product)))
      // By hand.
      var expected = [1.0, -2.0]
      for (centre, row) in [[0.3, -0.5, 0.2], [-0.8, 0.1, 0.4], [0.5, 0.9, -0.7], [0, 0, 0]].enumerated() {
        let squares = zip(zip([0.7, 0.5, 0.6], point[2...]), row).map { pow($0.0 * $0.1 - $1, 2) }
        let kernel = exp(-squares.reduce(0, +))
        for column in 0..<2 {
          expected[column] += kernel * [[2, -1], [-3, 0.5], [1, 1], [0.7, -2]][centre][column]
        }
      }
      let mean = try zip(expected, residual(index).mean).map(+)
      #expect(largestDifference(given.mean, mean) < 1e-12)
    }
  }

  @Test func whatIsUnlikeEverythingSaysNothing() throws {
    let density = try density(residual(0))
    #expect(largestDifference(density.function([30, -30, 30]), [1, -2]) < 1e-12)
    // Beyond the limit a component counts as at the limit.
    let held = try self.density(residual(0), limit: 1.5)
    #expect(held.function([9, 0.3, -7]) == held.function([1.5, 0.3, -1.5]))
    var score = [Double](repeating: 0, count: 5)
    _ = held.logDensity(at: [0.5, -1, 9, 0.3, -7], score: &score)
    var (ahead, behind) = ([0.5, -1, 9, 0.3, -7], [0.5, -1, 9, 0.3, -7])
    for coordinate in 0..<5 {
      (ahead[coordinate], behind[coordinate]) = (ahead[coordinate] + 1e-5, behind[coordinate] - 1e-5)
      let slope = (held.logDensity(at: ahead) - held.logDensity(at: behind)) / 2e-5
      #expect(abs(slope - score[coordinate]) < 1e-5 * (1 + abs(slope)), "coordinate \(coordinate)")
      (ahead[coordinate], behind[coordinate]) = (ahead[coordinate] - 1e-5, behind[coordinate] + 1e-5)
    }
  }

  @Test(arguments: 0..<2) func archivesGiveTheSameDensityAndDamagedOnesAreNamed(_ index: Int) throws {
    let density = try density(residual(index))
    var archive = DistributionArchive()
    density.encode(into: &archive)
    let back = try #require(try DistributionFamilies.standard.decode(KernelRegression.family, from: archive))
    let point = [0.4, -1, 0.3, 0.2, 0.1]
    #expect(back.logDensity(at: point) == density.logDensity(at: point))
    for name in ["centres", "scales", "limit", "offset", "coefficients", "inputs/mean"] {
      var damaged = archive
      damaged.arrays[name] = nil
      #expect(throws: (any Error).self, "\(name)") {
        try DistributionFamilies.standard.decode(KernelRegression.family, from: damaged)
      }
    }
    var foreign = archive
    foreign.texts["residual/family"] = "oracle"
    #expect(throws: ArchiveError.unknown("residual/family", text: "oracle")) {
      try DistributionFamilies.standard.decode(KernelRegression.family, from: foreign)
    }
    var negative = archive
    negative.set(-1, for: "limit")
    #expect(throws: ArchiveError.self) {
      try DistributionFamilies.standard.decode(KernelRegression.family, from: negative)
    }
  }

  @Test func partsWithoutAFormulaAreRefused() throws {
    let density = try density(residual(0))
    #expect(throws: DistributionError.self) { try density.marginalDistribution(over: [0]) }
    #expect(throws: DistributionError.self) { try density.conditionalDistribution(given: [0], values: [1]) }
    #expect(throws: DistributionError.self) { try density.conditionalDistribution(given: [2, 3], values: [1, 1]) }
    #expect(throws: DistributionError.self) {
      try density.conditionalDistribution(given: [2, 3, 4], values: [1, .nan, 1])
    }
    let function = density.function
    #expect(throws: DistributionError.dimensionMismatch(what: "matrix of centres", expected: 2, found: 3)) {
      try KernelFunction(
        centres: function.centres, scales: [1, 1], limit: 4, offset: function.offset,
        coefficients: function.coefficients)
    }
    let narrow = try KernelFunction(
      centres: Matrix(rows: 4, columns: 2), scales: [1, 1], limit: 4, offset: function.offset,
      coefficients: function.coefficients)
    #expect(throws: DistributionError.dimensionMismatch(what: "list of scales", expected: 3, found: 2)) {
      try KernelRegression(inputs: density.inputs, function: narrow, residual: density.residual)
    }
  }
}
