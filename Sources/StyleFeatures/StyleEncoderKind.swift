public import NumericCore

/// The style encoders that need no trained weights, by the name that configuration files and the command line use.
///
/// An encoder with weights (AFx-Rep) is another ``StyleEncoder``, made from its own weight file; everything above
/// this module sees the protocol alone.
public enum StyleEncoderKind: String, CaseIterable, Codable, Sendable {
  /// 25 mel-frequency cepstral coefficients, four statistics each: see ``MFCCEncoder``.
  case mfcc
  /// Six descriptors of level and spectral shape, four statistics each: see ``MIREncoder``.
  case mir

  /// Numbers per channel of the embedding: 100 for MFCC, 24 for MIR.
  public var featureCount: Int {
    switch self {
    case .mfcc: MFCC.coefficientCount * TemporalMoments.count
    case .mir: MIR.descriptorCount * TemporalMoments.count
    }
  }

  /// The shortest segment that can be embedded: one analysis frame.
  public static var minimumFrameCount: Int { FrameGrid.frameLength }

  /// Makes an encoder for segments of `frameCount` samples per channel.
  ///
  /// - Parameters:
  ///   - gain: a factor on both channels, as if the samples had been multiplied by it; the style objective divides by
  ///     the peak of the reference. Given here it costs nothing and adds no rounding to the samples, which the MIR
  ///     flatness would notice (embeddings off by 2e-4 in Float).
  ///   - team: threads to use; MFCC analyses its two channels side by side.
  ///   - scratch: buffers that the encoders of several segments share; MFCC has its own without, MIR needs none.
  /// - Throws: ``StyleEncoderError`` when the segment is shorter than one frame of 2048 samples, or the sample rate
  ///   or the gain is not a positive number.
  public func makeEncoder<Scalar: SignalScalar>(
    frameCount: Int, sampleRate: Double, gain: Double = 1, team: ThreadTeam = .alone,
    scratch: StyleScratch<Scalar>? = nil
  ) throws -> any StyleEncoder<Scalar> {
    guard frameCount >= Self.minimumFrameCount else {
      throw StyleEncoderError.segmentTooShort(frameCount: frameCount, encoder: self)
    }
    guard sampleRate > 0, sampleRate.isFinite else {
      throw StyleEncoderError.invalidSampleRate(sampleRate)
    }
    guard gain > 0, gain.isFinite else { throw StyleEncoderError.invalidGain(gain) }
    return switch self {
    case .mfcc:
      MFCCEncoder<Scalar>(
        frameCount: frameCount, sampleRate: sampleRate, gain: gain, team: team, scratch: scratch)
    case .mir: MIREncoder<Scalar>(frameCount: frameCount, gain: gain)
    }
  }
}

/// Why an encoder cannot be made.
public enum StyleEncoderError: Error, Hashable, CustomStringConvertible {
  case segmentTooShort(frameCount: Int, encoder: StyleEncoderKind)
  case invalidSampleRate(Double)
  case invalidGain(Double)

  public var description: String {
    switch self {
    case .segmentTooShort(let frameCount, let encoder):
      "A segment of \(frameCount) samples is too short for the \(encoder.rawValue) style encoder: give it at least "
        + "\(StyleEncoderKind.minimumFrameCount) samples, the length of one analysis frame."
    case .invalidSampleRate(let sampleRate):
      "A sample rate of \(sampleRate) Hz cannot be used for a style encoder: give a positive, finite number."
    case .invalidGain(let gain):
      "A gain of \(gain) cannot be used for a style encoder: give a positive, finite number "
        + "(1 over the peak of the reference)."
    }
  }
}
