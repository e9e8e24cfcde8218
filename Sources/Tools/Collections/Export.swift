import ArgumentParser
import FileOutput
import Foundation
import Inference
import PresetStore
import Workflows

/// `priorkit export`: presets, or posterior draws, to a format that other programs read.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write presets or posterior draws as CSV, JSON, NumPy arrays, presets or Stan CSV.",
    discussion: """
      EXAMPLES:
        priorkit export presets.h5 -o presets.csv
        priorkit export presets.h5 -o logits.csv --logits
        priorkit export presets.h5 -o presets.npz
        priorkit export posterior.nc -o draws.h5
        priorkit export posterior.nc -o chain.csv --stan

      Values are physical, in the units of the chain, unless --logits is given. An
      .npz archive always holds both, as values and theta. All numbers are
      written in full. Draws of a posterior are labelled by chain and draw; .h5
      stores them as presets, and --stan writes one file per chain, chain_1.csv
      and so on.
      """)

  @Argument(help: "The preset or posterior file.")
  var file: String

  @Flag(name: .long, help: "Write the unconstrained numbers instead of physical values.")
  var logits = false

  @Flag(name: .long, help: "Write the CSV of CmdStan, one file per chain.")
  var stan = false

  @OptionGroup var output: OutputOptions
  @OptionGroup var global: GlobalOptions

  private enum Format: String { case csv, json, npz, h5 }

  /// The format that the output's file extension names.
  private func format() throws -> Format {
    let suffix = URL(fileURLWithPath: output.output).pathExtension.lowercased()
    guard let format = Format(rawValue: suffix) else {
      throw ValidationError(
        "The output \(output.output) must end in .csv, .json, .npz or, for a posterior, .h5, which names its "
          + "format."
      )
    }
    return format
  }

  func validate() throws {
    let format = try format()
    guard stan else { return }
    guard format == .csv else { throw ValidationError("--stan writes .csv, not .\(format.rawValue).") }
    guard !logits else { throw ValidationError("--stan writes physical values: leave --logits out.") }
  }

  func run() throws {
    let isPosterior = try StoredKind(of: file) == .posterior
    guard isPosterior || !stan else {
      throw CommandError("--stan is for posterior draws, which \(file) does not hold: export it without --stan.")
    }
    guard try isPosterior || format() != .h5 else {
      throw CommandError("\(file) is a preset file already: export it to .csv, .json or .npz.")
    }
    if stan { return try writeStan(PosteriorFile.read(file)) }
    try OutputFile.check(output.output, overwrite: output.overwriting.force)
    try write(isPosterior ? PosteriorFile.read(file).presets : PresetFile.read(file))
  }

  private func write(_ collection: PresetCollection) throws {
    let scale = logits ? ValueScale.logits : .physical
    let overwrite = output.overwriting.force
    let provenance = try Provenance.ofThisCommand(inputs: [file])
    switch try format() {
    case .csv: try CSVExport.write(collection, to: output.output, scale: scale, overwrite: overwrite)
    case .json:
      try PresetJSON.write(
        collection, to: output.output, scale: scale, provenance: provenance, overwrite: overwrite)
    case .npz: try NPZExport.write(collection, to: output.output, provenance: provenance, overwrite: overwrite)
    case .h5:
      try PresetFile.write(collection, to: output.output, provenance: provenance, overwrite: overwrite)
    }
    global.console.message("\(output.output): \(collection.count) presets of \(collection.dimension) parameters")
  }

  /// Writes one file per chain, or none where one of them exists.
  private func writeStan(_ draws: PosteriorDraws) throws {
    let stem = String(output.output.dropLast(4))
    let paths = draws.chains.indices.map { "\(stem)_\($0 + 1).csv" }
    let provenance = try Provenance.ofThisCommand(inputs: [file])
    for path in paths { try OutputFile.check(path, overwrite: output.overwriting.force) }
    for (chain, path) in paths.enumerated() {
      try OutputFile.write(
        Data(StanCSV.text(draws, chain: chain, provenance: provenance).utf8), to: path,
        overwrite: output.overwriting.force)
    }
    global.console.message("\(paths.joined(separator: ", ")): \(draws.drawCount) draws each")
  }
}
