public import NumericCore

/// How features were made from audio. A conditional prior takes the features of new audio only if they are made in
/// the same way.
public struct FeatureRecord: Sendable, Hashable {
  /// Which recording they describe.
  public enum Source: String, Sendable, Hashable, CaseIterable {
    /// The raw vocal x, as mono: the embedding of the mid channel.
    case dry
    /// The processed vocal y, in stereo: the embeddings of mid and side, one after the other.
    case wet
  }

  /// The name of the style encoder.
  public var encoder: String
  /// The recording that was encoded.
  public var source: Source
  /// In Hz.
  public var sampleRate: Double
  /// The integrated loudness that the audio was brought to; nil where levels were left as they are.
  public var loudnessLUFS: Double?
  /// Length in s of the segments whose embeddings were averaged.
  public var segmentSeconds: Double
  /// Logits [A, D] of presets through which the same dry vocal was rendered: features are less the mean of theirs,
  /// so that what is left tells of the preset more than of the voice. Nil for features as they are.
  public var anchors: Matrix?

  public init(
    encoder: String, source: Source, sampleRate: Double, loudnessLUFS: Double?, segmentSeconds: Double,
    anchors: Matrix? = nil
  ) {
    self.encoder = encoder
    self.source = source
    self.sampleRate = sampleRate
    self.loudnessLUFS = loudnessLUFS
    self.segmentSeconds = segmentSeconds
    self.anchors = anchors
  }

  /// The record in words: `mfcc of the wet vocal, 2 s segments, -18 LUFS, 44100 Hz`.
  public var summary: String {
    let loudness = loudnessLUFS.map { "\($0) LUFS" } ?? "levels as they are"
    let relative = anchors.map { ", relative to \($0.rows) presets on the same voice" } ?? ""
    return "\(encoder) of the \(source.rawValue) vocal, \(segmentSeconds) s segments, \(loudness), \(sampleRate) Hz"
      + relative
  }
}
