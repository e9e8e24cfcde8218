import ArgumentParser
import FXParams
import FileOutput
import Foundation
import NumericCore
import PresetStore
import PriorKit
import Workflows

/// `priorkit compare`: which family of priors fits presets best.
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare families of priors by the log density of held-out presets.",
    discussion: """
      EXAMPLES:
        priorkit compare presets.h5
        priorkit compare presets.h5 --group groups --checkpoint run.h5 -o scores.csv
        priorkit compare presets.h5 --test other.h5 --families published,diagonal
        priorkit compare with-features.h5 --given features
        priorkit compare equalisers.h5 --over-orbit --group groups --folds 5
        priorkit compare presets.h5 --shard 2/8 -o fits-2.h5
        priorkit merge fits-*.h5 -o fits.h5
        priorkit compare presets.h5 --checkpoint fits.h5

      Each family is fitted to all folds but one and scored on that one, in turn;
      hyper-parameters are chosen inside the training folds. With --test it is also
      fitted to all presets and scored on the others; --folds 0 leaves it at that.
      The table has nats per preset: mean with standard error, and the paired
      difference to the baseline with its own. With --given features the families
      are conditional priors (fit --given features --list-families), each beside
      itself without the features. With --over-orbit the density is summed over the
      copies of a preset that sound the same, which is the fair comparison for bands
      in arbitrary order: each family fitted to presets as they are, in canonical
      form by the rule, and with bands in learned slots (docs/bands.md).
      With --shard several machines make a share of
      the fits each and write them instead of a table; `merge` puts them together.
      """)

  @Argument(help: "The preset file.")
  var presets: String

  @Option(name: .long, help: ArgumentHelp("Other presets of the same chain, to score.", valueName: "presets"))
  var test: String?

  @Option(within: 0...1_000_000, help: "How many folds.")
  var folds = 10

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Keep presets of one group in one fold; 'groups' reads them from /groups.", valueName: "name"))
  var group: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Names to compare, with commas (default: all that need no standard errors).", valueName: "a,b"))
  var families: String?

  @Option(name: .long, help: "The family that others are compared with (default: published).")
  var baseline: String?

  @Option(name: .long, help: ArgumentHelp("A file to go on from after an interruption.", valueName: "file"))
  var checkpoint: String?

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp(
      "A table to write: one row per preset, one column per family; with --shard the fits.", valueName: "file"))
  var output: String?

  @OptionGroup var sharding: ShardOptions
  @OptionGroup var symmetry: QuotientOptions
  @OptionGroup var conditional: ConditionalOptions
  @OptionGroup var overwriting: OverwriteOptions
  @OptionGroup var format: JSONOptions
  @OptionGroup var random: RandomOptions
  @OptionGroup var parallel: ThreadOptions
  @OptionGroup var global: GlobalOptions

  /// What `--over-orbit` compares where the chain has like bands.
  private static let usualOverOrbits = "published,slot-gaussian,slot-mixture-4,exchangeable-bands"

  func validate() throws {
    guard !(symmetry.overOrbit && conditional.isConditional) else {
      throw ValidationError("--over-orbit is for unconditional priors: leave out --given, or --over-orbit.")
    }
    if let output, let checkpoint, OutputFile.destination(output) == OutputFile.destination(checkpoint) {
      throw ValidationError("--checkpoint and --output are both \(output): name two files.")
    }
    if let shard = sharding.shard {
      guard output != nil else {
        throw ValidationError("--shard \(shard.text) needs --output: name a file for the fits of this shard.")
      }
      guard !format.json else {
        throw ValidationError("--json is for the table, which a shard has none of: merge the shards first.")
      }
    }
    if folds == 0, test == nil { throw ValidationError("--folds is 0 without --test: there is nothing to score.") }
    guard folds == 0 || folds >= 2 else { throw ValidationError("--folds is \(folds) but must be at least 2.") }
    if let group, group != "groups" {
      throw ValidationError("--group is \(group), but presets have groups in /groups only: use --group groups.")
    }
  }

  func run() throws {
    if let output { try OutputFile.check(output, overwrite: overwriting.force) }
    // Symmetries of one shape are not those of another, and conditional families have one.
    let acceptsVaryingShape = !symmetry.overOrbit && !conditional.isConditional
    let collection = try PresetFile.read(presets, acceptsVaryingShape: acceptsVaryingShape)
    let other = try test.map { path in
      let other = try PresetFile.read(path, acceptsVaryingShape: acceptsVaryingShape)
      guard other.chain == collection.chain else {
        throw CommandError("\(path) and \(presets) are of different chains: test on presets of the same chain.")
      }
      try other.requireSquares(path: path)
      return other
    }
    let estimators = try fitting(estimators(of: collection), collection, other)
    let baseline = baseline ?? EstimatorCatalogue.baseline(of: estimators)
    guard estimators.contains(where: { $0.name == baseline }) else {
      throw ComparisonError.unknownBaseline(name: baseline, compared: estimators.map(\.name))
    }
    let assignment = folds == 0 ? nil : try assignment(of: collection)
    let data = try data(of: collection, presets)
    let testRows = try test.flatMap { path in
      try other.map { other in
        try requireSameFeatures(other, collection)
        return try self.data(of: other, path)
      }
    }
    guard let comparison = Self.comparison(estimators, data, assignment, testRows) else {
      preconditionFailure("Neither folds nor a test collection")
    }
    let run = ComparisonRun(
      comparison, checkpoint: try checkpoint.map { .init(path: $0, problem: try problem()) },
      shard: sharding.shard ?? .whole, threads: parallel.count)
    let outcomes = try run.outcomes(monitor: global.console)
    if let shard = try record(of: comparison), let output {
      return try save(outcomes, shard, of: comparison, to: output)
    }
    var report = try ComparisonReport(
      comparison, outcomes: outcomes, foldCount: assignment?.count ?? 0,
      baseline: baseline,
      groups: group == nil ? nil : collection.groups, labels: collection.allLabels,
      testLabels: other?.allLabels ?? [])
    try report.requireAnySuccess()
    report.conclusions = conclusions(from: report)
    if let output {
      try OutputFile.write(Data(report.csv.utf8), to: output, overwrite: overwriting.force)
      global.console.message("\(output): scores of \(estimators.count) families")
    }
    try Console.standardOutput(format.json ? JSONText.text(report) : report.text)
    if conditional.isConditional { try tellVerdicts(of: report) }
  }

  private func estimators(of collection: PresetCollection) throws -> [any ComparedEstimator] {
    guard !conditional.isConditional else {
      return try conditional.estimators(listed: families, presets: collection, path: presets)
    }
    let catalogue = EstimatorCatalogue.standard
    guard symmetry.overOrbit else { return try catalogue.estimators(listed: families, of: collection.chain) }
    // All families in three forms would take hours: the published one, unless others are named.
    let usual = collection.chain.symmetries.bandGroups.isEmpty ? Fit.published : Self.usualOverOrbits
    return try catalogue.orbitSums(
      of: catalogue.estimators(listed: families ?? usual, of: collection.chain), for: collection.chain)
  }

  /// What is fitted: presets, beside their features where these are given.
  private func data(of collection: PresetCollection, _ path: String) throws -> EstimationData {
    guard conditional.isConditional else { return try EstimationData(presets: collection) }
    return try ConditionalData(presets: collection, path: path).sideBySide
  }

  private func assignment(of collection: PresetCollection) throws -> FoldAssignment {
    guard group != nil else {
      return try FoldAssignment(presets: collection.count, folds: folds, seed: random.seed)
    }
    guard let groups = collection.groups else {
      throw CommandError("\(presets) has no /groups: import it with groups, or leave out --group.")
    }
    return try FoldAssignment(groups: groups, folds: folds, seed: random.seed)
  }

  private static func comparison(
    _ estimators: [any ComparedEstimator], _ data: EstimationData, _ folds: FoldAssignment?,
    _ test: EstimationData?
  ) -> Comparison? {
    if let test { return Comparison(estimators, data: data, folds: folds, test: test) }
    return folds.map { Comparison(estimators, data: data, folds: $0) }
  }
}
