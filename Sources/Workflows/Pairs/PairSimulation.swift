import AudioFiles
import FXParams
import FileOutput
public import NumericCore
public import PresetStore
public import PriorKit
public import StyleFeatures

/// Pairs of a preset, drawn from a prior or taken from a collection, and the features of dry segments rendered
/// through it: what a conditional prior is fitted to where no recordings are there.
public struct PairSimulation: Sendable {
  /// What the presets are.
  public var presets: PairPresets
  /// What is rendered.
  public var dry: DrySegments
  /// What embeds the renderings.
  public var encoder: StyleEncoderKind
  /// How many pairs.
  public var count = 2000
  /// Segments per preset, whose embeddings are averaged.
  public var segmentCount = 4
  /// Presets [A, D] whose mean features on the same recording are subtracted; nil for features as they are.
  public var anchors: Matrix?
  /// Of presets and segments: the same seed gives the same pairs.
  public var seed: UInt64 = 0
  /// Most threads to use; the result does not depend on them.
  public var threads = 1

  /// 2000 pairs of four segments each.
  public init(prior: Prior, dry: DrySegments, encoder: StyleEncoderKind = .mfcc) {
    self.init(presets: PairPresets(prior), dry: dry, encoder: encoder)
  }

  /// 2000 pairs of four segments each; of collections alone ``PairPresets/rowCount``.
  public init(presets: PairPresets, dry: DrySegments, encoder: StyleEncoderKind = .mfcc) {
    (self.presets, self.dry, self.encoder) = (presets, dry, encoder)
    if let rows = presets.rowCount { count = rows }
  }

  /// How the features are made.
  public var record: FeatureRecord {
    FeatureRecord(
      encoder: encoder.rawValue, source: .wet, sampleRate: presets.chain.sampleRate,
      loudnessLUFS: AudioPreparation.standardLUFS,
      segmentSeconds: dry.segmentSeconds, anchors: anchors)
  }

  /// Draws and renders. Presets with a silent rendering are left out, with a warning.
  ///
  /// - Parameters:
  ///   - checkpoint: a file to go on from after an interruption; nil to keep none.
  ///   - inputs: digests of the files that the pairs depend on: a checkpoint of others is refused.
  ///   - monitor: is told of every pair.
  /// - Returns: presets with features, in the order of the draws; with the groups that the presets have, else with
  ///   recordings as groups if there are several.
  /// - Throws: ``WorkflowError`` for work that does not fit memory and for renderings that are all silent,
  ///   ``InterruptedError``, what the chain and the encoder throw.
  public func run(
    checkpoint: String? = nil, inputs: [String] = [], monitor: some WorkMonitor = QuietMonitor()
  ) throws -> PresetCollection {
    let part = try part(.whole, checkpoint: checkpoint, inputs: inputs, monitor: monitor)
    guard !part.rows.isEmpty else {
      throw WorkflowError(
        .unsuitableRecording, "All \(count) renderings are silent: give another prior or other recordings.")
    }
    return part.presets
  }

  /// The share of a shard: pair i is the same in any of them. All of its renderings may be silent.
  ///
  /// - Parameters: as of ``run(checkpoint:inputs:monitor:)``; a checkpoint is of one shard.
  /// - Throws: as ``run(checkpoint:inputs:monitor:)``.
  public func part(
    _ shard: Shard, checkpoint: String? = nil, inputs: [String] = [], monitor: some WorkMonitor = QuietMonitor()
  ) throws -> PresetPart {
    let names = record.names(encoder)
    let draws = shard.rows(of: count)
    try requireMemory(pairs: draws.count, features: names.count)
    let theta = presets.logits(rows: draws, seed: seed, threads: threads)
    let baselines = try baselines(monitor)
    let rows = try FeatureRows(
      title: "simulate", count: draws.count, featureCount: names.count, checkpoint: checkpoint,
      problem: problem(inputs, shard), threads: threads
    ).compute(monitor: monitor) {
      PairRenderer(
        chain: presets.chain, encoder: encoder, frameCount: dry.frameCount, segmentCount: segmentCount,
        targetLUFS: AudioPreparation.standardLUFS)
    } _: { position, renderer in
      let (segments, recording) = try segments(of: draws[position])
      let features = try renderer.features(of: segments, logits: theta.row(position))
      return features.map { .features($0.relative(to: baselines[recording])) } ?? .skipped
    }
    let table = FeatureTable(rows, featureCount: names.count)
    let audible = table.rowIndices.map { draws[$0] }
    if audible.count < draws.count {
      monitor.warning("\(draws.count - audible.count) of \(draws.count) renderings are silent and left out.")
    }
    // By what the sources are, not by the rows of a share.
    let groups =
      presets.hasGroups
      ? audible.compactMap(presets.group) : dry.paths.count > 1 ? audible.map(recording) : nil
    var pairs = PresetCollection(
      chain: presets.chain, theta: theta.selecting(rows: table.rowIndices),
      labels: audible.map(presets.label),
      groups: groups, features: table.features, featureNames: names,
      weights: presets.hasWeights ? audible.compactMap(presets.weight) : nil)
    pairs.featureRecord = record
    return PresetPart(rows: audible, presets: pairs)
  }

  /// Presets and features are kept until the end, and every thread renders all segments of a preset at once.
  private func requireMemory(pairs: Int, features: Int) throws {
    // Twice, where they are put together for the file; then signals, spectra and cotangents of a segment
    // (docs/performance.md).
    guard MemoryLimit.bytes(count: pairs, of: 16 * (presets.chain.parameterSpace.count + features)) != nil else {
      throw WorkflowError(
        .tooLarge, "\(pairs) pairs do not fit memory: simulate fewer at a time, in more shards.")
    }
    let frames = segmentCount.multipliedReportingOverflow(by: dry.frameCount)
    guard !frames.overflow, MemoryLimit.bytes(count: frames.partialValue, of: 160 * threads) != nil else {
      throw WorkflowError(
        .tooLarge,
        "\(segmentCount) segments of \(NumberText.short(dry.segmentSeconds)) s on \(threads) threads do not fit "
          + "memory: take fewer or shorter segments, or fewer threads.")
    }
  }

  private func segments(of row: Int) throws -> (samples: [[Float]], recording: String) {
    var source = DrySegments.source(ofPair: row, seed: seed)
    return try dry.draw(segmentCount, using: &source)
  }

  /// Of every recording, where features are relative to the voice.
  private func baselines(_ monitor: some WorkMonitor) throws -> [String: [Double]] {
    guard anchors != nil else { return [:] }
    let baseline = VoiceBaseline(record: record, chain: presets.chain, kind: encoder, threads: threads)
    return try Dictionary(
      dry.voices.map { ($0.path, try baseline.features(of: $0.segments, source: $0.path, monitor: monitor)) },
      uniquingKeysWith: { first, _ in first })
  }

  private func recording(of row: Int) -> String {
    var source = DrySegments.source(ofPair: row, seed: seed)
    return dry.recording(using: &source)
  }

  private func problem(_ inputs: [String], _ shard: Shard) -> String {
    "priorkit \(Provenance.currentVersion) simulate \(count) \(encoder.rawValue) \(segmentCount) x "
      + "\(dry.segmentSeconds) s \(dry.levelDeviationDB) dB seed \(seed) files \(inputs.joined(separator: " "))"
      + (presets.temperature == 1 ? "" : " temperature \(presets.temperature)")
      + (presets.jitter == 0 ? "" : " jitter \(presets.jitter)")
      + (dry.augmentation == .none ? "" : " " + dry.augmentation.text)
      + (anchors.map { " relative to \($0.rows) presets" } ?? "")
      + (shard == .whole ? "" : " shard \(shard.text)")
  }
}
