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

  private let bands: ThirdOctaveBands

  init(frameCount: Int, sampleRate: Double) {
    bands = ThirdOctaveBands(frameCount: frameCount, sampleRate: sampleRate)
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
    let (powers, others) = (bands.powers(first), bands.powers(second))
    let floor = 1e-6 * (others.max() ?? 0)
    return zip(powers, others).filter { $1 > floor && $0 > 0 }.map { abs(10 * log10($0 / $1)) }.max() ?? 0
  }
}
