import FXParams
import NumericCore
import PresetStore
import StyleFeatures

/// Embeds stereo or mono segments; belongs to one thread.
///
/// A mono segment is embedded as both channels alike, and its mid channel alone is kept: the side is silence. MFCC work
/// in Float and MIR in Double, as in the style objective (``StylePosterior``).
final class SegmentEmbedder {
  private let kind: StyleEncoderKind
  private let sampleRate: Double
  private var single: [Int: any StyleEncoder<Float>] = [:]
  private var double: [Int: any StyleEncoder<Double>] = [:]

  init(kind: StyleEncoderKind, sampleRate: Double) {
    self.kind = kind
    self.sampleRate = sampleRate
  }

  /// The embedding of a segment of one channel (mid) or two (mid, then side).
  func embed(_ channels: [[Float]]) throws -> [Double] {
    let (left, right) = (channels[0], channels[channels.count - 1])
    let embedding: StyleEmbedding
    switch kind {
    case .mfcc: embedding = try encoder(&single, left.count).encode(left: left, right: right)
    case .mir:
      embedding = try encoder(&double, left.count).encode(
        left: left.map { Double($0) }, right: right.map { Double($0) })
    }
    return channels.count == 1 ? embedding.mid : embedding.mid + embedding.side
  }

  /// Encoders are made for one length and kept.
  private func encoder<Scalar: SignalScalar>(
    _ known: inout [Int: any StyleEncoder<Scalar>], _ frameCount: Int
  ) throws -> any StyleEncoder<Scalar> {
    if let encoder = known[frameCount] { return encoder }
    let encoder: any StyleEncoder<Scalar> = try kind.makeEncoder(frameCount: frameCount, sampleRate: sampleRate)
    known[frameCount] = encoder
    return encoder
  }
}

extension FeatureRecord {
  /// The encoder, which the features of a file name as text.
  func encoderKind(path: String) throws -> StyleEncoderKind {
    guard let kind = StyleEncoderKind(rawValue: encoder) else {
      throw CommandError(
        "\(path) has features of the encoder \(encoder), which is not among "
          + "\(StyleEncoderKind.allCases.map(\.rawValue).joined(separator: ", ")): give features from a file instead."
      )
    }
    return kind
  }

  /// Names of the features: `mfcc.mid.0`, `mfcc.mid.1`, ...
  func names(_ kind: StyleEncoderKind) -> [String] {
    (source == .dry ? ["mid"] : ["mid", "side"]).flatMap { channel in
      (0..<kind.featureCount).map { "\(kind.rawValue).\(channel).\($0)" }
    }
  }
}
