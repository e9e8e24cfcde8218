/// The analysis frames of a segment: 2048 samples every 1024, the first at sample 0, none of them padded.
///
/// The last samples of a segment, fewer than one hop, belong to no frame. Because the hop is half a frame, a frame
/// is two consecutive blocks of one hop: quantities that add up (energy, logarithms) are computed once per block.
package struct FrameGrid {
  package static let frameLength = 2048
  package static let hop = 1024

  /// Samples of the segment.
  package let sampleCount: Int
  /// Frames that fit, at least one.
  package let count: Int

  /// - Precondition: the segment holds one frame.
  package init(sampleCount: Int) {
    precondition(
      sampleCount >= Self.frameLength, "\(sampleCount) samples do not hold one frame of \(Self.frameLength)")
    self.sampleCount = sampleCount
    count = (sampleCount - Self.frameLength) / Self.hop + 1
  }

  /// Blocks of one hop that the frames cover; frame `f` is blocks `f` and `f + 1`.
  package var blockCount: Int { count + 1 }
}
