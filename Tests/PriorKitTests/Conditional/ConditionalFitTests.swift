import FXParams
import Foundation
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

/// Conditional families on pairs whose conditional is known.
@Suite struct ConditionalFitTests {
  static let names = ConditionalCatalogue.names

  static func fitter(_ name: String, candidates: [Int] = [0, 2, 4, 8, 16]) throws -> ConditionalFitter {
    try ConditionalCatalogue.fitter(named: name, candidates: candidates)
  }

  // MARK: - Recovery

  /// Within 5 % of the held-out log density of the true conditional.
  @Test(arguments: ["linear-gaussian", "joint-ledoit-wolf-standardised", "joint-student-t", "joint-copula"])
  func recoversALinearConditional(_ name: String) throws {
    let means = try SimulatedPairs.linear(500, seed: 2)
      .means(under: Self.fitter(name, candidates: [0, 4, 12]), trainedOn: .linear(2000))
    #expect((means.found - means.truth).magnitude <= 0.05 * means.truth.magnitude, "\(means)")
  }

  @Test func mixtureRecoversTwoRegimes() throws {
    let held = SimulatedPairs.twoRegimes(500, seed: 2)
    let training = SimulatedPairs.twoRegimes(2000)
    let means = try held.means(
      under: Self.fitter("joint-mixture-full-2", candidates: [0, 1, 3]), trainedOn: training)
    #expect((means.found - means.truth).magnitude <= 0.05 * means.truth.magnitude, "\(means)")
    let linear = try held.means(under: Self.fitter("linear-gaussian"), trainedOn: training)
    #expect(linear.found < means.found - 1, "a linear family cannot see the regimes")
  }

  // MARK: - No gain

  @Test func shuffledPairsGainNothing() throws {
    let data = try SimulatedPairs.linear(400).shuffled().data
    let folds = try FoldAssignment(presets: 400, folds: 5, seed: 0)
    let fitters = try Self.names.map { try Self.fitter($0, candidates: [0, 1, 4]) }
    let comparison = Comparison(fitters + fitters.map(\.unconditional), data: data.sideBySide, folds: folds)
    let table = try ComparisonTable(
      comparison, outcomes: comparison.run(threads: 2), splits: 0..<5, baseline: fitters[0].unconditional.name)
    let verdict = ConditionalVerdict(table)
    #expect(!verdict.helps, "\(verdict.sentence)")
    #expect(verdict.gain.map { $0.mean < 0.05 } == true, "\(verdict.sentence)")
    #expect(verdict.sentence.contains("do not help"))
  }

  @Test func matchedPairsGain() throws {
    let data = try SimulatedPairs.linear(200).data
    let folds = try FoldAssignment(presets: 200, folds: 4, seed: 0)
    let fitter = try Self.fitter("linear-gaussian", candidates: [0, 4, 12])
    let comparison = Comparison([fitter, fitter.unconditional], data: data.sideBySide, folds: folds)
    let table = try ComparisonTable(
      comparison, outcomes: comparison.run(threads: 2), splits: 0..<4, baseline: fitter.unconditional.name)
    let verdict = ConditionalVerdict(table)
    #expect(verdict.helps && verdict.conditional == "linear-gaussian")
    // Known: half the log ratio of the variances of theta and of e, about 2.3 nats.
    #expect(verdict.gain.map { (1.5...3).contains($0.mean) } == true, "\(verdict.sentence)")
  }

  // MARK: - Laws

  /// The prior given features is the joint density over that of the features, and draws follow its mean.
  @Test(arguments: names) func isJointOverMarginal(_ name: String) throws {
    let pairs = SimulatedPairs.linear(200)
    let prior = try Self.fitter(name, candidates: [4]).fit(pairs.presets, path: "pairs.h5")
    let features = try #require(pairs.presets.features)
    let rows = try prior.logDensities(parameters: pairs.presets.theta, features: features)
    for row in 0..<5 {
      let given = try prior.prior(given: features.row(row))
      let value = given.logDensity(at: pairs.presets.theta.row(row))
      #expect((value - rows[row]).magnitude < 1e-8 * (1 + value.magnitude))
      var source = RandomSource(seed: UInt64(row))
      let draws = Matrix(rows: (0..<2000).map { _ in given.sample(using: &source) })
      for column in 0..<3 {
        let values = draws.column(column)
        let mean = values.reduce(0, +) / 2000
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 2000
        #expect((mean - given.mean[column]).magnitude < 5 * (variance / 2000).squareRoot())
      }
    }
  }

  @Test(arguments: names) func fileKeepsEveryBit(_ name: String) throws {
    let scratch = try Scratch()
    var pairs = SimulatedPairs.linear(100)
    pairs.presets.featureRecord = FeatureRecord(
      encoder: "mfcc", source: .wet, sampleRate: 44_100, loudnessLUFS: -18, segmentSeconds: 2)
    let prior = try Self.fitter(name, candidates: [3]).fit(pairs.presets, path: "pairs.h5", evidence: "told")
    try ConditionalPriorFile.write(
      prior, to: scratch.file("c.h5"), provenance: Provenance(arguments: ["test"]), overwrite: false)
    let copy = try ConditionalPriorFile.read(scratch.file("c.h5"))
    #expect(copy.featureRecord == pairs.presets.featureRecord && copy.record == prior.record)
    let features = try #require(pairs.presets.features).row(0)
    let (one, other) = (try prior.prior(given: features), try copy.prior(given: features))
    #expect(one.logDensity(at: pairs.presets.theta.row(0)) == other.logDensity(at: pairs.presets.theta.row(0)))
    #expect(throws: DataError.self) { try PriorFile.read(scratch.file("c.h5")) }
  }

  @Test(arguments: names) func weightsCount(_ name: String) throws {
    // Rows of weight zero may say anything.
    let pairs = SimulatedPairs.linear(120)
    var spoiled = pairs.presets
    for row in 60..<120 {
      for column in 0..<3 { spoiled.theta[row, column] += 100 }
    }
    spoiled.weights = (0..<120).map { $0 < 60 ? 1 : 0 }
    let prior = try Self.fitter(name, candidates: [2]).fit(spoiled, path: "pairs.h5")
    let features = try #require(spoiled.features).row(3)
    #expect(try prior.prior(given: features).mean.allSatisfy { $0.magnitude < 20 })
  }

  @Test(arguments: names) func worksWithMoreFeaturesThanPresets(_ name: String) throws {
    let pairs = SimulatedPairs.linear(40, features: 90)
    let prior = try Self.fitter(name).fit(pairs.presets, path: "pairs.h5")
    #expect(prior.transform.componentCount <= 10)
    let features = try #require(pairs.presets.features).row(0)
    #expect(try prior.prior(given: features).logDensity(at: pairs.presets.theta.row(0)).isFinite)
  }

  // MARK: - Transform

  @Test func componentsAreWhite() throws {
    var features = try #require(SimulatedPairs.linear(300).presets.features)
    for row in 0..<300 { features[row, 5] = 7 }
    let transform = try FeatureTransform(fitting: features, weights: nil, limit: 6)
    let covariance = try SampleMoments(transform(features)).covariance()
    for row in 0..<6 {
      for column in 0..<6 {
        #expect((covariance[row, column] * 299 / 300 - (row == column ? 1 : 0)).magnitude < 1e-10)
      }
    }
    #expect(zip(transform.variances, transform.variances.dropFirst()).allSatisfy { $0 >= $1 })
    // Linear algebra may add the terms of a narrower matrix in another order.
    let (narrow, wide) = (transform.truncated(to: 2)(features.row(1)), transform(features.row(1)))
    #expect(largestDifference(narrow, Array(wide[..<2])) < 1e-13)
  }

  // MARK: - Errors

  @Test func refusesFeaturesThatCannotBeUsed() throws {
    var presets = SimulatedPairs.linear(30).presets
    presets.features?.values[4] = .nan
    #expect(throws: ConditionalError.self) { try Self.fitter("linear-gaussian").fit(presets, path: "pairs.h5") }
    presets.features = Matrix(rows: 30, columns: 12, repeating: 3)
    #expect(throws: ConditionalError.noVariation(count: 12)) {
      try Self.fitter("linear-gaussian").fit(presets, path: "pairs.h5")
    }
    #expect(throws: ConditionalError.tooFewPairs(count: 5)) {
      try Self.fitter("linear-gaussian").fit(SimulatedPairs.linear(5).presets, path: "pairs.h5")
    }
    presets.features = nil
    #expect(throws: ConditionalError.noFeatures(path: "pairs.h5")) {
      try Self.fitter("linear-gaussian").fit(presets, path: "pairs.h5")
    }
    let prior = try Self.fitter("linear-gaussian").fit(SimulatedPairs.linear(50).presets, path: "pairs.h5")
    #expect(throws: ConditionalError.featureCount(found: 3, expected: 12)) { try prior.prior(given: [1, 2, 3]) }
    #expect(throws: ConditionalError.self) {
      try prior.prior(given: [.infinity] + Array(repeating: 0, count: 11))
    }
    #expect(throws: ConditionalError.self) { try ConditionalCatalogue.fitter(named: "nonsense", candidates: [1]) }
  }
}
