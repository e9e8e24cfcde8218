/// Why a style likelihood cannot be made.
public enum StyleLikelihoodError: Error, Sendable, Hashable, CustomStringConvertible {
  case segmentCounts(mid: Int, side: Int)
  case featureCount(channel: String, segment: Int, found: Int, expected: Int)
  case norm(channel: String, segment: Int, norm: Double)
  case scale(Double)

  public var description: String {
    switch self {
    case .segmentCounts(let mid, let side):
      "The reference has \(mid) mid and \(side) side embeddings: give at least one segment, and as many of each, "
        + "with at least one number."
    case .featureCount(let channel, let segment, let found, let expected):
      "The \(channel) embedding of reference segment \(segment) has \(found) numbers where the first segment has "
        + "\(expected): embed all segments with the same encoder."
    case .norm(let channel, let segment, let norm):
      "The \(channel) embedding of reference segment \(segment) has norm \(norm) instead of 1: "
        + "leave out segments that are silent or hold non-finite samples."
    case .scale(let value):
      "The fixed scale \(value) of the style likelihood is not an angle of at least "
        + "\(StyleLikelihood.minimumScale) radians: "
        + "take it from a fit, or use the profiled scale."
    }
  }
}
