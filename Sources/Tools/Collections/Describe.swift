import ArgumentParser
import PresetStore
import PriorKit
import Workflows

/// `priorkit describe`: the statistics of a collection.
struct Describe: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Describe presets: ranges, normality, correlation, dimension, outliers.",
    discussion: """
      EXAMPLES:
        priorkit describe presets.h5
        priorkit describe presets.h5 --against other.h5
        priorkit describe presets.h5 --json > description.json

      Ranges are in physical units; the rest is about logits, over which priors
      are fitted. p-values of many parameters are Holm-corrected.
      """)

  @Argument(help: "The preset file.")
  var presets: String

  @Option(
    name: .long, help: ArgumentHelp("Presets of the same chain: show the shift to them.", valueName: "presets"))
  var against: String?

  @Option(within: 1...1_000_000, help: "How many outliers and components to list.")
  var rows = 10

  @OptionGroup var format: JSONOptions
  @OptionGroup var random: RandomOptions
  @OptionGroup var global: GlobalOptions

  func run() throws {
    let collection = try PresetFile.read(presets)
    let other = try against.map { path in
      let other = try PresetFile.read(path)
      guard other.chain == collection.chain else {
        throw CommandError("\(path) and \(presets) are of different chains: compare collections of one chain.")
      }
      return other
    }
    try collection.requireSquares(path: presets)
    if let other, let against { try other.requireSquares(path: against) }
    let report = DescriptionReport(
      try CollectionDescription(collection), of: collection,
      shift: try other.map { try CollectionShift(of: collection, against: $0, seed: random.seed) }, rows: rows)
    try Console.standardOutput(format.json ? JSONText.text(report) : report.text)
  }
}
