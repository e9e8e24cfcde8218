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
        priorkit sample prior.h5 --mean -o mean.h5

      The same seed gives the same presets, and a larger count begins with the
      presets of a smaller one.
      """)

  @Argument(help: "The prior file.")
  var prior: String

  @Option(name: .long, help: "How many presets to draw.")
  var count = 16

  @Flag(name: .long, help: "Write the mean of the prior, as one preset, instead of draws.")
  var mean = false

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
    let presets = mean ? Self.mean(of: density) : draws(from: density)
    let rendering = audition.map {
      Audition(recording: $0, folder: directory ?? ".", threads: parallel.count, console: global.console)
    }
    // A recording that cannot be used leaves no output behind.
    try rendering?.prepare(presets, overwrite: overwrite)
    let inputs = [prior] + (audition.map { [$0] } ?? [])
    let provenance = try Provenance.ofThisCommand(seed: mean ? nil : random.seed, inputs: inputs)
    try presets.save(to: output, provenance: provenance, console: global.console)
    try rendering?.render(presets, provenance: provenance, overwrite: overwrite)
  }

  private func draws(from prior: any Prior) -> PresetCollection {
    PresetCollection(
      chain: prior.chain, theta: prior.samples(count, seed: random.seed),
      labels: (1...count).map { "sample-\($0)" })
  }

  private static func mean(of prior: any Prior) -> PresetCollection {
    PresetCollection(
      chain: prior.chain, theta: Matrix(rows: 1, columns: prior.mean.count, values: prior.mean), labels: ["mean"])
  }
}
