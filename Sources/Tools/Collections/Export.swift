import ArgumentParser
import FileOutput
import Foundation
import Inference
import PresetStore
import Workflows

/// `priorkit export`: presets, posterior draws, or a prior, to a format that other programs read.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write presets, posterior draws or a prior in a format that other programs read.",
    discussion: """
      EXAMPLES:
        priorkit export presets.h5 -o presets.csv
        priorkit export presets.h5 -o logits.csv --logits
        priorkit export presets.h5 -o presets.npz
        priorkit export posterior.nc -o draws.h5
        priorkit export posterior.nc -o chain.csv --stan
        priorkit export found/preset.h5 -o settings.md
        priorkit export presets.h5 --row vocal-1 -o vocal.lv2
        priorkit export presets.h5 --row 3 -o vocal.RfxChain
        priorkit export --diffvox presets presets.h5 prior.h5

      Values are physical, in the units of the chain, unless --logits is given. An
      .npz archive always holds both, as values and theta. All numbers are
      written in full. Draws of a posterior are labelled by chain and draw; .h5
      stores them as presets, and --stan writes one file per chain, chain_1.csv
      and so on. Of effects that a preset lacks, cells are empty.

      .md is a sheet of settings in Markdown; .lv2 a folder of LV2 presets for LSP
      and x42 plugins; .RfxChain an FX chain of REAPER's own plugins. What the
      plugins do not do, and values out of their range, are listed
      (docs/plugins.md). --diffvox writes a folder that the authors' code reads:
      presets, a prior, or both.
      """)

  @Argument(help: "The preset or posterior file; with --diffvox presets, a prior, or both.")
  var files: [String]

  @Option(name: [.customShort("o"), .long], help: ArgumentHelp("The file to write.", valueName: "file"))
  var output: String?

  @Option(name: .long, help: ArgumentHelp("Write a folder in the layout of the DiffVox release.", valueName: "dir"))
  var diffvox: String?

  @Option(
    name: .long,
    help: ArgumentHelp("One preset alone, by its label or its number from 0.", valueName: "label|index"))
  var row: String?

  @Flag(name: .long, help: "Write the unconstrained numbers instead of physical values.")
  var logits = false

  @Flag(name: .long, help: "Write the CSV of CmdStan, one file per chain.")
  var stan = false

  @OptionGroup var overwriting: OverwriteOptions
  @OptionGroup var global: GlobalOptions

  enum Format: String { case csv, json, npz, h5, md, lv2, rfxchain }

  /// The output, which is there once `validate` has passed.
  var outputPath: String { output ?? "" }

  /// The format that the output's file extension names.
  func format() throws -> Format {
    let suffix = URL(fileURLWithPath: outputPath).pathExtension.lowercased()
    guard let format = Format(rawValue: suffix) else {
      throw ValidationError(
        "The output \(outputPath) must end in .csv, .json, .npz, .md, .lv2, .RfxChain or, for a posterior, .h5, "
          + "which names its format."
      )
    }
    return format
  }

  func validate() throws {
    guard diffvox == nil else {
      guard output == nil, !stan, !logits else {
        throw ValidationError("--diffvox names the folder to write: leave -o, --stan and --logits out.")
      }
      guard files.count <= 2 else { throw ValidationError("--diffvox takes presets and a prior: name two files.") }
      return
    }
    guard output != nil else {
      throw ValidationError("Name the file to write with -o, or a folder with --diffvox.")
    }
    guard files.count == 1 else { throw ValidationError("Name one file to export.") }
    let format = try format()
    if logits, [.md, .lv2, .rfxchain].contains(format) {
      throw ValidationError("\(outputPath) holds physical values: leave --logits out.")
    }
    guard stan else { return }
    guard format == .csv else { throw ValidationError("--stan writes .csv, not .\(format.rawValue).") }
    guard !logits else { throw ValidationError("--stan writes physical values: leave --logits out.") }
    guard row == nil else { throw ValidationError("--stan writes all draws: leave --row out.") }
  }

  func run() throws {
    if let diffvox { return try writeDiffVox(to: diffvox) }
    let file = files[0]
    let isPosterior = try StoredKind(of: file) == .posterior
    guard isPosterior || !stan else {
      throw CommandError("--stan is for posterior draws, which \(file) does not hold: export it without --stan.")
    }
    guard try isPosterior || format() != .h5 else {
      throw CommandError("\(file) is a preset file already: export it to .csv, .json or .npz.")
    }
    if stan { return try writeStan(PosteriorFile.read(file)) }
    try checkOutput()
    let presets =
      try isPosterior ? PosteriorFile.read(file).presets : PresetFile.read(file, acceptsVaryingShape: true)
    let chosen = try chosen(of: presets, path: file)
    // What lists presets can leave cells empty; settings are those of one chain.
    try write([.csv, .json, .npz].contains(format()) ? chosen : chosen.ofOneShape(path: file))
  }

  // MARK: - Parts

  /// The presets, or the one that was asked for.
  func chosen(of presets: PresetCollection, path: String) throws -> PresetCollection {
    guard let row else { return presets }
    return presets.selecting(rows: [try presets.row(row, path: path)])
  }

  private func checkOutput() throws {
    guard try format() == .lv2 else { return try OutputFile.check(outputPath, overwrite: overwriting.force) }
    try OutputBundle.check(outputPath, overwrite: overwriting.force, isOwn: LV2Bundle.isOwn)
  }

  private func write(_ collection: PresetCollection) throws {
    let scale = logits ? ValueScale.logits : .physical
    let overwrite = overwriting.force
    let provenance = try Provenance.ofThisCommand(inputs: files)
    switch try format() {
    case .csv: try CSVExport.write(collection, to: outputPath, scale: scale, overwrite: overwrite)
    case .json:
      try PresetJSON.write(
        collection, to: outputPath, scale: scale, provenance: provenance, overwrite: overwrite)
    case .npz: try NPZExport.write(collection, to: outputPath, provenance: provenance, overwrite: overwrite)
    case .h5: try PresetFile.write(collection, to: outputPath, provenance: provenance, overwrite: overwrite)
    case .md: try writeSheet(of: collection, provenance: provenance)
    case .lv2: return try writeLV2(collection, provenance: provenance)
    case .rfxchain: return try writeReaper(collection)
    }
    let presets = "\(collection.count) preset\(collection.count == 1 ? "" : "s")"
    global.console.message("\(outputPath): \(presets) of \(collection.dimension) parameters")
  }

  /// Writes one file per chain, or none where one of them exists.
  private func writeStan(_ draws: PosteriorDraws) throws {
    let stem = String(outputPath.dropLast(4))
    let paths = draws.chains.indices.map { "\(stem)_\($0 + 1).csv" }
    let provenance = try Provenance.ofThisCommand(inputs: files)
    for path in paths { try OutputFile.check(path, overwrite: overwriting.force) }
    for (chain, path) in paths.enumerated() {
      try OutputFile.write(
        Data(StanCSV.text(draws, chain: chain, provenance: provenance).utf8), to: path,
        overwrite: overwriting.force)
    }
    global.console.message("\(paths.joined(separator: ", ")): \(draws.drawCount) draws each")
  }
}
