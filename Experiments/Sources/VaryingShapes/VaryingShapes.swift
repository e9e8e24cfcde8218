import ArgumentParser
import Dispatch
import FXParams
import Foundation
import NumericCore
import PresetStore
import PriorKit
import Synchronization

/// What presets that lack effects are worth to a fit: effects are taken from some complete presets at random, and
/// held-out complete presets are scored under fits to the complete training presets, to those with gaps, and to
/// those of them that kept everything.
@main
struct VaryingShapes: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare fits to complete presets, to presets that lack effects, and to the complete ones of these.",
    discussion: """
      EXAMPLE:
        swift run -c release --package-path Experiments VaryingShapes presets.h5

      Prints Markdown: nats per held-out complete preset with standard errors over presets, each averaged over the
      seeds; then how far the fitted probabilities of patterns are from those that were drawn from.
      """)

  @Argument(help: "A file of complete presets.") var presets: String
  @Option(help: "The share of presets that lose effects.") var share = 0.3
  @Option(help: "The most effects that a preset loses.") var most = 2
  @Option(help: "How many folds, by group where the presets have groups.") var folds = 5
  @Option(help: "How many times gaps and folds are drawn.") var seeds = 3
  @Option(parsing: .upToNextOption, help: "Families.") var families = ["published", "blocks", "student-t-blocks"]
  @Option(parsing: .upToNextOption, help: "Families for complete presets, whose gaps are filled by draws.")
  var imputed: [String] = []
  @Flag(help: "Also the Gaussian of the highest likelihood of what is there.") var likelihood = false
  @Option(help: "Threads.") var threads = 1

  private static let kinds = ["complete", "with gaps", "complete alone"]

  func run() throws {
    let collection = try PresetFile.read(presets)
    var estimators = try families.map { try EstimatorCatalogue.standard.entry(named: $0).estimator }
    estimators += try imputed.map {
      ImputedEstimator(base: try EstimatorCatalogue.standard.entry(named: $0).estimator)
    }
    // A Student-t of infinitely many degrees of freedom is a Gaussian.
    if likelihood { estimators.append(StudentTEstimator(shape: FreeScatter(), degreesOfFreedom: .infinity)) }
    var totals = [[Double]](
      repeating: Array(repeating: 0, count: collection.count), count: estimators.count * Self.kinds.count)
    var lines: [String] = []
    for seed in 0..<UInt64(seeds) {
      let gaps = Gaps(share: share, most: most, in: collection, seed: seed)
      for (index, scores) in try scores(estimators, collection, gaps, seed).enumerated() {
        for preset in scores.indices { totals[index][preset] += scores[preset] / Double(seeds) }
      }
      lines.append(try gaps.line(seed))
    }
    print("| family | complete | with gaps | complete alone | gaps less complete | gaps less alone |")
    print("|---|---|---|---|---|---|")
    for (index, estimator) in estimators.enumerated() {
      let own = (0..<3).map { totals[3 * index + $0] }
      let cells = own.map { Self.text($0) } + [0, 2].map { Self.text(zip(own[1], own[$0]).map(-)) }
      print("| `\(estimator.name)` | \(cells.joined(separator: " | ")) |")
    }
    print(
      "\n| seed | presets with gaps | patterns | distance, counts | distance, fitted | presence off by at most |")
    print("|---|---|---|---|---|---|")
    for line in lines { print(line) }
  }

  /// Scores of all presets, for each estimator complete, with gaps and complete alone.
  private func scores(
    _ estimators: [any DensityEstimator], _ collection: PresetCollection, _ gaps: Gaps, _ seed: UInt64
  ) throws -> [[Double]] {
    let assignment =
      try collection.groups.map { try FoldAssignment(groups: $0, folds: folds, seed: seed) }
      ?? FoldAssignment(presets: collection.count, folds: folds, seed: seed)
    let (whole, partial) = (
      try EstimationData(presets: collection), try EstimationData(presets: gaps.presets)
    )
    let tasks = assignment.folds.flatMap { fold in estimators.indices.map { (fold: fold, estimator: $0) } }
    let result = Mutex(
      [[Double]](
        repeating: Array(repeating: .nan, count: collection.count), count: estimators.count * Self.kinds.count))
    let failure = Mutex<(any Error)?>(nil)
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: threads) { _ in
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < tasks.count, failure.withLock({ $0 == nil }) else { return }
        let (fold, number) = (tasks[index].fold, tasks[index].estimator)
        let kept = fold.training.filter { gaps.presets.pattern(of: $0) == gaps.presets.chain.completePattern }
        do {
          let trainings = [
            whole.selecting(presets: fold.training), partial.selecting(presets: fold.training),
            whole.selecting(presets: kept),
          ]
          for (kind, training) in trainings.enumerated() {
            let scores = try estimators[number].heldOutScores(
              of: whole.selecting(presets: fold.heldOut), fittedTo: training)
            result.withLock { all in
              for (preset, score) in zip(fold.heldOut, scores) { all[3 * number + kind][preset] = score }
            }
          }
          FileHandle.standardError.write(Data("seed \(seed): \(index + 1) of \(tasks.count)\n".utf8))
        } catch {
          failure.withLock { $0 = error }
        }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
    return result.withLock { $0 }
  }

  private static func text(_ values: [Double]) -> String {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    return String(format: "%.1f ± %.1f", mean, (variance / count).squareRoot())
  }
}

/// Presets of which some lost effects, and the probabilities by which they did.
private struct Gaps {
  let presets: PresetCollection
  private let truth: [ChainPattern: Double]

  /// A preset loses effects with the probability `share`: one to `most` of them, each number and each choice alike.
  init(share: Double, most: Int, in collection: PresetCollection, seed: UInt64) {
    var presets = collection
    presets.chain.optionalEffects = Set(
      collection.chain.series.map(\.name) + collection.chain.sends.map(\.name))
    let (chain, count) = (presets.chain, presets.chain.optionalNames.count)
    var source = RandomSource(seed: seed, stream: 1)
    presets.patterns = (0..<collection.count).map { _ in
      var present = Array(repeating: true, count: count)
      guard source.nextUniform() < share else { return ChainPattern(present: present) }
      let lost = 1 + Int(source.nextUniform() * Double(most))
      for effect in (0..<count).shuffled(using: &source).prefix(lost) { present[effect] = false }
      return ChainPattern(present: present)
    }
    for (row, pattern) in (presets.patterns ?? []).enumerated() {
      for column in chain.absentPositions(pattern) { presets.theta[row, column] = .nan }
    }
    self.presets = presets
    var truth: [ChainPattern: Double] = [:]
    for pattern in chain.allPatterns {
      let lost = pattern.present.count { !$0 }
      guard lost <= most else { continue }
      let choices = (0..<lost).reduce(1.0) { $0 * Double(count - $1) / Double($1 + 1) }
      truth[pattern] = lost == 0 ? 1 - share : share / Double(most) / choices
    }
    self.truth = truth
  }

  /// Half the sum of the differences of probabilities, of the counts and of the fit; and the presence of effects.
  func line(_ seed: UInt64) throws -> String {
    let patterns = presets.patterns ?? []
    let fitted = try PatternDistribution(fitting: patterns, chain: presets.chain)
    let counts = Dictionary(grouping: patterns, by: { $0 }).mapValues { Double($0.count) / Double(patterns.count) }
    func distance(_ probability: (ChainPattern) -> Double) -> Double {
      presets.chain.allPatterns.reduce(0) { $0 + 0.5 * abs(probability($1) - (truth[$1] ?? 0)) }
    }
    let presence = presets.chain.optionalNames.indices.map { effect in
      let expected = truth.reduce(0) { $0 + ($1.key.present[effect] ? $1.value : 0) }
      return abs(fitted.presence(ofEffect: effect) - expected)
    }
    let complete = patterns.count { $0 == presets.chain.completePattern }
    return "| \(seed) | \(patterns.count - complete) | \(counts.count) | "
      + String(
        format: "%.3f | %.3f | %.3f |", distance { counts[$0] ?? 0 }, distance(fitted.probability(of:)),
        presence.max() ?? 0)
  }
}

extension EstimationData {
  /// Some of the presets.
  fileprivate func selecting(presets: [Int]) -> EstimationData {
    var result = EstimationData(rows: rows.selecting(rows: presets), names: names, blocks: blocks)
    result.weights = weights.map { weights in presets.map { weights[$0] } }
    result.absent = absent.map { absent in presets.map { absent[$0] } }
    return result
  }
}
