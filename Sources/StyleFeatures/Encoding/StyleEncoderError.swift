/// Why an encoder cannot be made.
public enum StyleEncoderError: Error, Hashable, CustomStringConvertible {
  case segmentTooShort(frameCount: Int, minimum: Int, encoder: StyleEncoderKind)
  case invalidSampleRate(Double)
  case invalidGain(Double)
  /// Of an encoder's name.
  case notFinite(encoder: String)
  /// Of an encoder that describes recordings and cannot compare styles.
  case noGradient(encoder: String)

  public var description: String {
    switch self {
    case .segmentTooShort(let frameCount, let minimum, let encoder):
      "A segment of \(frameCount) samples is too short for the \(encoder.rawValue) style encoder: give it at least "
        + "\(minimum) samples."
    case .invalidSampleRate(let sampleRate):
      "A sample rate of \(sampleRate) Hz cannot be used for a style encoder: give a positive, finite number."
    case .invalidGain(let gain):
      "A gain of \(gain) cannot be used for a style encoder: give a positive, finite number "
        + "(1 over the peak of the reference)."
    case .notFinite(let encoder):
      "The \(encoder) style encoder gave a number that is not finite: check the audio and the weights."
    case .noGradient(let encoder):
      "The encoder \(encoder) describes recordings for conditional priors and cannot compare styles: use another "
        + "encoder, such as mfcc."
    }
  }
}
