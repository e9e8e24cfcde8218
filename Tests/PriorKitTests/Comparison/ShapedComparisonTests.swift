import Distributions
import FXParams
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

/// Comparisons of presets that lack effects or have another order.
@Suite struct ShapedComparisonTests {
  private func presets(_ count: Int, seed: UInt64 = 1) -> PresetCollection {
    var result = normalPresets(count, of: ShapedChain.chain, seed: seed)
    let patterns = ShapedChain.patterns(count, seed: seed)
    result.patterns = patterns
    for (row, pattern) in patterns.enumerated() {
      for column in result.chain.absentPositions(pattern) { result.theta[row, column] = .nan }
    }
    return result
  }

  /// Each score is the log density that a prior of the other folds gives the preset, its pattern included.
  @Test(arguments: ["published", "ridge", "blocks", "student-t-blocks", "copula-kernel-student-t-blocks"])
  func scoresAreThoseOfPriors(name: String) throws {
    let presets = presets(60)
    let estimator = try EstimatorCatalogue.standard.entry(named: name).estimator
    let folds = try FoldAssignment(presets: 60, folds: 3, seed: 2)
    let comparison = Comparison([estimator], data: try EstimationData(presets: presets), folds: folds)
    let table = try ComparisonTable(
      comparison, outcomes: comparison.run(threads: 2), splits: 0..<3, baseline: name)
    let scores = try #require(table.rows[0].scores, "\(String(describing: table.rows[0].failure))")
    for fold in folds.folds {
      let prior = try estimator.fit(presets.selecting(rows: fold.training))
      let heldOut = presets.selecting(rows: fold.heldOut)
      let expected = try prior.logDensities(ofRows: heldOut.theta, patterns: try #require(heldOut.patterns))
      #expect(largestDifference(fold.heldOut.map { scores[$0] }, expected) < 1e-9)
    }
  }

  /// Test presets may lack effects where those of the fit have all, and the other way round.
  @Test(arguments: [true, false]) func testPresetsMayHaveAnotherShape(trainingVaries: Bool) throws {
    let complete = normalPresets(50, of: ShapedChain.chain, seed: 3)
    let (training, test) = trainingVaries ? (presets(50), complete) : (complete, presets(50))
    let estimator = BlockShrinkageEstimator()
    let comparison = Comparison(
      [estimator], data: try EstimationData(presets: training), test: try EstimationData(presets: test))
    let table = try ComparisonTable(
      comparison, outcomes: comparison.run(threads: 1), splits: 0..<1, baseline: "blocks")
    let scores = try #require(table.rows[0].scores)
    let distribution = try estimator.fit(training).distribution
    let chain = ShapedChain.chain
    let patterns = try PatternDistribution(
      fitting: (0..<50).map(training.pattern(of:)), chain: chain)
    for row in 0..<50 {
      let pattern = test.pattern(of: row)
      let positions = chain.variant(pattern).positions
      let own = try distribution.marginalDistribution(over: positions)
      let expected =
        patterns.logProbability(of: pattern) + own.logDensity(at: positions.map { test.theta[row, $0] })
      #expect((scores[row] - expected).magnitude < 1e-9)
    }
  }

  /// Where only the order varies every family can be compared.
  @Test func ordersAloneTakeNothingAway() throws {
    var presets = normalPresets(60, of: ShapedChain.chain)
    presets.patterns = (0..<60).map { ChainPattern(present: [true, true, true], order: $0 % 3 == 0 ? 1 : 0) }
    #expect(!presets.lacksEffects)
    let catalogue = EstimatorCatalogue.standard
    #expect(catalogue.comparable(on: presets).count == catalogue.comparable.count)
    #expect(catalogue.comparable(on: self.presets(20)).map(\.name) == catalogue.namesAcceptingAbsentColumns)
    let prior = try CopulaEstimator(radial: true).fit(presets)
    #expect(prior.patterns?.patterns.count == ShapedChain.chain.allPatterns.count)
  }
}
