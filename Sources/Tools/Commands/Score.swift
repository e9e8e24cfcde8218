import ArgumentParser
import FileOutput
import Foundation
import NumericCore
import PriorKit

/// `priorkit score`: how plausible a prior finds presets.
struct Score: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print how plausible a prior finds each preset.",
    discussion: """
      EXAMPLES:
        priorkit score prior.h5 presets.h5 | sort -t, -k2g | head
        priorkit score prior.h5 presets.h5 -o scores.csv

      A row a preset: label, log_density (nats, over the logits), mahalanobis (the
      distance from the mean in standard deviations of the prior; empty for a
      prior that is not Gaussian). Numbers have 17 digits.
      """)

  @Argument(help: "The prior file.")
  var prior: String

  @Argument(help: "The preset file.")
  var presets: String

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("The table to write (default: standard output).", valueName: "csv"))
  var output: String?

  @OptionGroup var overwriting: OverwriteOptions
  @OptionGroup var global: GlobalOptions

  func run() throws {
    if let output { try OutputFile.check(output, overwrite: overwriting.force) }
    let density = try PriorFile.read(prior)
    let collection = try PresetFile.read(presets)
    try collection.requireChain(of: density, paths: (presets, prior))
    let table = Self.table(of: collection, under: density)
    guard let output else { return try Console.standardOutput(table) }
    try OutputFile.write(Data(table.utf8), to: output, overwrite: overwriting.force)
    global.console.message("\(output): scores of \(collection.count) presets")
  }

  private static func table(of presets: PresetCollection, under prior: any Prior) -> String {
    let gaussian = prior as? GaussianPrior
    var text = "label,log_density,mahalanobis\n"
    for index in 0..<presets.count {
      let theta = presets.theta.row(index)
      let distance = gaussian.map { NumberText.full($0.mahalanobisDistance(to: theta)) } ?? ""
      let label = CSVText.field(presets.label(of: index))
      text += "\(label),\(NumberText.full(prior.logDensity(at: theta))),\(distance)\n"
    }
    return text
  }
}
