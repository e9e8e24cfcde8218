public import NumericCore

/// Buffers that an encoder needs during a call and not between calls: one set a thread, which encoders of several
/// segments take in turns.
///
/// For a song they are as much as the segments' own workspaces. What an encoder finds in them has no meaning: the
/// results are the same with shared ones, own ones and any number of threads.
public final class StyleScratch<Scalar: SignalScalar>: Sendable {
  /// One thread's buffers.
  final class Buffers: Sendable {
    /// Mid and side: signals on the way there, cotangents on the way back.
    let channels: [SignalBuffer<Scalar>]
    /// Numbers of both channels, by frame and band.
    let bands: SignalBuffer<Double>

    init(frameCount: Int) {
      channels = [SignalBuffer(count: frameCount), SignalBuffer(count: frameCount)]
      bands = SignalBuffer(count: 2 * FrameGrid(sampleCount: frameCount).count * StyleScratchLimits.bandCount)
    }
  }

  /// Samples of the longest segment.
  let frameCount: Int
  private let pool: BufferPool<Buffers>

  /// - Parameters:
  ///   - frameCount: samples of the longest segment, at least one analysis frame.
  ///   - threads: encoders that are called at the same time; more are served, at the price of an allocation.
  public init(frameCount: Int, threads: Int) {
    self.frameCount = frameCount
    pool = BufferPool(count: threads) { Buffers(frameCount: frameCount) }
  }

  func take() -> Buffers { pool.take() }

  func give(_ buffers: Buffers) { pool.give(buffers) }
}

/// Limits of the encoders' shared buffers.
enum StyleScratchLimits {
  /// Most bands of a frame.
  static let bandCount = 128
}
