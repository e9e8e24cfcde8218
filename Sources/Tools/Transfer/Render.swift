import ArgumentParser
import AudioFiles
import FXParams
import FileOutput
import Foundation
import NumericCore
import PresetStore
import Workflows

/// `priorkit render`: a dry vocal through a preset.
struct Render: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Render a dry vocal through a preset.",
    discussion: """
      EXAMPLES:
        priorkit render presets.h5 --row 3 dry.wav -o wet.wav
        priorkit render transfer/preset.h5 song.flac -o wet.wav

      Writes stereo audio as long as the input, at the chain's sample rate. The
      extension says the format: .wav, .aiff, .w64, .caf (32-bit float), .flac
      (24 bit) or .ogg (Vorbis). A stereo input is averaged, other rates are resampled. Memory does not
      grow with the length.
      """)

  @Argument(help: "The preset file.")
  var presets: String

  @Argument(help: "The dry vocal.")
  var dry: String

  @OptionGroup var choice: RowOptions

  @OptionGroup var output: OutputOptions
  @OptionGroup var parallel: ThreadOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    // A folder is told to be one by what writes files.
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: output.output, isDirectory: &isFolder)
    guard (exists && isFolder.boolValue) || (try? DryRendering.format(of: output.output)) != nil else {
      throw ValidationError(
        "The output \(output.output) must end in one of \(AudioWriter.Format.list): its name says the format.")
    }
  }

  func run() throws {
    try OutputFile.check(output.output, overwrite: output.overwriting.force)
    let preset = try preset()
    let rendering = DryRendering(
      chain: preset.chain, logits: preset.logits, threads: parallel.count,
      source: "preset \(preset.row) of \(presets)")
    try rendering.write(
      dry, to: output.output, overwrite: output.overwriting.force,
      comment: Provenance.ofThisCommand(inputs: [presets, dry]).text, monitor: global.console)
    global.console.message("\(output.output): \(dry) through \(preset.label)")
  }

  private func preset() throws -> (chain: ChainDescription, logits: [Double], row: Int, label: String) {
    do {
      let file = try PresetStream(presets)
      let row = try choice.index(of: file.count, path: presets) { try file.labels(of: 0..<file.count) }
      return (file.chain, try file.usableLogits(ofRow: row), row, try file.labels(of: row..<row + 1)[0])
    } catch let error as DataError where error.code == .varyingShape {
      // The chain of what the preset has: an absent effect is no part of it.
      let collection = try PresetFile.read(presets, acceptsVaryingShape: true)
      let row = try choice.index(of: collection.count, path: presets) { collection.allLabels }
      let preset = try collection.alone(row: row, path: presets)
      try preset.chain.requireUsable(preset.theta.row(0), row: row, path: presets)
      return (preset.chain, preset.theta.row(0), row, collection.label(of: row))
    }
  }
}
