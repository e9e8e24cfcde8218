import Distributions
import Foundation
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

/// What every family of the catalogue does with presets that are bad, few or repeated: one table, one test a line.
@Suite struct BadInputTests {
  static let names = EstimatorCatalogue.standard.names

  /// Families that need more presets than parameters.
  static let unregularised: Set = ["published", "maximum-likelihood"]
  /// Families whose target gives a parameter that does not vary a variance.
  static let acceptConstants: Set = ["ledoit-wolf", "oas"]

  private func estimator(_ name: String) throws -> any DensityEstimator {
    try EstimatorCatalogue.standard.entry(named: name).estimator
  }

  /// Two factors over scales from 0.1 to 10, in blocks of ten columns: large enough for a radial map.
  private func rows(_ count: Int, dimension: Int = 12) -> Matrix {
    var source = RandomSource(seed: 3)
    return Matrix(
      rows: (0..<count).map { _ in
        let factors = [source.nextNormal(), source.nextNormal()]
        return (0..<dimension).map { column in
          Double(column) + [0.1, 1, 10][column % 3] * (factors[column % 2] + source.nextNormal())
        }
      })
  }

  private func data(_ rows: Matrix, weights: [Double]? = nil) -> EstimationData {
    var data = EstimationData.unnamed(rows, weights: weights, blockSize: 10)
    // For families that take errors out: small ones.
    let errors = (0..<rows.rows).flatMap { _ in (0..<rows.columns).map { 0.02 * [0.1, 1, 10][$0 % 3] } }
    data.information = PresetInformation(
      independent: Matrix(rows: rows.rows, columns: rows.columns, values: errors))
    return data
  }

  /// The fit is a density at the presets that count and at fresh ones.
  private func expectDensity(
    _ name: String, _ data: EstimationData, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let density = try estimator(name).fit(data)
    let fresh = rows(20, dimension: data.rows.columns)
    let used = (0..<data.rows.rows).filter { data.weights?[$0] != 0 }
    for points in [data.rows.selecting(rows: used), fresh] {
      let scores = density.logDensities(ofRows: points)
      #expect(!scores.contains { !$0.isFinite }, "\(name): \(scores)", sourceLocation: sourceLocation)
    }
  }

  /// The fit is refused by a sentence that ends in a remedy.
  private func expectRefusal(
    _ name: String, _ data: EstimationData, containing words: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let estimator = try estimator(name)
    #expect("\(name) is not refused for \(words)", sourceLocation: sourceLocation) {
      try estimator.fit(data)
    } throws: { error in
      let text = "\(error)"
      return (error is PriorError || error is EstimationError) && text.contains(words) && text.contains(": ")
        && text.hasSuffix(".")
    }
  }

  // MARK: - The table

  @Test(arguments: names) func constantColumn(_ name: String) throws {
    var rows = rows(60)
    for row in 0..<60 { rows[row, 4] = 0.1 }
    if Self.acceptConstants.contains(name) {
      try expectDensity(name, data(rows))
    } else {
      try expectRefusal(name, data(rows), containing: "x4 has variance 0")
    }
  }

  @Test(arguments: names) func duplicatedRows(_ name: String) throws {
    let few = rows(30)
    try expectDensity(name, data(few.selecting(rows: (0..<120).map { $0 % 30 })))
  }

  @Test(arguments: names) func oneRowRepeated(_ name: String) throws {
    let repeated = data(rows(1).selecting(rows: Array(repeating: 0, count: 40)))
    // Even a family that takes single constant columns finds nothing that varies.
    if Self.acceptConstants.contains(name) {
      #expect(throws: PriorError.self) { try estimator(name).fit(repeated) }
    } else {
      try expectRefusal(name, repeated, containing: "x0 has variance 0")
    }
  }

  @Test(arguments: names) func onePreset(_ name: String) throws {
    try expectRefusal(name, data(rows(1)), containing: "at least 2 presets")
  }

  /// Two presets are a density for families whose strength does not come out as zero.
  @Test(arguments: names) func twoPresets(_ name: String) throws {
    if Self.unregularised.contains(name) {
      try expectRefusal(name, data(rows(2)), containing: "2 presets cannot determine")
    } else if name.hasPrefix("nonlinear") {
      try expectRefusal(name, data(rows(2)), containing: "needs 13 different ones")
    } else if name.hasPrefix("ledoit-wolf") {
      // The noise that it estimates is zero where each row alone gives the whole covariance.
      #expect(throws: PriorError.self) { try estimator(name).fit(data(rows(2))) }
    } else {
      try expectDensity(name, data(rows(2)))
    }
  }

  @Test(arguments: names) func fewerPresetsThanParameters(_ name: String) throws {
    let few = data(rows(18, dimension: 30))
    if Self.unregularised.contains(name) {
      try expectRefusal(name, few, containing: "18 presets cannot determine a full covariance of 30")
    } else {
      try expectDensity(name, few)
    }
  }

  /// One preset far out widens the density, or is set apart by it, and all presets stay possible; without shrinkage
  /// it leaves too little of the others.
  @Test(arguments: names) func oneOutlier(_ name: String) throws {
    var rows = rows(60)
    rows[7, 2] = 1e6
    if Self.unregularised.contains(name) {
      try expectRefusal(name, data(rows), containing: "condition number")
    } else {
      try expectDensity(name, data(rows))
    }
  }

  @Test(arguments: names, [Double.nan, .infinity, -.infinity])
  func entriesThatAreNotNumbers(_ name: String, value: Double) throws {
    var rows = rows(40)
    rows[11, 5] = value
    try expectRefusal(name, data(rows), containing: "Preset 11 has x5 = \(value)")
    // Of weight zero a row may hold anything, and the others keep their numbers.
    var weights = [Double](repeating: 1, count: 40)
    weights[11] = 0
    try expectDensity(name, data(rows, weights: weights))
    rows[20, 1] = value
    try expectRefusal(name, data(rows, weights: weights), containing: "Preset 20 has x1 = \(value)")
  }

  @Test(arguments: names) func weightsThatAreNone(_ name: String) throws {
    let rows = rows(40)
    for value in [-0.5, .nan, .infinity] {
      var weights = [Double](repeating: 1, count: 40)
      weights[3] = value
      try expectRefusal(name, data(rows, weights: weights), containing: "Preset 3 has weight \(value)")
    }
    try expectRefusal(
      name, data(rows, weights: Array(repeating: 0, count: 40)), containing: "All weights are zero")
    try expectRefusal(name, data(rows, weights: [1, 2]), containing: "2 weights for 40 presets")
    var one = [Double](repeating: 0, count: 40)
    one[9] = 1
    try expectRefusal(name, data(rows, weights: one), containing: "at least 2 presets")
  }

  /// Every family takes weights: presets that count more draw the mean.
  @Test(arguments: names) func weightsCount(_ name: String) throws {
    let rows = rows(80)
    let plain = try estimator(name).fit(data(rows)).mean
    let weights = (0..<80).map { rows[$0, 1] > 1 ? 9.0 : 1 }
    let weighted = try estimator(name).fit(data(rows, weights: weights)).mean
    #expect(weighted[1] > plain[1] + 0.2, "\(name): \(weighted[1]) against \(plain[1])")
    let equal = try estimator(name).fit(data(rows, weights: Array(repeating: 1e300, count: 80))).mean
    #expect(largestDifference(equal, plain) < 1e-6, "\(name): equal weights")
  }

  // MARK: - Wishes

  @Test(
    arguments: [MixtureEstimator.Covariance.diagonal, .tied, .full, .factorAnalysers(factors: 2)])
  func moreComponentsThanPresets(_ covariance: MixtureEstimator.Covariance) throws {
    let four = data(rows(4))
    #expect(throws: EstimationError.moreComponentsThanPresets(components: 5, count: 4)) {
      try MixtureEstimator(components: 5, covariance: covariance).fit(four)
    }
  }

  @Test func unknownFamily() throws {
    #expect(throws: PriorError.unknownFamily(name: "gausian", known: Self.names)) {
      try EstimatorCatalogue.standard.entry(named: "gausian")
    }
  }
}
