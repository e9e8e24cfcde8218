/// A stretch of stereo audio at the chain's sample rate.
public struct StereoSegment: Sendable {
  /// Samples of the left channel.
  public var left: [Float]
  /// Samples of the right channel.
  public var right: [Float]

  /// - Precondition: channels of equal length.
  public init(left: [Float], right: [Float]) {
    precondition(left.count == right.count, "Channels of \(left.count) and \(right.count) samples")
    self.left = left
    self.right = right
  }

  /// Samples in each channel.
  public var frameCount: Int { left.count }
  /// Largest absolute sample.
  public var peak: Float { max(left.reduce(0) { max($0, abs($1)) }, right.reduce(0) { max($0, abs($1)) }) }
}
