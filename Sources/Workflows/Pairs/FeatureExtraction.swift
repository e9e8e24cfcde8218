import AudioFiles
import NumericCore
public import PresetStore
public import StyleFeatures

/// Features of the recordings that presets belong to, added to the presets.
public struct FeatureExtraction: Sendable {
  /// How the features are made.
  public var record: FeatureRecord
  /// What embeds the segments, as ``record`` names it.
  public var encoder: StyleEncoderKind
  /// Whether presets whose recording is silent or cannot be read are left out instead of an error.
  public var skipsUnusable = false
  /// Most threads to use; the result does not depend on them.
  public var threads = 1

  /// Features of dry or processed vocals, normalised to -18 LUFS.
  ///
  /// - Parameters:
  ///   - encoder: what embeds the segments.
  ///   - source: whether the recordings are dry, of which only the mid is embedded.
  ///   - sampleRate: that of the presets' chain, in Hz.
  ///   - segmentSeconds: length of the segments; a shorter recording is one segment.
  public init(
    encoder: StyleEncoderKind = .mfcc, source: FeatureRecord.Source, sampleRate: Double, segmentSeconds: Double = 11
  ) {
    self.encoder = encoder
    record = FeatureRecord(
      encoder: encoder.rawValue, source: source, sampleRate: sampleRate,
      loudnessLUFS: AudioPreparation.standardLUFS, segmentSeconds: segmentSeconds)
  }

  /// Reads and embeds the recordings.
  ///
  /// - Parameters:
  ///   - recordings: which preset each belongs to.
  ///   - presets: the presets.
  ///   - path: what errors call the presets.
  ///   - checkpoint: a file to go on from after an interruption; nil to keep none.
  ///   - inputs: digests of the files that the features depend on: a checkpoint of others is refused.
  ///   - monitor: is told of every recording.
  /// - Returns: the presets that have features.
  /// - Throws: `AudioError`, ``WorkflowError`` if no recording can be used, ``InterruptedError``.
  public func run(
    _ recordings: PresetRecordings, of presets: PresetCollection, path: String, checkpoint: String? = nil,
    inputs: [String] = [], monitor: some WorkMonitor = QuietMonitor()
  ) throws -> PresetCollection {
    guard !recordings.found.isEmpty else {
      throw WorkflowError(.missingRecordings, "No recording of \(path) is there.")
    }
    let part = try part(recordings, of: presets, checkpoint: checkpoint, inputs: inputs, monitor: monitor)
    guard !part.rows.isEmpty else {
      throw WorkflowError(.missingRecordings, "No recording of \(path) can be used.")
    }
    return part.presets
  }

  /// The presets whose recordings are there and can be used, perhaps none.
  ///
  /// - Parameters: as of ``run(_:of:path:checkpoint:inputs:monitor:)``; recordings of a shard give its share.
  /// - Throws: `AudioError`, ``WorkflowError`` for a checkpoint of other work, ``InterruptedError``.
  public func part(
    _ recordings: PresetRecordings, of presets: PresetCollection, checkpoint: String? = nil,
    inputs: [String] = [], monitor: some WorkMonitor = QuietMonitor()
  ) throws -> PresetPart {
    let found = recordings.found
    let names = record.names(encoder)
    let features = AudioFeatures(record: record, kind: encoder)
    let rows = try FeatureRows(
      title: "features", count: found.count, featureCount: names.count, checkpoint: checkpoint,
      problem: problem(found, inputs, recordings.shard), threads: threads
    ).compute(monitor: monitor) {
      SegmentEmbedder(kind: encoder, sampleRate: record.sampleRate)
    } _: { index, embedder in
      do {
        let audio = try features.segments(of: found[index].path, shiftFrames: found[index].shiftFrames)
        return .features(try features.features(of: audio.segments, embedder: embedder))
      } catch let error as AudioError where skipsUnusable {
        monitor.warning("\(error) Preset \(found[index].label) is left out.")
        return .skipped
      }
    }
    let table = FeatureTable(rows, featureCount: names.count)
    let usable = table.rowIndices.map { found[$0].row }
    var result = presets.selecting(rows: usable)
    result.features = table.features
    result.featureNames = names
    result.featureRecord = record
    return PresetPart(rows: usable, presets: result)
  }

  private func problem(
    _ found: [PresetRecordings.Recording], _ inputs: [String], _ shard: Shard
  ) -> String {
    "\(record.summary) skip \(skipsUnusable) "
      + "shifts \(found.map { String($0.shiftFrames) }.joined(separator: " ")) " + inputs.joined(separator: " ")
      + (shard == .whole ? "" : " shard \(shard.text)")
  }
}
