import ArgumentParser
import FXParams
import FileOutput
import Foundation
import NumericCore
import PresetStore
import PriorKit
import StyleFeatures

/// `priorkit simulate`: presets with the features of what they make of a vocal.
struct Simulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw presets and describe how a vocal sounds through them.",
    discussion: """
      EXAMPLES:
        priorkit simulate prior.h5 --dry dry.wav --count 2000 --seed 1 -o pairs.h5
        priorkit simulate prior.h5 --dry a.wav --dry b.wav --count 20000 \\
          --checkpoint run.h5 -o pairs.h5
        priorkit fit pairs.h5 --given features -o posterior.h5

      Preset i is draw i of `priorkit sample` with the same seed. Each is rendered
      on random active segments of a random dry recording (normalised to -18 LUFS as
      a whole); each rendering is brought to -18 LUFS and embedded, and the
      embeddings are averaged: the features are mid, then side. Presets with a
      silent rendering are left out. The result does not depend on --threads.
      """)

  @Argument(help: "The prior to draw presets from.")
  var prior: String

  @Option(name: .long, help: ArgumentHelp("A dry vocal; may be given several times.", valueName: "dry.wav"))
  var dry: [String]

  @Option(within: 1...100_000_000, help: "How many pairs.")
  var count = 2000

  @Option(name: .long, help: StyleEncoderKind.help)
  var encoder: StyleEncoderKind = .mfcc

  @Option(within: 1...100_000, help: "Segments that are rendered with each preset.")
  var segments = 4

  @Option(within: 0.4...86_400, help: "Length of the segments.")
  var segmentSeconds = 2.0

  @Option(
    within: 0...120, name: .customLong("level-deviation-db"),
    help: "Augmentation: standard deviation of the level of each dry segment in dB (default: none).")
  var levelDeviationDB = 0.0

  @Option(name: .long, help: ArgumentHelp("A file to go on from after an interruption.", valueName: "file"))
  var checkpoint: String?

  @OptionGroup var output: OutputOptions
  @OptionGroup var random: RandomOptions
  @OptionGroup var parallel: ThreadOptions
  @OptionGroup var global: GlobalOptions

  /// What renderings are brought to, and what references are brought to in a transfer.
  static let targetLUFS = -18.0

  func validate() throws {
    guard !dry.isEmpty else { throw ValidationError("--dry is missing: name a dry vocal.") }
  }

  func run() throws {
    try OutputFile.check(output.output, overwrite: output.overwriting.force)
    let density = try PriorFile.read(prior)
    let chain = density.chain
    let drySegments = try DrySegments(
      dry, sampleRate: chain.sampleRate, segmentSeconds: segmentSeconds, levelDeviationDB: levelDeviationDB,
      console: global.console)
    let provenance = try Provenance.ofThisCommand(seed: random.seed, inputs: [prior] + dry)
    let record = FeatureRecord(
      encoder: encoder.rawValue, source: .wet, sampleRate: chain.sampleRate, loudnessLUFS: Self.targetLUFS,
      segmentSeconds: segmentSeconds)
    try requireMemory(dimension: density.space.count, features: record.names(encoder).count, segments: drySegments)
    let theta = density.samples(count, seed: random.seed, threads: parallel.count)
    let pairs = FeatureRows(
      title: "simulate", count: count, featureCount: record.names(encoder).count, checkpoint: checkpoint,
      problem: problem(provenance), threads: parallel.count, console: global.console)
    let rows = try pairs.compute {
      PairRenderer(
        chain: chain, encoder: encoder, frameCount: drySegments.frameCount, segmentCount: segments,
        targetLUFS: Self.targetLUFS)
    } _: { row, renderer in
      let drawn = draw(row, from: drySegments).segments
      let features = try renderer.features(of: drawn, logits: theta.row(row))
      return features.map { .features($0) } ?? .skipped
    }
    try save(rows, theta: theta, segments: drySegments, chain: chain, record: record, provenance: provenance)
  }

  /// Presets and features are kept until the end, and every thread renders all segments of a preset at once.
  private func requireMemory(dimension: Int, features: Int, segments dry: DrySegments) throws {
    // Twice, where they are put together for the file; and signals, spectra and cotangents of a segment (docs/performance.md).
    let rows = MemoryLimit.bytes(count: count, of: 16 * (dimension + features))
    guard rows != nil else {
      throw CommandError(
        "--count is \(count), more pairs than fit memory: simulate fewer at a time, with several seeds.")
    }
    let frames = segments.multipliedReportingOverflow(by: dry.frameCount)
    guard !frames.overflow, MemoryLimit.bytes(count: frames.partialValue, of: 160 * parallel.count) != nil else {
      throw CommandError(
        "\(segments) segments of \(NumberText.short(segmentSeconds)) s on \(parallel.count) threads do not fit memory: lower "
          + "--segments, --segment-seconds or --threads.")
    }
  }

  /// Streams of another seed than those of the draws, so that presets and segments are independent.
  private func draw(_ row: Int, from dry: DrySegments) -> (segments: [[Float]], recording: String) {
    var source = RandomSource(seed: random.seed ^ 0x5E67_3E97_5E67_3E97, stream: UInt64(row))
    return dry.draw(segments, using: &source)
  }

  private func save(
    _ rows: [FeatureRows.Row], theta: Matrix, segments: DrySegments, chain: ChainDescription, record: FeatureRecord,
    provenance: Provenance
  ) throws {
    var kept: [Int] = []
    var features: [Double] = []
    for (index, row) in rows.enumerated() {
      guard case .features(let values) = row else { continue }
      kept.append(index)
      features += values
    }
    guard !kept.isEmpty else {
      throw CommandError("All \(count) renderings are silent: give another prior or other recordings.")
    }
    if kept.count < count {
      global.console.warning("\(count - kept.count) of \(count) renderings are silent and left out.")
    }
    let names = record.names(encoder)
    var pairs = PresetCollection(
      chain: chain, theta: theta.selecting(rows: kept), labels: kept.map { "pair-\($0 + 1)" },
      groups: dry.count > 1 ? kept.map { draw($0, from: segments).recording } : nil,
      features: Matrix(rows: kept.count, columns: names.count, values: features), featureNames: names)
    pairs.featureRecord = record
    try pairs.save(to: output, provenance: provenance, console: global.console)
  }

  private func problem(_ provenance: Provenance) -> String {
    let files = provenance.inputs.map(\.sha256).joined(separator: " ")
    return "priorkit \(Version.current) simulate \(count) \(encoder.rawValue) \(segments) x \(segmentSeconds) s "
      + "\(levelDeviationDB) dB seed \(random.seed) files \(files)"
  }
}
