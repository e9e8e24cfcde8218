import Distributions
import Foundation
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

/// What families do with presets that lack parameters.
@Suite struct AbsentEffectsTests {
  static let all = EstimatorCatalogue.standard.entries.map(\.estimator)
  static let accepting = EstimatorCatalogue.standard.namesAcceptingAbsentColumns

  private func estimator(_ name: String) throws -> any DensityEstimator {
    try EstimatorCatalogue.standard.entry(named: name).estimator
  }

  @Test func theListIsAsDocumented() {
    #expect(
      Self.accepting == [
        "published", "maximum-likelihood", "diagonal", "ridge", "blocks", "student-t-blocks",
        "student-t-factors-blocks", "copula-kernel-gaussian-blocks", "copula-kernel-student-t-blocks",
        "copula-sinh-arcsinh-student-t-blocks",
      ])
  }

  /// Others refuse in a sentence that names those that can.
  @Test(arguments: all.map(\.name)) func othersRefuse(name: String) throws {
    let data = try PartialSample.data(60)
    guard !Self.accepting.contains(name) else {
      #expect(try estimator(name).estimate(data).distribution.logDensity(at: [1, -2, 30, 0]).isFinite)
      return
    }
    let error = #expect(throws: PriorError.self) { try estimator(name).estimate(data) }
    #expect(error?.description.contains("use published, ") == true, "\(error?.description ?? "")")
  }

  /// Nothing that a fit reports is no number, whatever stands where a parameter is absent.
  @Test(arguments: accepting) func nothingIsNaN(name: String) throws {
    for filler in [Double.nan, .infinity, 0, 1e300] {
      var data = try PartialSample.data(60)
      let absent = try #require(data.absent)
      for (row, columns) in absent.enumerated() {
        for column in columns { data.rows[row, column] = filler }
      }
      let found = try estimator(name).estimate(data)
      #expect(found.distribution.mean.allSatisfy { $0.isFinite })
      #expect(found.hyperparameters.allSatisfy { $0.value.isFinite })
      let plain = try estimator(name).estimate(try PartialSample.data(60))
      #expect(found.distribution.mean == plain.distribution.mean)
      let count = Double(absent.count { !$0.isEmpty })
      #expect(found.hyperparameters.contains(.init("completed_presets", count)))
    }
  }

  /// Lists of absent columns that are all empty change no bit.
  @Test(arguments: all.filter { !$0.needsInformation }.map(\.name)) func completeRowsAreAsBefore(name: String)
    throws
  {
    var data = ShapeEstimatorTests.presets(40)
    let before = try estimator(name).estimate(data)
    data.absent = Array(repeating: [], count: 40)
    let after = try estimator(name).estimate(data)
    #expect(before.hyperparameters == after.hyperparameters)
    for row in 0..<40 {
      let point = data.rows.row(row)
      #expect(before.distribution.logDensity(at: point) == after.distribution.logDensity(at: point))
    }
  }

  /// Of estimators that choose nothing by folds, which repetition and order shuffle anew.
  private static let plain: [any DensityEstimator] = [
    DiagonalEstimator(), StudentTEstimator(shape: BlockScatter(), shapeIsFixed: true, degreesOfFreedom: 7),
    StudentTEstimator(shape: FreeScatter(), degreesOfFreedom: 4),
  ]

  @Test(arguments: plain) func weightsAreRepetitions(_ estimator: any DensityEstimator) throws {
    var weighted = try PartialSample.data(50)
    weighted.weights = (0..<50).map { $0 < 15 ? 2 : ($0 == 49 ? 0 : 1) }
    weighted.rows[49, 0] = .nan
    weighted.absent?[49] = [1]
    let order = Array(0..<49) + Array(0..<15)
    var repeated = try PartialSample.data(50)
    repeated.rows = repeated.rows.selecting(rows: order)
    repeated.absent = repeated.absent.map { absent in order.map { absent[$0] } }
    let (first, second) = (try estimator.fit(weighted), try estimator.fit(repeated))
    for row in 0..<10 where repeated.absent?[row].isEmpty == true {
      let point = repeated.rows.row(row)
      #expect((first.logDensity(at: point) - second.logDensity(at: point)).magnitude < 1e-6)
    }
  }

  @Test(arguments: plain) func orderDoesNotMatter(_ estimator: any DensityEstimator) throws {
    let data = try PartialSample.data(50)
    var turned = data
    turned.rows = data.rows.selecting(rows: (0..<50).reversed())
    turned.absent = data.absent?.reversed()
    let (first, second) = (try estimator.fit(data), try estimator.fit(turned))
    let point = [1.0, -2, 30, 0]
    #expect((first.logDensity(at: point) - second.logDensity(at: point)).magnitude < 1e-9)
    #expect(largestDifference(first.mean, second.mean) < 1e-9)
  }

  /// Of the diagonal the moments of the presets that have a parameter, to the last digits.
  @Test func diagonalIsOfWhatIsThere() throws {
    let data = try PartialSample.data(50)
    let found = try #require(try DiagonalEstimator().fit(data) as? MultivariateNormal)
    for column in 0..<4 {
      let values = (0..<50).filter { data.absent?[$0].contains(column) == false }.map { data.rows[$0, column] }
      let mean = values.reduce(0, +) / Double(values.count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
      #expect((found.mean[column] - mean).magnitude < 1e-12 * max(1, mean.magnitude))
      #expect((found.covariance[column, column] - variance).magnitude < 1e-12 * variance)
    }
  }

  /// Presets with gaps are worth something: the density is nearer the truth than that of the complete ones alone,
  /// on average over samples.
  @Test(arguments: ["published", "ridge", "blocks", "student-t-blocks", "copula-kernel-student-t-blocks"])
  func gapsAreWorthIt(name: String) throws {
    let fresh = try PartialSample.data(2000, share: 0, seed: 99).rows
    var gain = 0.0
    for seed in 0..<12 as Range<UInt64> {
      let data = try PartialSample.data(40, share: 0.6, seed: seed)
      let complete = (0..<40).filter { data.absent?[$0].isEmpty == true }
      let alone = EstimationData(
        rows: data.rows.selecting(rows: complete), names: data.names, blocks: data.blocks)
      let (first, second) = (try estimator(name).fit(data), try estimator(name).fit(alone))
      let gaps = zip(first.logDensities(ofRows: fresh), second.logDensities(ofRows: fresh)).map(-)
      gain += gaps.reduce(0, +) / 2000 / 12
    }
    #expect(gain > 0.05, "\(gain) nats")
  }

  // MARK: - Refusals

  @Test func badDataIsNamed() throws {
    func description(_ change: (inout EstimationData) -> Void) throws -> String {
      var data = try PartialSample.data(30, share: 0)
      data.absent?[0] = [0]
      change(&data)
      return #expect(throws: (any Error).self) { try DiagonalEstimator().fit(data) }.map(String.init(describing:))
        ?? ""
    }
    #expect(
      try description { data in data.absent = (0..<30).map { $0 == 3 ? [] : [2] } }.hasPrefix(
        "Parameter c is in 1 preset, and its variance needs 2: "))
    #expect(
      try description { data in
        for row in 0..<30 { data.rows[row, 3] = 7 }
      }.hasPrefix("Parameter d is the same in all "))
    #expect(
      try description { $0.absent?[4] = [1, 9] }.hasPrefix("Preset 4 is said to lack column 9 of 4: "))
    #expect(try description { $0.absent?[4] = [1, 1] }.contains("column 1 of 4: "))
    #expect(try description { $0.absent?.removeLast() }.contains("29"))
    #expect(
      try description { $0.rows[5, 1] = .nan }.contains("Preset 5 has b = nan"))
  }

  /// Two parameters that no preset has together: a shape says what they have to do with each other, a free scatter
  /// cannot, and the published recipe takes it from its completion and counts it.
  @Test func pairsThatNeverMeet() throws {
    var data = try PartialSample.data(60, share: 0)
    data.absent = (0..<60).map { $0 % 2 == 0 ? [0] : [3] }
    let error = #expect(throws: EstimationError.self) {
      try StudentTEstimator(shape: FreeScatter()).fit(data)
    }
    #expect(error?.description.hasPrefix("No preset has both a and d, ") == true)
    #expect(try StudentTEstimator().fit(data).mean.allSatisfy { $0.isFinite })
    let published = try GaussianEstimator.unbiased.estimate(data)
    #expect(published.hyperparameters.contains(.init("pairs_never_together", 1)))
  }
}
