import ArgumentParser
import FXParams
import FileOutput
import NumericCore
import PresetStore
import PriorKit
import Workflows

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
        priorkit sample conditional.h5 --given-audio dry.wav -o samples.h5

      The same seed gives the same presets with any number of threads, and a
      larger count begins with the presets of a smaller one. Presets are written
      as they are drawn: a million take no more memory than a thousand (but for
      --within-bounds and --temperature).

      A draw is always inside the bounds that the chain sets. --within-bounds also
      rejects draws with a physical value outside the range seen in the presets
      that the prior was fitted to (or in those of --presets).
      --temperature T replaces a draw x by mean + sqrt(T) (x - mean), over logits.

      --audition renders a recording through each preset and writes index.html, a
      page with players, curves and settings; levels differ by many dB unless
      --lufs gives all renderings one loudness.

      A prior of presets of varying shape draws which effects there are, and in which
      order, before their values; --mean is that of presets with all effects.
      """)

  @Argument(help: "The prior file.")
  var prior: String

  @Option(within: 1...1_000_000_000, help: "How many presets to draw (default: 16).")
  var count: Int?

  @Option(within: 1e-6...1e6, help: "How far draws spread about the mean: their variance is multiplied by this.")
  var temperature = 1.0

  @Flag(name: .long, help: "Draw again what leaves the range of the presets.")
  var withinBounds = false

  @Option(
    name: .long, help: ArgumentHelp("The presets whose range --within-bounds keeps to.", valueName: "presets"))
  var presets: String?

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

  @Option(
    within: -70.0...0,
    help: ArgumentHelp("Loudness of every rendering (default: as presets make it).", valueName: "LUFS"))
  var lufs: Double?

  @OptionGroup var conditions: GivenOptions
  @OptionGroup var random: RandomOptions
  @OptionGroup var parallel: ThreadOptions
  @OptionGroup var global: GlobalOptions

  private var drawCount: Int { count ?? 16 }
  /// Files in one folder.
  private static let mostRenderings = 10_000

  func validate() throws {
    guard !mean || (count == nil && temperature == 1 && !withinBounds) else {
      throw ValidationError(
        "--mean writes one preset, the mean: leave out --count, --temperature and --within-bounds.")
    }
    guard audition == nil || drawCount <= Self.mostRenderings else {
      throw ValidationError(
        "--count is \(drawCount) but --audition renders at most \(Self.mostRenderings) presets.")
    }
    guard presets == nil || withinBounds else {
      throw ValidationError("--presets gives the range of --within-bounds: use both.")
    }
    guard (audition == nil) == (directory == nil) else {
      throw ValidationError("--audition and --directory belong together: what to render, and where to.")
    }
    guard lufs == nil || audition != nil else {
      throw ValidationError("--lufs is the loudness of renderings: use it with --audition.")
    }
  }

  func run() throws {
    let overwrite = output.overwriting.force
    try OutputFile.check(output.output, overwrite: overwrite)
    let fitted = try conditions.prior(at: prior, acceptsVaryingShape: true, console: global.console)
    let rendering = audition.map { recording in
      var rendering = Audition(of: recording, in: directory ?? ".", threads: parallel.count)
      rendering.targetLUFS = lufs
      return rendering
    }
    // A recording that cannot be used leaves no output behind.
    try rendering?.prepare(
      mean ? ["mean"] : (1...drawCount).map { "sample-\($0)" }, others: [AuditionPage.name], overwrite: overwrite)
    let inputs = [prior] + [presets, audition].compactMap { $0 } + conditions.paths
    let provenance = try Provenance.ofThisCommand(seed: mean ? nil : random.seed, inputs: inputs)
    if mean {
      guard fitted.patterns.map({ $0.probability(of: fitted.chain.completePattern) > 0 }) ?? true else {
        throw CommandError(
          "--mean is the mean of presets with all effects, which \(prior) gives no probability: choose one shape "
            + "by priorkit condition first.")
      }
      let theta = Matrix(rows: 1, columns: fitted.mean.count, values: fitted.mean)
      try PresetCollection(chain: fitted.chain, theta: theta, labels: ["mean"])
        .save(to: output, provenance: provenance, console: global.console)
    } else if withinBounds || temperature != 1 {
      guard MemoryLimit.bytes(count: drawCount, of: 16 * fitted.space.count) != nil else {
        throw CommandError(
          "--count is \(drawCount), more presets than fit memory, in which --within-bounds and --temperature keep "
            + "them: draw fewer, with several seeds.")
      }
      let drawn = try shapedDraws(fitted)
      try drawn.save(to: output, provenance: provenance, console: global.console)
    } else {
      try stream(fitted, provenance)
    }
    if let rendering {
      let drawn = try PresetFile.read(output.output, acceptsVaryingShape: true)
      try rendering.render(drawn, provenance: provenance, overwrite: overwrite, monitor: global.console)
      let page = AuditionPage(
        folder: directory ?? ".", presets: drawn, names: drawn.allLabels.map(rendering.name),
        provenance: provenance,
        overwrite: overwrite, loudnessLUFS: lufs)
      global.console.page(page.write)
    }
  }

  /// Draws that keep to a range, or are spread by a temperature.
  private func shapedDraws(_ fitted: Prior) throws -> PresetCollection {
    let (range, labels) = (try range(for: fitted), (1...drawCount).map { "sample-\($0)" })
    guard fitted.patterns == nil else {
      let (theta, patterns) = try fitted.patternedSamples(
        0..<drawCount, seed: random.seed, temperature: temperature, within: range)
      var drawn = PresetCollection(chain: fitted.chain, theta: theta, labels: labels)
      drawn.setPatterns(patterns)
      return drawn
    }
    let theta = try fitted.samples(drawCount, seed: random.seed, temperature: temperature, within: range)
    return PresetCollection(chain: fitted.chain, theta: theta, labels: labels)
  }

  /// Writes draws as they come.
  private func stream(_ fitted: Prior, _ provenance: Provenance) throws {
    let display = global.console.progress(
      "sample", total: PresetFile.blockCount(ofSamples: drawCount, dimension: fitted.space.count))
    try PresetFile.writeSamples(
      of: fitted, count: drawCount, seed: random.seed, to: output.output, provenance: provenance,
      overwrite: output.overwriting.force, threads: parallel.count
    ) { display.advance() }
    display.finish()
    global.console.message("\(output.output): \(drawCount) presets of \(fitted.space.count) parameters")
  }

  /// The range that draws keep to, if they do.
  private func range(for fitted: Prior) throws -> ObservedRange? {
    guard withinBounds else { return nil }
    if let presets {
      let collection = try PresetFile.read(presets, acceptsVaryingShape: fitted.patterns != nil)
      try collection.requireChain(of: fitted, paths: (presets, prior))
      return ObservedRange(of: collection)
    }
    guard let range = fitted.record?.observedRange else {
      throw CommandError(
        "\(prior) does not tell the range of the presets it was fitted to: name them with --presets.")
    }
    return range
  }
}
