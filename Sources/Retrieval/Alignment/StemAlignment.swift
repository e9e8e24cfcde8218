import Foundation
import NumericCore

/// Where a dry recording lies in a processed one, by the greatest absolute value of their cross-correlation.
public struct StemAlignment: Sendable, Hashable {
  /// Samples by which the processed recording is later than the dry one; negative if earlier.
  public let lag: Int
  /// The cross-correlation there, over the root of both energies in what the recordings have in common: -1 ... 1.
  /// Below 0 the polarity is reversed.
  public let correlation: Double
  /// The greatest absolute value further than 20 ms away, over the same energies.
  public let rival: Double

  /// - Parameters:
  ///   - dry: mono samples.
  ///   - wet: mono samples at the same rate.
  ///   - sampleRate: in Hz.
  /// - Precondition: neither is empty.
  public init(dry: [Float], wet: [Float], sampleRate: Double) {
    precondition(!dry.isEmpty && !wet.isEmpty, "Nothing to align")
    let cross = CrossSpectrum(atLeast: dry.count + wet.count - 1)
    let (fft, signal) = (cross.fft, cross.signal)
    let (other, spectrum) = (cross.makeSpectrum(), cross.makeSpectrum())
    cross.transform(dry, into: other)
    cross.transform(wet, into: spectrum)
    cross.multiply(other, spectrum, into: spectrum, adding: false)
    fft.inverseDestroying(spectrum.pointer, into: signal.pointer)
    func greatest(outside excluded: Range<Int>?) -> Int {
      var best = (lag: 0, size: -Float.infinity)
      for lag in -(dry.count - 1)..<wet.count where excluded.map({ !$0.contains(lag) }) ?? true {
        let size = abs(signal.pointer[lag < 0 ? lag + fft.count : lag])
        if size > best.size { best = (lag, size) }
      }
      return best.lag
    }
    let near = Int(0.02 * sampleRate)
    let best = greatest(outside: nil)
    lag = best
    let (inDry, inWet) = Self.overlap(lag: best, dryCount: dry.count, wetCount: wet.count)
    func energy(_ samples: ArraySlice<Float>) -> Double { samples.reduce(0) { $0 + Double($1) * Double($1) } }
    let norm = (energy(dry[inDry]) * energy(wet[inWet])).squareRoot() * Double(fft.count)
    func correlation(at lag: Int) -> Double {
      norm > 0 ? Double(signal.pointer[lag < 0 ? lag + fft.count : lag]) / norm : 0
    }
    self.correlation = correlation(at: best)
    rival = abs(correlation(at: greatest(outside: best - near..<best + near + 1)))
  }

  /// Whether the processed recording is the dry one with its polarity reversed.
  public var isReversed: Bool { correlation < 0 }

  /// Samples of both recordings that belong together.
  public func overlap(dryCount: Int, wetCount: Int) -> (dry: Range<Int>, wet: Range<Int>) {
    Self.overlap(lag: lag, dryCount: dryCount, wetCount: wetCount)
  }

  private static func overlap(lag: Int, dryCount: Int, wetCount: Int) -> (dry: Range<Int>, wet: Range<Int>) {
    let start = max(0, -lag)
    let end = max(start, min(dryCount, wetCount - lag))
    return (start..<end, start + lag..<end + lag)
  }
}
