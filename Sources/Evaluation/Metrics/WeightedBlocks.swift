import NumericCore

/// A stereo signal, A-weighted block by block: no weighted copy of the whole is made.
///
/// A block holds half a frame on both sides, reflected beyond the ends of the signal as in ``SpectralFrames``, so
/// that every frame centred in it can be read from it.
struct WeightedBlocks {
  /// Samples of a block: a multiple of every hop.
  static let length = 1 << 13

  private let weighting: AWeighting
  private let half: Int
  private let buffers: [SignalBuffer<Double>]

  /// - Parameter longestFrame: the size of the longest frames that will be read.
  init(_ weighting: AWeighting, longestFrame: Int) {
    self.weighting = weighting
    half = longestFrame / 2
    // One sample more before the block: a frame centred on the end of the signal is reflected as far as that.
    buffers = (0..<2).map { _ in SignalBuffer(count: Self.length + longestFrame + 1) }
  }

  /// Loads the block of a signal [2, samples] that begins at `start`, which may be its end.
  func load(_ signal: Matrix, from start: Int) {
    let count = signal.columns
    let (first, end) = (start - half - 1, min(start + Self.length, count) + half)
    let present = max(first, 0)..<min(end, count)
    signal.values.withUnsafeBufferPointer { values in
      for (channel, buffer) in buffers.enumerated() {
        let row = UnsafeBufferPointer(rebasing: values[channel * count..<(channel + 1) * count])
        weighting.apply(row, range: present, into: buffer.pointer + (present.lowerBound - first))
        for position in max(first, 1 - count)..<present.lowerBound {
          buffer.pointer[position - first] = buffer.pointer[-position - first]
        }
        for position in present.upperBound..<max(end, present.upperBound) {
          buffer.pointer[position - first] = buffer.pointer[2 * (count - 1) - position - first]
        }
      }
    }
  }

  /// The samples of one channel from `offset` on, counted from the start of the block.
  func channel(_ index: Int, from offset: Int) -> UnsafePointer<Double> {
    UnsafePointer(buffers[index].pointer + half + 1 + offset)
  }
}
