public import NumericCore

/// The entry of a style encoder that commands and files can name: its name, its size, its precision, and how it is
/// made.
///
/// An encoder states all of it here and nowhere else. Other programs may register encoders too, for instance one
/// with weights from a file, and pass them wherever a ``StyleEncoderKind`` is taken:
///
///     let encoders = StyleEncoders.standard.adding(MyEncoder.Registration(weights: weights))
///     let posterior = try StylePosterior(prior: prior, encoder: encoders["mine"]!, ...)
public protocol StyleEncoderRegistration: Sendable {
  /// The name in configuration files, feature files and on the command line; without spaces.
  var name: String { get }
  /// Numbers per channel of the embedding.
  var featureCount: Int { get }
  /// Numbers of the side embedding: ``featureCount``, the default, or 0 where the mid embedding describes both
  /// channels.
  var sideFeatureCount: Int { get }
  /// The precision in which a chain is rendered for it and pulled back: `Float`, or `Double` where rounding to
  /// `Float` would change the embedding or its gradient.
  var precision: any SignalScalar.Type { get }

  /// Whether it describes recordings in numbers of its own units, without a pullback: material for conditional
  /// priors. Objectives and distances of styles, which need unit vectors, refuse it. False by default.
  var isDescription: Bool { get }

  /// The shortest segment at a sample rate in Hz, in samples: one analysis frame of 2048 by default.
  func minimumFrameCount(sampleRate: Double) -> Int

  /// Makes an encoder for samples of either precision;
  /// ``StyleEncoderKind/makeEncoder(frameCount:sampleRate:gain:team:scratch:)`` has checked the numbers.
  ///
  /// - Parameters:
  ///   - frameCount: samples per channel.
  ///   - sampleRate: in Hz.
  ///   - gain: a factor on both channels, as if the samples had been multiplied by it.
  ///   - team: threads that it may use.
  ///   - scratch: what ``makeScratch(frameCount:threads:)`` made, or nil where the encoder is to have its own.
  func makeEncoder<Scalar: SignalScalar>(
    frameCount: Int, sampleRate: Double, gain: Double, team: ThreadTeam, scratch: StyleScratch<Scalar>?
  ) throws -> any StyleEncoder<Scalar>

  /// Buffers that the encoders of several segments share; nil, the default, for an encoder that has no use for
  /// them.
  ///
  /// - Parameters:
  ///   - frameCount: samples of the longest segment.
  ///   - threads: encoders that are called at the same time.
  func makeScratch<Scalar: SignalScalar>(frameCount: Int, threads: Int) -> StyleScratch<Scalar>?
}

extension StyleEncoderRegistration {
  public var sideFeatureCount: Int { featureCount }

  public var isDescription: Bool { false }

  public func minimumFrameCount(sampleRate _: Double) -> Int { FrameGrid.frameLength }

  public func makeScratch<Scalar: SignalScalar>(frameCount _: Int, threads _: Int) -> StyleScratch<Scalar>? { nil }
}
