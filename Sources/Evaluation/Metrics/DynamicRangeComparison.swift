import NumericCore

/// ``LoudnessDynamicRangeDistance`` of two stereo signals at one scale and in one view, to rounding, without its
/// gradient. Blocks are added as they come.
///
/// The logarithm of the four averages of a sample is one. The short averages wait for the long ones, which are
/// `shift` samples ahead; the first long averages are kept for the last short ones, which the published distance
/// lays beside them.
struct DynamicRangeComparison {
  private let scale: LoudnessDynamicRangeDistance.Scale
  private let count: Int
  /// Samples by which short averages are late within a channel, and whether they meet those of the other channel.
  private let (delay, isCrossed): (Int, Bool)
  private var averages = [Double](repeating: 0, count: 8)
  private var logRatios = SignalComparison.LogRatios()
  private var added = 0
  /// Ratios prediction / target of each channel: the `delay` last short ones from `offset` on, with room behind
  /// them; a block of long ones; and the `delay` first long ones.
  private let short, long, head: [SignalBuffer<Double>]
  private var offset = 0
  private let blockLength: Int

  static let powerFloor = 1e-8
  /// Blocks that go by before the short averages are moved to the front.
  private static let blocksPerMove = 8

  /// - Parameters:
  ///   - sampleCount: samples of a channel.
  ///   - blockLength: the most samples that will be added at a time.
  init(_ scale: LoudnessDynamicRangeDistance.Scale, sampleCount: Int, blockLength: Int) {
    self.scale = scale
    self.blockLength = blockLength
    count = sampleCount
    delay = scale.shift % count
    isCrossed = !(scale.shift / count).isMultiple(of: 2)
    func buffers(_ count: Int) -> [SignalBuffer<Double>] { (0..<2).map { _ in SignalBuffer(count: count) } }
    (short, long, head) = (
      buffers(delay + Self.blocksPerMove * blockLength), buffers(blockLength), buffers(delay)
    )
  }

  /// Adds the next `length` samples of both channels of a prediction and a target.
  mutating func add(
    predicted: (UnsafePointer<Double>, UnsafePointer<Double>),
    wanted: (UnsafePointer<Double>, UnsafePointer<Double>),
    length: Int
  ) {
    if offset + length > Self.blocksPerMove * blockLength {
      for channel in short { channel.pointer.update(from: channel.pointer + offset, count: delay) }
      offset = 0
    }
    let late = short.map { $0.pointer + offset }
    SignalComparison.averageRatios(
      predicted: predicted, wanted: wanted, count: length, floor: Self.powerFloor,
      coefficients: (scale.shortCoefficient, scale.longCoefficient), state: &averages,
      short: (late[0] + delay, late[1] + delay), long: (long[0].pointer, long[1].pointer))
    // Long averages earlier than the delay have no short one in this channel.
    let early = min(max(delay - added, 0), length)
    for channel in 0..<2 {
      (head[channel].pointer + min(added, delay)).update(from: long[channel].pointer, count: early)
      let ahead = long[isCrossed ? 1 - channel : channel].pointer
      logRatios.add(late[channel] + early, ahead + early, count: length - early)
    }
    offset += length
    added += length
  }

  /// The mean over samples and channels, once all are added.
  var distance: Double {
    var all = logRatios
    for channel in 0..<2 {
      all.add(short[channel].pointer + offset, head[isCrossed ? channel : 1 - channel].pointer, count: delay)
    }
    return all.sum / Double(2 * count)
  }
}
