import Distributions
import FXParams
import Foundation
import NumericCore
import PresetStore
import PriorKit
import Synchronization
import TestSupport
import Testing

/// Fails on purpose where the first training row is beyond a limit.
private struct FailingEstimator: DensityEstimator {
  let name = "failing"
  func fit(_ data: EstimationData) throws -> any Distribution {
    throw PriorError.tooFewPresets(count: data.rows.rows)
  }
}

/// Scores that are not finite.
private struct Hopeless: Distribution {
  static let family = "hopeless"
  let dimension: Int
  var mean: [Double] { Array(repeating: 0, count: dimension) }
  func logDensity(at point: [Double], score: inout [Double]) -> Double { -.infinity }
  func sample(using source: inout RandomSource) -> [Double] { mean }
  func marginalDistribution(over indices: [Int]) -> any Distribution { Hopeless(dimension: indices.count) }
  func conditionalDistribution(given indices: [Int], values: [Double]) -> any Distribution { self }
  func encode(into archive: inout DistributionArchive) {}
}

extension Hopeless {
  init(from archive: DistributionArchive) { self.init(dimension: 0) }
}

private struct HopelessEstimator: DensityEstimator {
  let name = "hopeless"
  func fit(_ data: EstimationData) -> any Distribution { Hopeless(dimension: data.rows.columns) }
}

@Suite struct ComparisonTests {
  private let presets = normalPresets(43, of: SmallChain.bands)
  private let estimators: [any DensityEstimator] = [GaussianEstimator.unbiased, DiagonalEstimator()]

  private func comparison(_ estimators: [any DensityEstimator], folds: Int = 5) throws -> Comparison {
    Comparison(
      estimators, data: try EstimationData(presets: presets),
      folds: try FoldAssignment(presets: presets.count, folds: folds, seed: 3))
  }

  // MARK: Folds

  @Test(arguments: [2, 5, 10, 43])
  func foldsPartitionThePresets(_ count: Int) throws {
    let folds = try FoldAssignment(presets: 43, folds: count, seed: 1)
    #expect(folds.count == count && folds.folds.count == count)
    #expect(folds.folds.flatMap(\.heldOut).sorted() == Array(0..<43))
    let sizes = folds.folds.map(\.heldOut.count)
    #expect(sizes.allSatisfy { (43 / count...43 / count + 1).contains($0) })
    #expect((folds.folds[0].training + folds.folds[0].heldOut).sorted() == Array(0..<43))
    #expect(try FoldAssignment(presets: 43, folds: count, seed: 1) == folds)
    #expect(try FoldAssignment(presets: 43, folds: count, seed: 2) != folds)
  }

  @Test func groupsStayTogether() throws {
    let groups = (0..<60).map { "song \($0 * $0 % 13)" }
    let folds = try FoldAssignment(groups: groups, folds: 4, seed: 9)
    for group in Set(groups) {
      #expect(Set(groups.indices.filter { groups[$0] == group }.map { folds.foldOfPreset[$0] }).count == 1)
    }
    #expect(Set(folds.foldOfPreset) == [0, 1, 2, 3])
  }

  @Test func impossibleFoldsAreRefused() {
    #expect(throws: FoldError.tooFewFolds(folds: 1)) { try FoldAssignment(presets: 9, folds: 1, seed: 0) }
    #expect(throws: FoldError.moreFoldsThanPresets(folds: 10, count: 9)) {
      try FoldAssignment(presets: 9, folds: 10, seed: 0)
    }
    #expect(throws: FoldError.moreFoldsThanGroups(folds: 2, groups: 1)) {
      try FoldAssignment(groups: ["a", "a", "a"], folds: 2, seed: 0)
    }
  }

  // MARK: Scores

  /// Each score is the log density under a fit to the other folds, worked out here one by one.
  @Test func scoresAreHeldOutLogDensities() throws {
    let comparison = try comparison(estimators)
    let outcomes = comparison.run(threads: 2)
    let table = try ComparisonTable(comparison, outcomes: outcomes, splits: 0..<5, baseline: "published")
    let folds = try FoldAssignment(presets: 43, folds: 5, seed: 3)
    let row = try #require(table.rows.first { $0.name == "published" })
    for fold in folds.folds {
      var training = presets
      training.theta = presets.theta.selecting(rows: fold.training)
      let prior = try GaussianEstimator.unbiased.fit(training)
      for preset in fold.heldOut {
        let expected = prior.logDensity(at: presets.theta.row(preset))
        #expect((try #require(row.scores)[preset] - expected).magnitude < 1e-9)
      }
    }
    #expect(row.difference?.mean == 0)
    #expect(row.difference?.standardError == 0)
    let scores = try #require(row.scores)
    #expect(row.worst.count == 5)
    #expect(scores[row.worst[0]] == scores.min())
    #expect(row.mean == MeanEstimate(scores))
  }

  @Test func threadsAndOrderDoNotMatter() throws {
    let comparison = try comparison(estimators)
    func scores(_ threads: Int) throws -> [[Double]?] {
      try ComparisonTable(
        comparison, outcomes: comparison.run(threads: threads), splits: 0..<5, baseline: "diagonal"
      ).rows.map(\.scores)
    }
    #expect(try scores(1) == scores(4))
  }

  @Test func testPresetsAreScoredByAFitToAll() throws {
    let other = normalPresets(6, of: SmallChain.bands, seed: 8)
    let data = try EstimationData(presets: presets)
    let comparison = Comparison(estimators, data: data, test: other.theta)
    let table = try ComparisonTable(
      comparison, outcomes: comparison.run(threads: 1), splits: 0..<1, baseline: "published")
    let prior = try GaussianEstimator.unbiased.fit(presets)
    let scores = try #require(table.rows.first { $0.name == "published" }?.scores)
    #expect(largestDifference(scores, prior.logDensities(ofRows: other.theta)) < 1e-9)
    #expect(table.presets == Array(43..<49))
  }

  // MARK: Failures

  @Test func failuresStandBesideTheOthers() throws {
    let comparison = try comparison([FailingEstimator(), HopelessEstimator()] + estimators)
    let table = try ComparisonTable(
      comparison, outcomes: comparison.run(threads: 2), splits: 0..<5, baseline: "failing")
    #expect(Set(table.rows.prefix(2).map(\.name)) == ["published", "diagonal"])
    #expect(table.rows.suffix(2).map(\.name) == ["failing", "hopeless"])
    #expect(table.rows[2].failure?.count == 5)
    #expect(table.rows[2].failure?.reason.contains("at least 2 presets") == true)
    #expect(table.rows[3].failure?.reason.contains("-inf") == true)
    // Nothing to compare with where the baseline failed.
    #expect(table.rows[0].difference == nil)
    #expect(table.best?.name == table.rows[0].name)
  }

  @Test func fewerPresetsThanParametersLeaveTheRegularisedOnes() throws {
    let few = normalPresets(6, of: SmallChain.bands)
    let comparison = Comparison(
      estimators, data: try EstimationData(presets: few), folds: try FoldAssignment(presets: 6, folds: 3, seed: 0))
    let table = try ComparisonTable(
      comparison, outcomes: comparison.run(threads: 1), splits: 0..<3, baseline: "published")
    #expect(table.best?.name == "diagonal")
    #expect(table.rows.last?.failure?.reason.contains("4 presets cannot determine") == true)
  }

  @Test func unknownNamesAreRefusedWithTheKnownOnes() throws {
    let comparison = try comparison(estimators)
    #expect(throws: ComparisonError.unknownBaseline(name: "x", compared: ["published", "diagonal"])) {
      try ComparisonTable(comparison, outcomes: [], splits: 0..<5, baseline: "x")
    }
    let error = #expect(throws: PriorError.self) { try EstimatorCatalogue.standard.entry(named: "gauss") }
    #expect(error?.description.contains("published, ") == true)
    #expect(try EstimatorCatalogue.standard.entry(named: "diagonal").name == "diagonal")
  }

  /// What `fit --family auto` takes is within 2 nats of the best on presets that nobody has seen, for presets of
  /// three kinds: normal, heavy-tailed, and of skewed marginals.
  @Test(arguments: 0..<3) func theWinnerIsNearTheBest(kind: Int) throws {
    var source = RandomSource(seed: 40)
    func draw(_ count: Int) -> Matrix {
      Matrix(
        rows: (0..<count).map { _ in
          let shared = source.nextNormal()
          let width = kind == 1 ? (3 / source.nextChiSquared(degreesOfFreedom: 3)).squareRoot() : 1
          return (0..<8).map { column in
            let value = width * (0.7 * (column < 4 ? shared : 0) + source.nextNormal())
            return kind == 2 ? exp(value) : value
          }
        })
    }
    let data = EstimationData(
      rows: draw(120), names: (0..<8).map { "x\($0)" }, blocks: [Array(0..<4), Array(4..<8)])
    let estimators = EstimatorCatalogue.standard.comparable
    let comparison = Comparison(
      estimators, data: data, folds: try FoldAssignment(presets: 120, folds: 10, seed: 0))
    let table = try ComparisonTable(
      comparison, outcomes: comparison.run(threads: 2), splits: 0..<10, baseline: "published")
    let chosen = try #require(table.best?.name)
    let fresh = draw(4000)
    let scores = try estimators.map { estimator in
      (estimator.name, try estimator.fit(data).logDensities(ofRows: fresh).reduce(0, +) / 4000)
    }
    let best = try #require(scores.max { $0.1 < $1.1 })
    let taken = try #require(scores.first { $0.0 == chosen })
    #expect(taken.1 >= best.1 - 2, "\(taken) against \(best)")
    // The table tells the kinds apart.
    let heavy = chosen.hasPrefix("student-t") || chosen == "inverse-wishart" || chosen.hasPrefix("copula")
    #expect(kind == 0 || heavy || chosen.hasPrefix("mixture"), "\(chosen)")
  }

  // MARK: Going on

  @Test func checkpointKeepsWhatIsDone() throws {
    let scratch = try Scratch()
    let comparison = try comparison(estimators + [FailingEstimator()])
    let full = comparison.run(threads: 1)
    let checkpoint = ComparisonCheckpoint(path: scratch.file("c.h5"), problem: "a\nb")
    // Stopped after four outcomes.
    let count = Mutex(0)
    let part = comparison.run(
      threads: 1, isCancelled: { count.withLock { $0 >= 4 } }, onOutcome: { _ in count.withLock { $0 += 1 } })
    #expect(part.count == 4)
    try checkpoint.write(part)
    let restored = try checkpoint.read(for: comparison)
    // A failure is tried again.
    #expect(Set(restored) == Set(part.filter { $0.estimator != "failing" }))
    let fitted = Mutex<[FitOutcome]>([])
    let rest = comparison.run(
      threads: 2, completed: restored, onOutcome: { outcome in fitted.withLock { $0.append(outcome) } })
    #expect(fitted.withLock { $0.count } == full.count - restored.count)
    func results(_ outcomes: [FitOutcome]) -> [String: FitOutcome.Result] {
      Dictionary(uniqueKeysWithValues: outcomes.map { ("\($0.estimator) \($0.split)", $0.result) })
    }
    #expect(results(rest) == results(full))

    let other = ComparisonCheckpoint(path: scratch.file("c.h5"), problem: "a\nc")
    let error = #expect(throws: ComparisonError.self) { try other.read(for: comparison) }
    #expect(error?.description.contains("b instead of c") == true)
  }
}
