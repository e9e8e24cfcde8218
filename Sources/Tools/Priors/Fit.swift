import ArgumentParser
import FileOutput
import PresetStore
import PriorKit
import Workflows

/// `priorkit fit`: presets to a prior.
struct Fit: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fit a prior to presets.",
    discussion: """
      EXAMPLES:
        priorkit fit presets.h5 -o prior.h5
        priorkit fit presets.h5 -o prior.h5 --family auto
        priorkit fit --list-families
        priorkit fit pairs.h5 --given features -o conditional.h5
        priorkit fit part1.h5 --statistics-only -o stats1.h5

      The prior is over the logits. The default is a Gaussian of their mean, and
      their covariance with N - 1 in its denominator, as published (arXiv
      2505.11315); it takes more presets than parameters. 'auto' compares all
      families that need no standard errors by cross-validation in 10 folds (see
      priorkit compare), takes the one with the highest mean log density, and
      keeps the table in the file.

      A file of more than 100000 presets is fitted by the published recipe in
      blocks, whatever its size, and without its observed range. Statistics of
      parts, always made in blocks, are joined by priorkit merge.

      With --invariant-to every copy of a preset that sounds the same (or, for
      mirror, mirrored) counts alike; see docs/symmetries.md.

      Presets of varying shape, which lack some effects or have another order, give
      the probability of each pattern and a density of all parameters, by EM
      (docs/varying-shape.md).

      With --given features the prior is conditional on the features of the presets
      (linear-gaussian unless --family says otherwise; docs/conditional-priors.md),
      and held-out presets tell whether the features help. 'auto' falls back to an
      unconditional prior where they do not.
      """)

  @Argument(help: "The preset file.")
  var presets: String?

  @Flag(name: .long, help: "Write count, mean and scatter instead of a prior, for `priorkit merge`.")
  var statisticsOnly = false

  @Option(name: .long, help: "The family, or 'auto'.")
  var family = Fit.published

  @Flag(name: .long, help: "Print the families and stop.")
  var listFamilies = false

  @Option(name: [.short, .long], help: ArgumentHelp("The file to write.", valueName: "file"))
  var output: String?

  @OptionGroup var invariance: InvarianceOptions
  @OptionGroup var conditional: ConditionalOptions
  @OptionGroup var overwriting: OverwriteOptions
  @OptionGroup var machine: JSONOptions
  @OptionGroup var random: RandomOptions
  @OptionGroup var parallel: ThreadOptions
  @OptionGroup var global: GlobalOptions

  static let published = "published"
  /// Presets that are read at once.
  private static let largestInMemory = 100_000

  func validate() throws {
    guard !listFamilies else { return }
    guard !statisticsOnly || family == Self.published else {
      throw ValidationError("--statistics-only is for the family \(Self.published), not \(family).")
    }
    guard invariance.isDefault || !(statisticsOnly || family == "auto" || conditional.isConditional) else {
      throw ValidationError(
        "--invariant-to and --orbit-sum are for an unconditional prior of one family: name it by --family.")
    }
    guard !machine.json || !(statisticsOnly || conditional.isConditional) else {
      throw ValidationError("--json is for priors and --list-families: leave it out.")
    }
    guard !(statisticsOnly && conditional.isConditional) else {
      throw ValidationError("--statistics-only and --given do not go together: statistics hold no features.")
    }
    guard presets != nil else { throw ValidationError("Missing expected argument '<presets>'.") }
    guard output != nil else { throw ValidationError("Missing expected argument '--output <file>'.") }
  }

  func run() throws {
    let catalogue = EstimatorCatalogue.standard
    if listFamilies {
      guard machine.json else {
        return try Console.standardOutput(
          conditional.isConditional ? ConditionalCatalogue.listing : catalogue.listing)
      }
      return try Console.standardOutput(
        JSONText.text(conditional.isConditional ? ConditionalCatalogue.listed : catalogue.listed))
    }
    guard let presets, let output else { return }
    try OutputFile.check(output, overwrite: overwriting.force)
    if conditional.isConditional {
      let fit = ConditionalFitting(
        presets: presets, output: output, overwrite: overwriting.force, options: conditional, seed: random.seed,
        threads: parallel.count, console: global.console)
      return try fit.run(family: family == Self.published ? ConditionalCatalogue.standard : family)
    }
    if try statisticsOnly
      || (family == Self.published && invariance.isDefault && !PresetFile.hasVaryingShape(presets)
        && PresetStream(presets).count > Self.largestInMemory)
    {
      let fit = StreamedFit(output: output, overwrite: overwriting.force, console: global.console)
      let (statistics, provenance) = try fit.statistics(of: presets, threads: parallel.count)
      return try fit.write(statistics, provenance, statisticsOnly: statisticsOnly)
    }
    let collection = try PresetFile.read(presets, acceptsVaryingShape: true)
    guard collection.patterns == nil || invariance.isDefault else {
      throw CommandError(
        "--invariant-to and --orbit-sum are for presets of one shape, and \(presets) holds several: select one "
          + "first.")
    }
    let choice =
      family == "auto"
      ? try automaticChoice(among: catalogue, for: collection)
      : Choice(estimator: try catalogue.estimator(named: family, of: collection.chain), evidence: "")
    let estimator = try invariance.estimator(choice.estimator, for: collection.chain)
    var prior = try estimator.fit(collection, evidence: choice.evidence)
    prior.record?.observedRange = ObservedRange(of: collection)
    try PriorFile.write(
      prior, to: output,
      provenance: .ofThisCommand(seed: family == "auto" ? random.seed : nil, inputs: [presets]),
      overwrite: overwriting.force)
    global.console.message(
      "\(output): family \(estimator.name), \(collection.dimension) parameters, from \(collection.count) presets"
    )
    var advice: String?
    if family == Self.published, invariance.isDefault, collection.patterns == nil, !global.quiet || machine.json {
      advice = FitAdvice(path: presets, seed: random.seed, threads: parallel.count).sentence(on: collection)
    }
    if let advice { global.console.message(advice) }
    guard machine.json else { return }
    try Console.standardOutput(
      JSONText.text(
        Outcome(
          output: output, family: estimator.name, presets: collection.count, parameters: collection.dimension,
          hyperparameters: prior.record.map { record in
            Dictionary(record.hyperparameters.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
          } ?? [:], advice: advice)))
  }

  /// What `--json` prints of a fit that is done.
  private struct Outcome: Encodable {
    let output: String
    let family: String
    let presets: Int
    let parameters: Int
    /// Those that the estimator chose.
    let hyperparameters: [String: Double]
    let advice: String?
  }

  // MARK: - Choosing

  private struct Choice {
    let estimator: any DensityEstimator
    let evidence: String
  }

  private func automaticChoice(
    among catalogue: EstimatorCatalogue, for collection: PresetCollection
  ) throws -> Choice {
    let estimators = catalogue.comparable(on: collection)
    // A collection of fewer presets has as many folds as presets.
    let folds = try FoldAssignment(
      presets: collection.count, folds: min(10, collection.count), seed: random.seed)
    let comparison = Comparison(estimators, data: try EstimationData(presets: collection), folds: folds)
    let run = ComparisonRun(comparison, checkpoint: nil, threads: parallel.count)
    let report = try ComparisonReport(
      comparison, outcomes: run.outcomes(monitor: global.console), foldCount: folds.count,
      baseline: EstimatorCatalogue.baseline(of: estimators), groups: nil, labels: collection.allLabels,
      testLabels: [])
    try report.requireAnySuccess()
    global.console.message(report.text)
    let best = report.tables[0].families[0].family
    return Choice(estimator: try catalogue.entry(named: best).estimator, evidence: report.evidence)
  }
}
