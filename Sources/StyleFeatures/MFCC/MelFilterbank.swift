import Foundation
package import NumericCore

/// Triangular filters on the HTK mel scale, mel = 2595 log10(1 + f/700), from 0 to half the sample rate, peak 1, no
/// normalisation by area.
///
/// The corners p_0 ... p_{B+1} are equidistant in mel and filter b rises from p_b to p_{b+1} and falls to p_{b+2}.
/// A bin between p_j and p_{j+1} therefore lies on the falling side of filter j-1 and on the rising side of filter
/// j, and on nothing else: the bank is stored as one rising and one falling weight a bin, and costs two products a
/// bin. A filter narrower than a bin may be empty (at high sample rates); its power is 0.
package final class MelFilterbank<Scalar: SignalScalar> {
  let bandCount: Int
  let binCount: Int
  /// Interval j covers bins starts[j] ..< starts[j+1], j = 0 ... bandCount.
  private let starts: [Int]
  private let rising: SignalBuffer<Scalar>
  private let falling: SignalBuffer<Scalar>
  /// One number a filter with a spare at each end, so that the outermost intervals need no case of their own.
  private let padded: SignalBuffer<Scalar>

  package init(bandCount: Int, binCount: Int, sampleRate: Double) {
    self.bandCount = bandCount
    self.binCount = binCount
    let nyquist = sampleRate / 2
    let top = 2595 * log10(1 + nyquist / 700)
    let corners = (0...bandCount + 1).map { 700 * (pow(10, top * Double($0) / Double(bandCount + 1) / 2595) - 1) }
    rising = SignalBuffer(count: binCount)
    falling = SignalBuffer(count: binCount)
    padded = SignalBuffer(count: bandCount + 2)
    var starts = [0]
    var interval = 0
    for bin in 0..<binCount {
      let frequency = nyquist * Double(bin) / Double(binCount - 1)
      while interval < bandCount && frequency >= corners[interval + 1] {
        interval += 1
        starts.append(bin)
      }
      let width = corners[interval + 1] - corners[interval]
      rising[bin] = Scalar(max(0, (frequency - corners[interval]) / width))
      falling[bin] = Scalar(max(0, (corners[interval + 1] - frequency) / width))
    }
    while starts.count < bandCount + 2 { starts.append(binCount) }
    self.starts = starts
  }

  /// Sums `binCount` powers into `bandCount` band powers.
  ///
  /// Compiled for both precisions, since other modules call it too.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  package func forward(_ power: UnsafePointer<Scalar>, into bands: UnsafeMutablePointer<Scalar>) {
    let (rising, falling, padded) = (rising.pointer, falling.pointer, padded.pointer)
    starts.withUnsafeBufferPointer { starts in
      padded[0] = 0
      for interval in 0...bandCount {
        var rise: Scalar = 0
        var fall: Scalar = 0
        for bin in starts[interval]..<starts[interval + 1] {
          rise += rising[bin] * power[bin]
          fall += falling[bin] * power[bin]
        }
        padded[interval] += fall
        padded[interval + 1] = rise
      }
    }
    bands.update(from: padded + 1, count: bandCount)
  }

  /// Spreads `bandCount` cotangents of band powers over the `binCount` powers.
  package func pullback(_ bands: UnsafePointer<Scalar>, into power: UnsafeMutablePointer<Scalar>) {
    let (rising, falling, padded) = (rising.pointer, falling.pointer, padded.pointer)
    padded[0] = 0
    (padded + 1).update(from: bands, count: bandCount)
    padded[bandCount + 1] = 0
    starts.withUnsafeBufferPointer { starts in
      for interval in 0...bandCount {
        let fall = padded[interval]
        let rise = padded[interval + 1]
        for bin in starts[interval]..<starts[interval + 1] { power[bin] = rise * rising[bin] + fall * falling[bin] }
      }
    }
  }
}
