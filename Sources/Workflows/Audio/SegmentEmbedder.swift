import FXParams
import NumericCore
package import PresetStore
package import StyleFeatures

/// Embeds stereo or mono segments; belongs to one thread.
///
/// A mono segment is embedded as both channels alike, and its mid channel alone is kept: the side is silence.
/// Encoders work in the precision that they are registered with, as in the style objective (`StylePosterior`).
final class SegmentEmbedder {
  private let encoders: any SegmentEncoding

  init(kind: StyleEncoderKind, sampleRate: Double) {
    func makeEncoders<Scalar: SignalScalar>(_: Scalar.Type) -> any SegmentEncoding {
      SegmentEncoders<Scalar>(kind: kind, sampleRate: sampleRate)
    }
    encoders = makeEncoders(kind.precision)
  }

  /// The embedding of a segment of one channel (mid) or two (mid, then side).
  func embed(_ channels: [[Float]]) throws -> [Double] {
    let embedding = try encoders.encode(left: channels[0], right: channels[channels.count - 1])
    return channels.count == 1 ? embedding.mid : embedding.mid + embedding.side
  }

  /// The mean of the embeddings of several segments, at least one.
  static func mean(_ embeddings: [[Double]]) -> [Double] {
    embeddings[0].indices.map { index in embeddings.reduce(0) { $0 + $1[index] } / Double(embeddings.count) }
  }
}

/// Encodes segments of any length, whatever the precision.
private protocol SegmentEncoding {
  func encode(left: [Float], right: [Float]) throws -> StyleEmbedding
}

/// ``SegmentEncoding`` in the precision of `Scalar`. Encoders are made for one length and kept.
private final class SegmentEncoders<Scalar: SignalScalar>: SegmentEncoding {
  private let kind: StyleEncoderKind
  private let sampleRate: Double
  private var known: [Int: any StyleEncoder<Scalar>] = [:]

  init(kind: StyleEncoderKind, sampleRate: Double) {
    self.kind = kind
    self.sampleRate = sampleRate
  }

  func encode(left: [Float], right: [Float]) throws -> StyleEmbedding {
    try encoder(left.count).encode(
      left: converted(left, to: Scalar.self), right: converted(right, to: Scalar.self))
  }

  private func encoder(_ frameCount: Int) throws -> any StyleEncoder<Scalar> {
    if let encoder = known[frameCount] { return encoder }
    let encoder: any StyleEncoder<Scalar> = try kind.makeEncoder(frameCount: frameCount, sampleRate: sampleRate)
    known[frameCount] = encoder
    return encoder
  }
}

extension FeatureRecord {
  /// The encoder, which the features of a file name as text.
  package func encoderKind(among encoders: StyleEncoders, path: String) throws -> StyleEncoderKind {
    guard let kind = encoders[encoder] else {
      throw WorkflowError(
        .wrongContents,
        "\(path) has features of the encoder \(encoder), which is not among "
          + "\(encoders.names.joined(separator: ", ")): name the encoder with its weights, or give features from a "
          + "file."
      )
    }
    return kind
  }

  /// Names of the features: `mfcc.mid.0`, `mfcc.mid.1`, ...
  package func names(_ kind: StyleEncoderKind) -> [String] {
    let channels = [("mid", kind.featureCount)] + (source == .dry ? [] : [("side", kind.sideFeatureCount)])
    return channels.flatMap { channel, count in (0..<count).map { "\(kind.rawValue).\(channel).\($0)" } }
  }
}
