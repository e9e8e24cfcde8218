import ArgumentParser
import FileOutput
import Foundation
import PriorKit

/// `priorkit export`: a preset file to a format that other programs read.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write presets as CSV, JSON or NumPy arrays.",
    discussion: """
      EXAMPLES:
        priorkit export presets.h5 -o presets.csv
        priorkit export presets.h5 -o logits.csv --logits
        priorkit export presets.h5 -o presets.npz

      Values are physical, in the units of the chain, unless --logits is given. An
      .npz archive always holds both, as values and theta. All numbers are
      written in full.
      """)

  @Argument(help: "The preset file.")
  var presets: String

  @Flag(name: .long, help: "Write the unconstrained numbers instead of physical values.")
  var logits = false

  @OptionGroup var output: OutputOptions
  @OptionGroup var global: GlobalOptions

  private enum Format: String { case csv, json, npz }

  /// The format that the output's file extension names.
  private func format() throws -> Format {
    let suffix = URL(fileURLWithPath: output.output).pathExtension.lowercased()
    guard let format = Format(rawValue: suffix) else {
      throw ValidationError("The output \(output.output) must end in .csv, .json or .npz, which names its format.")
    }
    return format
  }

  func validate() throws { _ = try format() }

  func run() throws {
    try OutputFile.check(output.output, overwrite: output.overwriting.force)
    let collection = try PresetFile.read(presets)
    let scale = logits ? ValueScale.logits : .physical
    let overwrite = output.overwriting.force
    switch try format() {
    case .csv: try CSVExport.write(collection, to: output.output, scale: scale, overwrite: overwrite)
    case .json: try PresetJSON.write(collection, to: output.output, scale: scale, overwrite: overwrite)
    case .npz: try NPZExport.write(collection, to: output.output, overwrite: overwrite)
    }
    global.console.message("\(output.output): \(collection.count) presets of \(collection.dimension) parameters")
  }
}
