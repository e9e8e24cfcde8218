import ArgumentParser
import FXParams
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
      are fitted. p-values of many parameters are Holm-corrected. Of presets that
      lack effects, ranges are over those that have the parameter, and what is said
      of several parameters together over complete presets.
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
    let collection = try PresetFile.read(presets, acceptsVaryingShape: true)
    let other = try against.map { path in
      let other = try PresetFile.read(path, acceptsVaryingShape: true)
      guard other.chain == collection.chain else {
        throw CommandError("\(path) and \(presets) are of different chains: compare collections of one chain.")
      }
      return other
    }
    // What is said of all parameters together is said of presets that have them all.
    let complete = try complete(of: collection, path: presets)
    let otherComplete = try other.flatMap { try self.complete(of: $0, path: against ?? "") }
    if against != nil, complete == nil || otherComplete == nil {
      let lacking = complete == nil ? presets : against ?? ""
      throw CommandError("\(lacking) has no complete presets, which a shift needs: leave --against out.")
    }
    let shift = try complete.flatMap { own in
      try otherComplete.map { try CollectionShift(of: own, against: $0, seed: random.seed) }
    }
    let report = try DescriptionReport(
      try complete.map { try CollectionDescription($0) }, of: collection, shift: shift, rows: rows)
    try Console.standardOutput(format.json ? JSONText.text(report) : report.text)
  }

  /// The presets that have every effect, in the order of the chain; nil where there is none.
  private func complete(of collection: PresetCollection, path: String) throws -> PresetCollection? {
    try collection.requireSquares(path: path)
    guard let patterns = collection.patterns else { return collection }
    let complete = collection.chain.completePattern
    return patterns.contains(complete) ? try collection.ofPattern(complete, path: path) : nil
  }
}
