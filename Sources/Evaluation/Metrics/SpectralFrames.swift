import Foundation
import NumericCore

/// How a signal is cut into the frames of a spectrogram: a periodic Hann window, hop size / 4, centred frames and
/// reflected ends.
struct SpectralFrames: Sendable {
  let size: Int
  let window: [Double]
  let transform: RealFFT<Double>

  /// Powers are held at or above this.
  static let powerFloor = 1e-8

  var hop: Int { size / 4 }

  /// The fewest samples that can be reflected at both ends.
  var minimumSamples: Int { size / 2 + 1 }

  init(size: Int) {
    self.size = size
    window = (0..<size).map { 0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(size)) }
    transform = RealFFT(count: size)
  }

  /// Where the frames of a signal begin; negative before it.
  func starts(sampleCount count: Int) -> StrideThrough<Int> {
    stride(from: -size / 2, through: count - size / 2, by: hop)
  }

  /// The windowed frame of `count` samples that begins at `start`.
  func load(_ row: UnsafePointer<Double>, _ count: Int, _ start: Int, into frame: UnsafeMutablePointer<Double>) {
    if start >= 0, start + size <= count { return cut(row + start, into: frame) }
    for index in 0..<size { frame[index] = window[index] * row[reflected(start + index, count)] }
  }

  /// The windowed frame of samples that are all there.
  func cut(_ samples: UnsafePointer<Double>, into frame: UnsafeMutablePointer<Double>) {
    window.withUnsafeBufferPointer { window in
      for index in 0..<size { frame[index] = window[index] * samples[index] }
    }
  }

  /// The position that a position beyond the ends mirrors, the end sample itself not repeated.
  @inline(__always)
  func reflected(_ position: Int, _ count: Int) -> Int {
    let position = abs(position)
    return position < count ? position : 2 * (count - 1) - position
  }
}
