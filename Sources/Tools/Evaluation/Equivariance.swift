import ArgumentParser
import FileOutput
import Inference
import PresetStore
import PriorKit
import Workflows

/// `priorkit equivariance`: which symmetries presets have, and what a prior makes of them.
struct Equivariance: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Diagnose symmetries: of the sound, of a prior, and undeclared ones.",
    discussion: """
      EXAMPLES:
        priorkit equivariance presets.h5 --prior prior.h5
        priorkit equivariance presets.h5 --dry dry.wav --rendered 4 --search 0
        priorkit equivariance presets.h5 --prior prior.h5 --json -o report.h5

      For each symmetry of the chain: on how many presets it applies; how far the
      output moves (the largest third-octave band in dB, and the relative error), on
      some presets and a test signal, or on a recording with the change of its style
      embeddings; and by how much it changes the prior's log density. Then, how far
      the presets are from their canonical form, and directions in which logits
      hardly matter, found without the declarations (--search: on how many presets).
      The sentences at the end say what follows from it.
      """)

  @Argument(help: "The preset file.")
  var presets: String

  @Option(name: .long, help: "A prior of the same chain.")
  var prior: String?

  @Option(name: .long, help: ArgumentHelp("A dry vocal instead of the test signal.", valueName: "dry.wav"))
  var dry: String?

  @Option(within: 1...1_000_000, help: "How many presets are rendered, evenly spaced.")
  var rendered = EquivarianceStudy.usualRenderedCount

  @Option(
    within: 0...1_000_000, help: "How many presets the search for other symmetries looks at; 0 leaves it out.")
  var search = EquivarianceStudy.usualSearchedCount

  @Option(within: 1...100_000, help: "How many directions the search lists, of either kind.")
  var directions = EquivarianceStudy.usualDirectionCount

  @Option(
    name: [.customShort("o"), .long], help: ArgumentHelp("A report to write, in HDF5.", valueName: "file"))
  var output: String?

  @OptionGroup var overwriting: OverwriteOptions
  @OptionGroup var format: JSONOptions
  @OptionGroup var random: RandomOptions
  @OptionGroup var parallel: ThreadOptions
  @OptionGroup var global: GlobalOptions

  func run() throws {
    if let output { try OutputFile.check(output, overwrite: overwriting.force) }
    let collection = try PresetFile.read(presets)
    try collection.requireSquares(path: presets)
    let fitted = try prior.map { path in
      let fitted = try PriorFile.read(path)
      try collection.requireChain(of: fitted, paths: (presets, path))
      return fitted
    }
    let found = try study(of: collection, prior: fitted).run(monitor: global.console)
    let conclusions = EquivarianceConclusions(
      chain: collection.chain, isCanonicalPrior: fitted.map { $0.record?.canonicalisation != nil },
      diagnosis: found.diagnosis, canonical: found.canonical, directions: found.directions)
    let report = EquivarianceReport(
      diagnosis: found.diagnosis, canonical: found.canonical, directions: found.directions,
      conclusions: conclusions.sentences)
    if let output {
      let provenance = try Provenance.ofThisCommand(
        seed: random.seed, inputs: [presets] + [prior, dry].compactMap(\.self))
      try report.write(to: output, provenance: provenance, overwrite: overwriting.force)
      global.console.message("\(output): \(report.diagnosis.findings.count) symmetries")
    }
    try Console.standardOutput(format.json ? JSONText.text(report) : report.text)
  }

  private func study(of collection: PresetCollection, prior: Prior?) -> EquivarianceStudy {
    var study = EquivarianceStudy(of: collection)
    study.prior = prior
    study.recording = dry
    study.renderedCount = rendered
    study.searchedCount = search
    study.directionCount = directions
    study.seed = random.seed
    study.threads = parallel.count
    return study
  }
}
