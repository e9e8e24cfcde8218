import ArgumentParser
import FXParams
import Foundation
import PresetStore
import PriorKit

/// What symmetries are worth in held-out log density: families fitted to presets as they are, to canonical ones and
/// to all copies, compared fairly, with orbit sums on both sides.
@main
struct SymmetryGains: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare fits to raw, canonical and symmetrised presets by held-out log density.",
    discussion: """
      EXAMPLE:
        swift run -c release --package-path Experiments SymmetryGains presets.h5 --test medleydb.h5

      Prints a Markdown table: nats per preset above the published recipe as it is, mean with standard error (and
      median).
      """)

  @Argument(help: "The preset file.") var presets: String
  @Option(help: "Other presets, scored under fits to all of the first.") var test: String
  @Option(help: "How many random folds.") var folds = 10
  @Option(help: "Seed of the folds.") var seed: UInt64 = 0
  @Option(help: "Families.") var families = [
    "published", "ridge", "blocks", "student-t-blocks", "copula-kernel-student-t-blocks",
  ]
  @Option(help: "Threads.") var threads = 1

  func run() throws {
    let collection = try PresetFile.read(presets)
    let other = try PresetFile.read(test)
    let chain = collection.chain
    let published = GaussianEstimator.unbiased
    var estimators: [any DensityEstimator] = [published]
    for name in families {
      let base = try EstimatorCatalogue.standard.entry(named: name).estimator
      if name != published.name { estimators.append(base) }
      estimators.append(try OrbitSumEstimator(base, of: chain))
      for form in OrbitSumEstimator.Form.allCases {
        estimators.append(try OrbitSumEstimator(base, of: chain, form: form))
      }
      // Copies of a copula are explicit: those of the mirror are few.
      let isCopula = name.hasPrefix("copula")
      estimators.append(try InvariantEstimator(base, to: isCopula ? [.mirror] : [.signs, .mirror], of: chain))
      if !isCopula {
        estimators.append(
          try InvariantEstimator(base, to: [.signs, .bands, .lookahead, .mirror], of: chain))
      }
    }
    let data = try EstimationData(presets: collection)
    let assignment = try FoldAssignment(presets: collection.count, folds: folds, seed: seed)
    let comparison = Comparison(estimators, data: data, folds: assignment, test: other.theta)
    let outcomes = comparison.run(
      threads: threads,
      onOutcome: { FileHandle.standardError.write(Data("\($0.split) \($0.estimator)\n".utf8)) })
    print("| fit | \(folds) random folds | other presets |\n|---|---|---|")
    for estimator in estimators {
      let inner = Self.differences(estimator.name, published.name, outcomes, comparison, splits: 0..<folds)
      let outer = Self.differences(estimator.name, published.name, outcomes, comparison, splits: folds..<folds + 1)
      print("| `\(estimator.name)` | \(Self.text(inner)) | \(Self.text(outer)) |")
    }
    for outcome in outcomes {
      if case .failure(let reason) = outcome.result {
        print("\(outcome.estimator), split \(outcome.split): \(reason)")
      }
    }
  }

  /// Paired differences of a family to the baseline, preset by preset.
  private static func differences(
    _ name: String, _ baseline: String, _ outcomes: [FitOutcome], _ comparison: Comparison, splits: Range<Int>
  ) -> [Double] {
    func scores(_ name: String) -> [Int: Double] {
      var scores: [Int: Double] = [:]
      for outcome in outcomes where outcome.estimator == name && splits.contains(outcome.split) {
        guard case .scores(let values) = outcome.result else { continue }
        for (preset, value) in zip(comparison.splits[outcome.split].heldOut, values) { scores[preset] = value }
      }
      return scores
    }
    let base = scores(baseline)
    return scores(name).sorted { $0.key < $1.key }.compactMap { preset, value in base[preset].map { value - $0 } }
  }

  private static func text(_ values: [Double]) -> String {
    guard values.count > 1 else { return "" }
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    let median = values.sorted()[values.count / 2]
    return String(format: "%.1f ± %.1f (%.1f)", mean, (variance / count).squareRoot(), median)
  }
}
