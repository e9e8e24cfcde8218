import AudioFiles
import Inference
import StyleFeatures

/// The angles between the style embeddings of recordings and those of a reference, as the style objective has them:
/// the RMS over all pairs of segments of 11 s.
struct StyleAngles {
  private let embedder: SegmentEmbedder
  private let featureCount: Int
  private let sampleRate: Double
  /// 1 over the peak of the reference, for both sides.
  private let gain: Float
  private let likelihood: StyleLikelihood

  /// - Throws: `AudioError`, ``WorkflowError`` for a reference without a stereo image, what the encoder throws.
  init(_ kind: StyleEncoderKind, reference path: String, sampleRate: Double) throws {
    try kind.requireStyle()
    embedder = SegmentEmbedder(kind: kind, sampleRate: sampleRate)
    (featureCount, self.sampleRate) = (kind.featureCount, sampleRate)
    let segments = try Self.segments(of: path, sampleRate: sampleRate)
    guard segments.contains(where: { $0.channels[0] != $0.channels[1] }) else {
      throw WorkflowError(
        .unsuitableRecording,
        "\(path) has equal left and right channels, so it has no stereo image to compare: give a stereo reference.")
    }
    gain = 1 / (segments.map(\.peak).max() ?? 1)
    let references = try Self.embeddings(segments, embedder, gain: gain, featureCount: featureCount)
    likelihood = try StyleLikelihood(referenceMid: references.map(\.mid), referenceSide: references.map(\.side))
  }

  /// Of mid and of side, in radians.
  ///
  /// - Throws: `AudioError`, what the encoder throws.
  func angles(of path: String) throws -> (mid: Double, side: Double) {
    let segments = try Self.segments(of: path, sampleRate: sampleRate)
    return likelihood.rootMeanSquareAngles(
      of: try Self.embeddings(segments, embedder, gain: gain, featureCount: featureCount))
  }

  private static func segments(of path: String, sampleRate: Double) throws -> [AudioBuffer] {
    let preparation = AudioPreparation(
      role: .reference, sampleRate: sampleRate, targetLUFS: nil, segmenter: Segmenter(segmentSeconds: 11))
    return try preparation.prepare(path: path).segments.map(\.audio)
  }

  private static func embeddings(
    _ segments: [AudioBuffer], _ embedder: SegmentEmbedder, gain: Float, featureCount: Int
  ) throws -> [StyleEmbedding] {
    try segments.map { segment in
      let numbers = try embedder.embed(segment.scaled(by: gain).channels)
      return StyleEmbedding(mid: Array(numbers.prefix(featureCount)), side: Array(numbers.dropFirst(featureCount)))
    }
  }
}
