public import NumericCore

/// A style encoder that can be made: its name, with the size and precision that its registration states.
///
/// Two kinds are equal when their names are. As text (`rawValue`, also in coded form) a kind is its name, and text
/// is looked up among the ``StyleEncoders/standard`` ones; a program with encoders of its own looks them up in its
/// own ``StyleEncoders``.
public struct StyleEncoderKind: Hashable, Sendable {
  /// The name that configuration files and the command line use.
  public let rawValue: String
  private let registration: any StyleEncoderRegistration

  /// The kind that a registration describes; its ``rawValue`` is the registered name.
  public init(_ registration: some StyleEncoderRegistration) {
    rawValue = registration.name
    self.registration = registration
  }

  /// Numbers per channel of the embedding: 100 for MFCC, 24 for MIR.
  public var featureCount: Int { registration.featureCount }

  /// Numbers of the side embedding: as many, or 0 where the mid embedding describes both channels.
  public var sideFeatureCount: Int { registration.sideFeatureCount }

  /// Whether it describes recordings for conditional priors and cannot compare styles (`summary`).
  public var isDescription: Bool { registration.isDescription }

  /// Refuses an encoder that only describes recordings, where styles are compared.
  ///
  /// - Throws: ``StyleEncoderError/noGradient(encoder:)``.
  public func requireStyle() throws {
    guard !isDescription else { throw StyleEncoderError.noGradient(encoder: rawValue) }
  }

  /// The precision in which a chain is rendered for the encoder.
  public var precision: any SignalScalar.Type { registration.precision }

  /// The shortest segment at a sample rate in Hz that can be embedded, in samples.
  public func minimumFrameCount(sampleRate: Double) -> Int {
    registration.minimumFrameCount(sampleRate: sampleRate)
  }

  /// Makes an encoder for segments of `frameCount` samples per channel.
  ///
  /// - Parameters:
  ///   - frameCount: samples per channel, at least ``minimumFrameCount(sampleRate:)``.
  ///   - sampleRate: in Hz.
  ///   - gain: a factor on both channels, as if the samples had been multiplied by it; the style objective divides
  ///     by the peak of the reference. Given here it costs nothing and adds no rounding to the samples, which the
  ///     MIR flatness would notice (embeddings off by 2e-4 in Float).
  ///   - team: threads to use; MFCC analyses its two channels side by side.
  ///   - scratch: buffers that the encoders of several segments share (``makeScratch(frameCount:threads:)``).
  /// - Throws: ``StyleEncoderError`` when the segment is too short, or the sample rate or the gain is not a
  ///   positive number; what the encoder's own making throws.
  public func makeEncoder<Scalar: SignalScalar>(
    frameCount: Int, sampleRate: Double, gain: Double = 1, team: ThreadTeam = .alone,
    scratch: StyleScratch<Scalar>? = nil
  ) throws -> any StyleEncoder<Scalar> {
    guard sampleRate > 0, sampleRate.isFinite else {
      throw StyleEncoderError.invalidSampleRate(sampleRate)
    }
    let minimum = minimumFrameCount(sampleRate: sampleRate)
    guard frameCount >= minimum else {
      throw StyleEncoderError.segmentTooShort(frameCount: frameCount, minimum: minimum, encoder: self)
    }
    guard gain > 0, gain.isFinite else { throw StyleEncoderError.invalidGain(gain) }
    return try registration.makeEncoder(
      frameCount: frameCount, sampleRate: sampleRate, gain: gain, team: team, scratch: scratch)
  }

  /// Buffers that encoders of several segments share; nil where the encoder has no use for them.
  ///
  /// - Parameters:
  ///   - frameCount: samples of the longest segment.
  ///   - threads: encoders that are called at the same time.
  public func makeScratch<Scalar: SignalScalar>(frameCount: Int, threads: Int) -> StyleScratch<Scalar>? {
    registration.makeScratch(frameCount: frameCount, threads: threads)
  }

  public static func == (first: StyleEncoderKind, second: StyleEncoderKind) -> Bool {
    first.rawValue == second.rawValue
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
}
