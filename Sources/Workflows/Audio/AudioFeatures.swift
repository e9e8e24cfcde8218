public import AudioFiles
import FXParams
public import PresetStore
public import StyleFeatures

/// The features of recordings, made as a record says: the mean of the embeddings of the active segments.
///
/// A dry vocal is brought to its loudness as a whole. Of a wet one each segment is, as simulated pairs are.
public struct AudioFeatures: Sendable {
  /// How the features are made.
  public let record: FeatureRecord
  /// What embeds the segments.
  public let kind: StyleEncoderKind

  /// Features as `record` says, by the encoder `kind`.
  public init(record: FeatureRecord, kind: StyleEncoderKind) { (self.record, self.kind) = (record, kind) }

  /// Features as the record of a file says.
  ///
  /// - Throws: ``WorkflowError`` for an encoder that is not among those given.
  package init(record: FeatureRecord, encoders: StyleEncoders, path: String) throws {
    self.init(record: record, kind: try record.encoderKind(among: encoders, path: path))
  }

  /// The active segments of a recording, and what was changed about it, in sentences.
  ///
  /// - Parameters:
  ///   - path: the recording.
  ///   - shiftFrames: frames of silence before it.
  /// - Throws: `AudioError` for a file that cannot be used or is silent.
  public func segments(of path: String, shiftFrames: Int = 0) throws -> (
    segments: [AudioBuffer], messages: [String]
  ) {
    var preparation = AudioPreparation(
      role: record.source == .dry ? .dry : .reference, sampleRate: record.sampleRate,
      targetLUFS: record.loudnessLUFS, segmenter: Segmenter(segmentSeconds: record.segmentSeconds))
    preparation.shiftFrames = shiftFrames
    let audio = try preparation.prepare(path: path)
    guard record.source == .wet, let target = record.loudnessLUFS else {
      return (audio.segments.map(\.audio), audio.messages)
    }
    return (
      audio.segments.map { (try? $0.audio.normalised(toLUFS: target, source: path)) ?? $0.audio }, audio.messages
    )
  }

  /// The mean embedding of segments.
  func features(of segments: [AudioBuffer], embedder: SegmentEmbedder) throws -> [Double] {
    SegmentEmbedder.mean(try segments.map { try embedder.embed($0.channels) })
  }

  /// The mean embedding of all segments of several files.
  public func features(ofFiles paths: [String], monitor: some WorkMonitor = QuietMonitor()) throws -> [Double] {
    let all = try paths.flatMap { path in
      let (own, messages) = try segments(of: path)
      messages.forEach(monitor.message)
      return own
    }
    return try features(of: all, embedder: SegmentEmbedder(kind: kind, sampleRate: record.sampleRate))
  }
}
