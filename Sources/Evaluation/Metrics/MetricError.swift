/// Why two signals cannot be compared: each message names the numbers and the remedy.
public enum MetricError: Error, Equatable, Sendable, CustomStringConvertible {
  case shapesDiffer(prediction: [Int], target: [Int])
  case notStereo(channels: Int)
  case tooShort(samples: Int, minimum: Int)
  case notFinite(signal: String, channel: Int, sample: Int, value: Double)

  public var description: String {
    switch self {
    case .shapesDiffer(let prediction, let target):
      "The prediction has \(prediction[0]) channels of \(prediction[1]) samples but the target \(target[0]) of "
        + "\(target[1]): cut both to the same length before comparing them."
    case .notStereo(let channels):
      "The signals have \(channels) channels but this metric compares stereo signals: give it two."
    case .tooShort(let samples, let minimum):
      "The signals have \(samples) samples but the metric needs at least \(minimum): compare longer excerpts."
    case .notFinite(let signal, let channel, let sample, let value):
      "Sample \(sample) of channel \(channel) of the \(signal) is \(value): look for an unstable effect or a "
        + "damaged file."
    }
  }
}
