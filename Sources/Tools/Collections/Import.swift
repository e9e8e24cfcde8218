public import ArgumentParser
import FXParams
import FileOutput
import Foundation
import PresetStore

/// `priorkit import`: presets from elsewhere to a preset file.
struct Import: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Turn presets from elsewhere into a preset file.",
    discussion: """
      EXAMPLES:
        priorkit import diffvox diffvox/presets/internal -o presets.h5
        priorkit import diffvox diffvox/presets/internal \\
          --select held-out -o rest.h5
        priorkit import csv my-presets.csv --chain my-chain.yaml -o presets.h5
        priorkit import eq *ParametricEQ.txt -o presets.h5
      """,
    subcommands: [ImportDiffVox.self, ImportCSV.self, ImportEqualisers.self])
}

/// `priorkit import diffvox`
struct ImportDiffVox: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diffvox",
    abstract: "Import the published DiffVox presets (arXiv 2504.14735).",
    discussion: """
      EXAMPLE:
        priorkit import diffvox diffvox/presets/internal -o presets.h5

      The folder is one of presets/ in a clone of
      https://github.com/SonyResearch/diffvox. Its raw_params.npy is read with
      feature_mask.npy, info.json and, where there is one, train_index.npy.
      """)

  @Argument(help: "The folder with raw_params.npy.")
  var folder: String

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Which presets: train (those that the published prior was fitted to), held-out (the others) or all.",
      valueName: "train|all|held-out"))
  var select: DiffVoxImport.Selection = .all

  @OptionGroup var output: OutputOptions
  @OptionGroup var global: GlobalOptions

  func run() throws {
    try OutputFile.check(output.output, overwrite: output.overwriting.force)
    let presets = try DiffVoxImport.read(folder: folder, selection: select)
    try presets.save(
      to: output, provenance: .ofThisCommand(inputs: Self.files(in: folder)), console: global.console)
  }

  /// The files that are read: provenance hashes files, not folders.
  private static func files(in folder: String) -> [String] {
    ["raw_params.npy", "feature_mask.npy", "info.json", "train_index.npy"].map { folder + "/" + $0 }
      .filter { FileManager.default.fileExists(atPath: $0) }
  }
}

/// What is done about what a file says nothing of.
enum Fill: String, ExpressibleByArgument, CaseIterable { case neutral }

extension DiffVoxImport.Selection: ExpressibleByArgument {}
extension DecimalMark: ExpressibleByArgument {}
extension CSVSeparator: ExpressibleByArgument {}

/// `priorkit import csv`
struct ImportCSV: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "csv",
    abstract: "Import presets from a table, one preset per row.",
    discussion: """
      EXAMPLES:
        priorkit template my-chain.yaml -o my-presets.csv
        priorkit import csv my-presets.csv --chain my-chain.yaml -o presets.h5
        priorkit import csv equaliser.csv --chain my-chain.yaml --fill neutral \\
          -o presets.h5
        priorkit import csv autoeq.csv --chain data/autoeq.yaml \\
          --columns data/autoeq-columns.yaml --at-bounds widen -o presets.h5

      The header names the parameters of the chain, in any order; values are
      physical, in the units that `priorkit template` lists, or logits in columns
      named logit:NAME. A unit may stand behind the name: a column
      `compressor.attack_coefficient [ms]` or `reverb.gamma.1 [s]` holds times, and
      `peak1.frequency [kHz]` a multiple. Columns label and group are optional, and
      an index in front, as pandas writes it, is left out or holds the labels. The
      chain is a description in YAML, as in data/, or the fx_config.yaml of the
      DiffVox code.

      With --fill neutral, effects of which the table has no column do nothing, or
      as little as their bounds allow; messages list the values. Semicolons or tabs
      between cells are recognised; numbers with commas need --decimal comma.

      An effect that the chain has as optional is absent from a preset whose cells of
      it are all empty, and from all without a column of it. A column order has the
      number of the order of the series, 1 for that in which the chain lists it.

      A table whose columns have names of their own needs --columns: a YAML file with
      lines `title: parameter`, `title: parameter [unit]` or, in place of a parameter,
      label, group, `label, group`, order or ignore. {n} is a number on both sides, as in
      `pk{n}_freq: peak{n}.frequency`. A column of a parameter that the chain fixes is
      checked.

      A value on a bound has no finite logit: it is refused, or with --at-bounds clamp
      moved inside by half the distance to the nearest other value (at most a
      thousandth of the range), or with widen the range of all bands alike is widened
      in the presets' chain. --dither undoes rounding. The file records both.
      """)

  @Argument(help: "The table.")
  var file: String

  @Option(name: .long, help: ArgumentHelp("The description of the effects chain.", valueName: "yaml"))
  var chain: String

  @Option(
    name: .long,
    help: ArgumentHelp(
      "What separates the cells: ',', ';' or tab (default: what the header shows).", valueName: "separator"))
  var separator: CSVSeparator?

  @Option(
    name: .long, help: ArgumentHelp("The mark in decimal numbers: point or comma.", valueName: "point|comma"))
  var decimal: DecimalMark = .point

  @Option(
    name: .long,
    help: ArgumentHelp(
      "What effects without any column get: neutral, values that do nothing.", valueName: "neutral"))
  var fill: Fill?

  @Option(
    name: .long,
    help: ArgumentHelp("What columns with names of their own hold, as title: parameter.", valueName: "yaml"))
  var columns: String?

  @OptionGroup var treatment: TreatmentOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var global: GlobalOptions

  func run() throws {
    try OutputFile.check(output.output, overwrite: output.overwriting.force)
    let options = CSVImport.Options(
      separator: separator, decimalMark: decimal, fillsAbsentEffects: fill == .neutral,
      columnMap: try columns.map { try ColumnMap(path: $0) }, treatment: treatment.treatment)
    let presets = try CSVImport.read(
      file, chain: .read(chain), options: options, remark: global.console.message)
    let inputs = [file, chain] + (columns.map { [$0] } ?? [])
    try presets.save(
      to: output, provenance: .ofThisCommand(seed: treatment.seed, inputs: inputs), console: global.console)
  }
}
