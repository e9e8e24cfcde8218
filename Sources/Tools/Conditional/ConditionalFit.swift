import FXParams
import FileOutput
import NumericCore
import PresetStore
import PriorKit

/// `priorkit fit --given features`: fits a conditional prior and tells whether the features help.
struct ConditionalFit {
  let presets: String
  let output: String
  let overwrite: Bool
  let options: ConditionalOptions
  let seed: UInt64
  let threads: Int
  let console: Console

  private static let folds = 5
  private var inputs: [String] { [presets] + [options.simulatedFrom].compactMap { $0 } }

  /// - Parameter family: a conditional family, or `auto`.
  func run(family: String) throws {
    let collection = try PresetFile.read(presets)
    let data = try ConditionalData(presets: collection, path: presets)
    let names = family == "auto" ? ConditionalCatalogue.names : [family]
    let fitters = try options.fitters(names, chain: collection.chain, path: presets)
    // Before the comparison, which would tell of each fold what is wrong with all.
    let chosen = fitters.count == 1 ? try fitters[0].fit(collection, path: presets) : nil
    let (verdict, table) = try compare(fitters, chosen: chosen, data, collection)
    if family == "auto", !verdict.helps {
      return try writeUnconditional(verdict, fitters, collection, data, evidence: table)
    }
    let name = verdict.conditional ?? names[0]
    var prior = try chosen ?? fitters.first { $0.name == name }?.fit(collection, path: presets)
    prior?.record?.evidence = verdict.sentence + "\n\n" + table
    prior?.record?.observedRange = ObservedRange(of: collection)
    guard let prior else { preconditionFailure("The family \(name) won without being compared") }
    try ConditionalPriorFile.write(
      prior, to: output, provenance: .ofThisCommand(seed: seed, inputs: inputs), overwrite: overwrite)
    console.message(
      "\(output): family \(name), \(collection.dimension) parameters given \(prior.featureNames.count) features "
        + "(\(prior.transform.componentCount) components), from \(collection.count) presets")
    if verdict.helps { console.message(verdict.sentence) } else { console.warning(verdict.sentence) }
  }

  /// Compares with the same families without features, in folds that keep groups together where there are enough.
  private func compare(
    _ fitters: [ConditionalFitter], chosen: ConditionalPrior?, _ data: ConditionalData,
    _ collection: PresetCollection
  ) throws -> (ConditionalVerdict, String) {
    // A single family was searched already: its folds take what was found.
    let compared = chosen.map { prior in
      fitters.map { ConditionalFitter($0.estimator, candidates: [prior.transform.componentCount]) }
    }
    let conditional = (compared ?? fitters).filter { $0.candidates != [0] }
    let count = min(Self.folds, collection.count)
    let groups = collection.groups.flatMap { Set($0).count >= Self.folds ? $0 : nil }
    let folds =
      try groups.map { try FoldAssignment(groups: $0, folds: count, seed: seed) }
      ?? FoldAssignment(presets: collection.count, folds: count, seed: seed)
    let comparison = Comparison(
      conditional + fitters.map(\.unconditional), data: data.sideBySide, folds: folds)
    let outcomes = try ComparisonRun(
      comparison: comparison, checkpoint: nil, threads: threads, console: console
    ).outcomes()
    let baseline = fitters[0].unconditional.name
    let report = try ComparisonReport(
      comparison, outcomes: outcomes, foldCount: folds.count, baseline: baseline, groups: groups,
      labels: collection.allLabels, testLabels: [])
    try report.requireAnySuccess()
    return (report.verdicts[0], report.evidence)
  }

  /// What `auto` falls back to: the best family without features, as a prior like any other.
  private func writeUnconditional(
    _ verdict: ConditionalVerdict, _ fitters: [ConditionalFitter], _ collection: PresetCollection,
    _ data: ConditionalData, evidence: String
  ) throws {
    guard let fitter = fitters.first(where: { $0.unconditional.name == verdict.unconditional })?.unconditional
    else {
      throw CommandError("No family could be fitted to \(presets) with or without its features.")
    }
    let fit = try fitter.fit(data)
    var record = FitRecord(
      estimator: fitter.name, hyperparameters: fit.estimate.hyperparameters, presetCount: collection.count,
      effectivePresetCount: data.parameters.effectiveCount, evidence: verdict.sentence + "\n\n" + evidence)
    record.observedRange = ObservedRange(of: collection)
    try PriorFile.write(
      FittedPrior(chain: collection.chain, density: fit.estimate.density, record: record), to: output,
      provenance: .ofThisCommand(seed: seed, inputs: inputs), overwrite: overwrite)
    console.warning(verdict.sentence)
    console.message("\(output): an unconditional prior, \(fitter.name), from \(collection.count) presets")
  }
}
