import Foundation
import NumericCore

/// How far one stereo output is from another.
public struct OutputDeviation: Sendable, Hashable {
  /// |y' - y| / |y| over both channels.
  public var relativeError: Double
  /// The largest difference of levels in third-octave bands of either channel, in dB; bands 60 dB below the loudest
  /// are left out.
  public var largestBandDB: Double
}

/// Compares outputs of one length with a reference.
final class OutputComparison {
  typealias Stereo = (left: [Double], right: [Double])

  private let fft: RealFFT<Double>
  private let bands: [Range<Int>]
  private let time: SignalBuffer<Double>
  private let spectrum: SignalBuffer<Double>

  init(frameCount: Int, sampleRate: Double) {
    let fft = RealFFT<Double>(count: FastLengths.length(atLeast: max(2, frameCount)))
    self.fft = fft
    time = SignalBuffer(count: fft.count)
    spectrum = SignalBuffer(count: 2 * fft.binCount)
    // Edges at 1000 Hz 2^((k - 1/2) / 3), from 22 Hz to half the sample rate.
    let edgesHz: [Double] = (-16...13).map { 1000 * pow(2, (Double($0) - 0.5) / 3) }
    let edges = edgesHz.filter { $0 < sampleRate / 2 }.map { edge in
      Int((edge * Double(fft.count) / sampleRate).rounded(.up))
    }
    bands = zip(edges, edges.dropFirst()).filter { $0 < $1 }.map { $0..<$1 }
  }

  /// - Parameter mirrored: whether left and right of `other` are exchanged first.
  func deviation(of other: Stereo, from reference: Stereo, mirrored: Bool = false) -> OutputDeviation {
    let moved = mirrored ? (left: other.right, right: other.left) : other
    return OutputDeviation(
      relativeError: Self.relativeError(of: moved, from: reference),
      largestBandDB: max(bandDB(moved.left, reference.left), bandDB(moved.right, reference.right)))
  }

  static func relativeError(of other: Stereo, from reference: Stereo) -> Double {
    var (difference, energy) = (0.0, 0.0)
    for (found, expected) in [(other.left, reference.left), (other.right, reference.right)] {
      for index in expected.indices {
        difference += (found[index] - expected[index]) * (found[index] - expected[index])
        energy += expected[index] * expected[index]
      }
    }
    return energy > 0 ? (difference / energy).squareRoot() : (difference > 0 ? .infinity : 0)
  }

  private func bandDB(_ first: [Double], _ second: [Double]) -> Double {
    let (powers, others) = (powers(first), powers(second))
    let floor = 1e-6 * (others.max() ?? 0)
    return zip(powers, others).filter { $1 > floor && $0 > 0 }.map { abs(10 * log10($0 / $1)) }.max() ?? 0
  }

  private func powers(_ signal: [Double]) -> [Double] {
    time.clear()
    for (index, sample) in signal.enumerated() { time.pointer[index] = sample }
    fft.forward(time.pointer, into: spectrum.pointer)
    let bins = spectrum.pointer
    return bands.map { band in
      band.reduce(0) { $0 + bins[2 * $1] * bins[2 * $1] + bins[2 * $1 + 1] * bins[2 * $1 + 1] }
    }
  }
}
