import ArgumentParser
import FXParams
import FileOutput
import NumericCore
import PriorKit

/// `priorkit sample`: new presets from a prior.
struct Sample: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw presets from a prior, and hear them.",
    discussion: """
      EXAMPLES:
        priorkit sample prior.h5 --count 16 --seed 1 -o samples.h5
        priorkit sample prior.h5 --count 4 -o samples.h5 \\
          --audition dry.wav --directory samples

      The same seed gives the same presets with any number of threads, and a
      larger count begins with the presets of a smaller one. Presets are written
      as they are drawn: a million take no more memory than a thousand.
      """)

  @Argument(help: "The prior file.")
  var prior: String

  @Option(name: .long, help: "How many presets to draw.")
  var count = 16

  @OptionGroup var output: OutputOptions

  @Option(
    name: .long,
    help: ArgumentHelp("A dry recording to render through each preset.", valueName: "recording"))
  var audition: String?

  @Option(
    name: .long,
    help: ArgumentHelp("Where the renderings go, as sample-1.wav and so on; made if absent.", valueName: "folder"))
  var directory: String?

  @OptionGroup var random: RandomOptions
  @OptionGroup var parallel: ThreadOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard count > 0 else { throw ValidationError("--count is \(count) but must be at least 1.") }
    guard (audition == nil) == (directory == nil) else {
      throw ValidationError("--audition and --directory belong together: what to render, and where to.")
    }
  }

  func run() throws {
    let overwrite = output.overwriting.force
    try OutputFile.check(output.output, overwrite: overwrite)
    let density = try PriorFile.read(prior)
    // The recording is read before anything is written: a bad one leaves no output behind.
    let rendering = try audition.map {
      try Audition(recording: $0, chain: density.chain, folder: directory ?? ".", threads: parallel.count)
    }
    try rendering?.prepare((1...count).map { "sample-\($0)" }, overwrite: overwrite)
    let inputs = [prior] + (audition.map { [$0] } ?? [])
    let display = global.console.progress(
      "sample", total: PresetFile.blockCount(ofSamples: count, dimension: density.space.count))
    try PresetFile.writeSamples(
      of: density, count: count, seed: random.seed, to: output.output,
      provenance: .ofThisCommand(seed: random.seed, inputs: inputs), overwrite: overwrite, threads: parallel.count
    ) { display.advance() }
    display.finish()
    global.console.message("\(output.output): \(count) presets of \(density.space.count) parameters")
    if let rendering {
      try rendering.render(PresetFile.read(output.output), overwrite: overwrite, console: global.console)
    }
  }
}
