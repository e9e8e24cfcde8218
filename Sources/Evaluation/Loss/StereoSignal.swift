public import NumericCore

/// A stereo signal as the loss needs it: as it is, between zeros, and A-weighted, reflected at both ends.
final class StereoSignal<Scalar: SignalScalar>: Sendable {
  private let tables: StereoLossTables<Scalar>
  private let plain: [SignalBuffer<Scalar>]
  private let weighted: [SignalBuffer<Scalar>]

  init(_ tables: StereoLossTables<Scalar>) {
    self.tables = tables
    let (count, reach, margin) = (tables.frameCount, tables.reach, tables.margin)
    plain = (0..<2).map { _ in SignalBuffer(count: count + 2 * reach) }
    weighted = (0..<2).map { _ in SignalBuffer(count: count + 2 * margin) }
  }

  /// The samples of a channel.
  func samples(_ channel: Int) -> UnsafeMutablePointer<Scalar> { plain[channel].pointer + tables.reach }

  /// The A-weighted samples of a channel, `margin` of them beyond each end.
  func weightedSamples(_ channel: Int) -> UnsafePointer<Scalar> {
    UnsafePointer(weighted[channel].pointer + tables.margin)
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func load(left: UnsafePointer<Scalar>, right: UnsafePointer<Scalar>) {
    let (count, margin) = (tables.frameCount, tables.margin)
    for channel in 0..<2 {
      samples(channel).update(from: channel == 0 ? left : right, count: count)
      let target = weighted[channel].pointer + margin
      Scalar.stereoLossKernels.filter(
        UnsafePointer(plain[channel].pointer), count, UnsafePointer(tables.taps.pointer), tables.taps.count, target)
      for distance in 1...margin {
        target[-distance] = target[distance]
        target[count - 1 + distance] = target[count - 1 - distance]
      }
    }
  }
}

/// The recording that predictions are measured against.
public final class StereoLossTarget<Scalar: SignalScalar>: Sendable {
  let signal: StereoSignal<Scalar>

  /// - Precondition: both channels have the tables' number of samples.
  public init(_ tables: StereoLossTables<Scalar>, left: [Scalar], right: [Scalar]) {
    precondition(
      left.count == tables.frameCount && right.count == tables.frameCount,
      "\(left.count) and \(right.count) samples for tables of \(tables.frameCount)")
    signal = StereoSignal(tables)
    signal.load(left: left, right: right)
  }
}
