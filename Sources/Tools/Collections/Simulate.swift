import ArgumentParser
import FXParams
import FileOutput
import Foundation
import NumericCore
import PresetStore
import PriorKit
import StyleFeatures
import Workflows

/// `priorkit simulate`: presets with the features of what they make of a vocal.
struct Simulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw presets and describe how a vocal sounds through them.",
    discussion: """
      EXAMPLES:
        priorkit simulate prior.h5 --dry dry.wav --count 2000 --seed 1 -o pairs.h5
        priorkit simulate prior.h5 --dry a.wav --dry b.wav --count 20000 \\
          --checkpoint run.h5 -o pairs.h5
        priorkit simulate prior.h5 --dry dry.wav --count 20000 --shard 2/8 -o pairs-2.h5
        priorkit simulate held-out.h5 --dry dry.wav --encoder summary -o test.h5
        priorkit simulate prior.h5 presets.h5 --jitter 0.3 --dry dry.wav -o pairs.h5
        priorkit simulate prior.h5 --dry a.wav --dry b.wav --relative-to draws.h5 \\
          --encoder summary -o pairs.h5
        priorkit fit pairs.h5 --given features -o posterior.h5

      Preset i is draw i of `priorkit sample` with the same seed. Presets of a file
      are taken row after row; of several priors and files the presets are taken in
      turn, weights and groups kept. --temperature spreads draws, --jitter moves
      rows. Each is rendered on random active segments of a random dry recording
      (normalised to -18 LUFS as a whole); each rendering is brought to -18 LUFS and embedded, and the
      embeddings are averaged: the features are mid, then side. Presets with a
      silent rendering are left out. With --relative-to the features are less the mean
      of those of some presets (a few dozen draws of a prior) on the same recording,
      and tell less of the voice. The result does not depend on --threads. With
      --shard several machines draw a share each, which `merge` puts together.
      """)

  @Argument(
    help: ArgumentHelp(
      "The priors to draw presets from, or preset files whose rows are taken.", valueName: "source"))
  var sources: [String]

  @Option(name: .long, help: ArgumentHelp("A dry vocal; may be given several times.", valueName: "dry.wav"))
  var dry: [String]

  @Option(
    within: 1...100_000_000,
    help: "How many pairs (default: 2000; of preset files alone, enough to take every row).")
  var count: Int?

  @Option(within: 1e-6...1e6, help: "How far draws spread about the mean: their variance is multiplied by this.")
  var temperature = 1.0

  @Option(
    within: 0...10,
    help: "How far rows of preset files are moved, in standard deviations of each logit in the file.")
  var jitter = 0.0

  @OptionGroup var encoders: EncoderOptions

  @Option(within: 1...100_000, help: "Segments that are rendered with each preset.")
  var segments = 4

  @Option(within: 0.4...86_400, help: "Length of the segments.")
  var segmentSeconds = 2.0

  @Option(
    within: 0...120, name: .customLong("level-deviation-db"),
    help: "Augmentation: standard deviation of the level of each dry segment in dB.")
  var levelDeviationDB = 0.0

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Features relative to the voice: less the mean features of these presets on the same recording.",
      valueName: "presets"))
  var relativeTo: String?

  @OptionGroup var augmentation: AugmentationOptions

  @Option(name: .long, help: ArgumentHelp("A file to go on from after an interruption.", valueName: "file"))
  var checkpoint: String?

  @OptionGroup var sharding: ShardOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var random: RandomOptions
  @OptionGroup var parallel: ThreadOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard !dry.isEmpty else { throw ValidationError("--dry is missing: name a dry vocal.") }
  }

  func run() throws {
    try OutputFile.check(output.output, overwrite: output.overwriting.force)
    let presets = try readSources()
    var segmentsOfDry = try DrySegments(
      dry, sampleRate: presets.chain.sampleRate, segmentSeconds: segmentSeconds, levelDeviationDB: levelDeviationDB,
      monitor: global.console)
    segmentsOfDry.augmentation = augmentation.augmentation
    var simulation = PairSimulation(
      presets: presets, dry: segmentsOfDry, encoder: try encoders.kind(console: global.console))
    if let count { simulation.count = count }
    simulation.segmentCount = segments
    simulation.seed = random.seed
    simulation.threads = parallel.count
    if let relativeTo {
      let anchors = try PresetFile.read(relativeTo)
      try anchors.chain.require(presets.chain, paths: (relativeTo, sources[0]))
      for row in 0..<anchors.count {
        try anchors.chain.requireUsable(anchors.theta.row(row), row: row, path: relativeTo)
      }
      simulation.anchors = anchors.theta
    }
    let provenance = try Provenance.ofThisCommand(
      seed: random.seed, inputs: sources + encoders.paths + dry + anchorFiles)
    let inputs = provenance.inputs.map(\.sha256)
    guard let shard = sharding.shard,
      let record = sharding.record(.pairs, rowCount: simulation.count, terms: terms(simulation, provenance))
    else {
      let pairs = try simulation.run(checkpoint: checkpoint, inputs: inputs, monitor: global.console)
      return try pairs.save(to: output, provenance: provenance, console: global.console)
    }
    let part = try simulation.part(shard, checkpoint: checkpoint, inputs: inputs, monitor: global.console)
    try part.save(record, to: output, provenance: provenance, console: global.console)
  }

  private var anchorFiles: [String] { relativeTo.map { [$0] } ?? [] }

  private func readSources() throws -> PairPresets {
    var presets = try PairPresets(reading: sources)
    if jitter > 0, !presets.hasRows {
      throw CommandError("--jitter moves the rows of a preset file, but \(sources[0]) is a prior: leave it out.")
    }
    if temperature != 1, !presets.hasPriors {
      throw CommandError("--temperature spreads draws of a prior, but \(sources[0]) holds presets: leave it out.")
    }
    (presets.temperature, presets.jitter) = (temperature, jitter)
    return presets
  }

  /// Everything that pair i depends on.
  private func terms(_ simulation: PairSimulation, _ provenance: Provenance) -> [ShardRecord.Term] {
    ShardRecord.Term.digests("prior", sources, of: provenance)
      + ShardRecord.Term.digests("encoder file", encoders.paths, of: provenance)
      + ShardRecord.Term.digests("presets that features are relative to", anchorFiles, of: provenance)
      + ShardRecord.Term.digests("dry vocal", dry, of: provenance) + [
        .init("seed", "\(random.seed)"), .init("encoder", simulation.encoder.rawValue),
        .init("segments", "\(segments)"), .init("segment seconds", "\(segmentSeconds)"),
        .init("level deviation in dB", "\(levelDeviationDB)"),
        .init("augmentation", augmentation.augmentation.text),
        .init("temperature", "\(temperature)"), .init("jitter", "\(jitter)"),
      ]
      // Groups are named after the recordings.
      + (dry.count > 1 ? dry.enumerated().map { .init("name of dry vocal \($0 + 1)", $1) } : [])
  }
}
