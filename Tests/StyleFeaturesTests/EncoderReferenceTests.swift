import HDF5Store
import NumericCore
import StyleFeatures
import TestSupport
import Testing

extension StyleEncoderKind {
  /// The encoders of the authors' code: both have frames of 2048 samples, 1024 apart, and no padding.
  static let published = [StyleEncoderKind.mfcc, .mir]
}

/// The embeddings of the reference segments, as the authors' code computed them in float64.
@Suite(.enabled(if: Reference.isAvailable, Comment(rawValue: Reference.absence)))
struct EncoderReferenceTests {
  @Test(arguments: StyleEncoderKind.published)
  func embeddingsOfTheReferenceAgreeInDouble(kind: StyleEncoderKind) throws {
    try check(kind, Double.self, tolerance: 1e-11)
  }

  @Test(arguments: StyleEncoderKind.published)
  func embeddingsOfTheReferenceAgreeInFloat(kind: StyleEncoderKind) throws {
    try check(kind, Float.self, tolerance: 1e-6)
  }

  private func check<Scalar: SignalScalar>(_ kind: StyleEncoderKind, _: Scalar.Type, tolerance: Double) throws {
    let file = try Reference.open("objective")
    let (shape, samples) = try file.doubles("reference")
    let mid = try file.doubles("\(kind.rawValue)/reference_mid").values
    let side = try file.doubles("\(kind.rawValue)/reference_side").values
    // Segments are divided by the largest magnitude of them all.
    let peak = try #require(samples.map(\.magnitude).max())
    let (segments, frames, count) = (shape[0], shape[2], kind.featureCount)
    let encoder: any StyleEncoder<Scalar> = try kind.makeEncoder(
      frameCount: frames, sampleRate: 44100, gain: 1 / peak)
    #expect(segments == 2 && mid.count == segments * count && side.count == segments * count)
    for segment in 0..<segments {
      let start = segment * 2 * frames
      let signal = StereoSignal(
        left: Array(samples[start..<start + frames]), right: Array(samples[start + frames..<start + 2 * frames]))
      let expected = StyleEmbedding(
        mid: Array(mid[segment * count..<(segment + 1) * count]),
        side: Array(side[segment * count..<(segment + 1) * count]))
      let difference = encoder.encode(signal).largestDifference(from: expected)
      #expect(difference <= tolerance, "\(kind), segment \(segment)")
    }
  }
}
