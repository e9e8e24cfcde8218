import ArgumentParser
import FileOutput
import PriorKit

/// `priorkit render`: a dry vocal through a preset.
struct Render: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Render a dry vocal through a preset.",
    discussion: """
      EXAMPLES:
        priorkit render presets.h5 --row 3 dry.wav -o wet.wav
        priorkit render transfer/preset.h5 song.flac -o wet.wav

      Writes stereo 32-bit float WAV, as long as the input, at the chain's sample
      rate. A stereo input is averaged, other rates are resampled. Memory does not
      grow with the length.
      """)

  @Argument(help: "The preset file.")
  var presets: String

  @Argument(help: "The dry vocal.")
  var dry: String

  @Option(name: .long, help: "Which preset, from 0.")
  var row = 0

  @OptionGroup var output: OutputOptions
  @OptionGroup var parallel: ThreadOptions
  @OptionGroup var global: GlobalOptions

  func run() throws {
    try OutputFile.check(output.output, overwrite: output.overwriting.force)
    let collection = try PresetFile.read(presets)
    let logits = try collection.logits(ofRow: row, path: presets)
    let rendering = DryRendering(
      chain: collection.chain, logits: logits, threads: parallel.count, console: global.console)
    try rendering.write(
      dry, to: output.output, overwrite: output.overwriting.force,
      comment: Provenance.ofThisCommand(inputs: [presets, dry]).text)
    global.console.message("\(output.output): \(dry) through \(collection.label(of: row))")
  }
}
