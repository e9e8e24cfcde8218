import Foundation
import NumericCore

/// Seeded signals for the chains under test.
enum TestSignals {
  /// Noise whose level swells and falls by 40 dB several times, so that dynamics attack, release, compress and
  /// expand.
  static func swells(_ count: Int, seed: UInt64 = 1, amplitude: Double = 0.5) -> [Double] {
    var source = RandomSource(seed: seed)
    return (0..<count).map { n in
      let levelDB = -20 + 20 * sin(2 * .pi * Double(n) / 900)
      return amplitude * pow(10, levelDB / 20) * Double.random(in: -1...1, using: &source)
    }
  }

  static func noise(_ count: Int, seed: UInt64, amplitude: Double = 1) -> [Double] {
    var source = RandomSource(seed: seed)
    return (0..<count).map { _ in amplitude * Double.random(in: -1...1, using: &source) }
  }

  static func impulse(_ count: Int, at position: Int = 0) -> [Double] {
    (0..<count).map { $0 == position ? 1 : 0 }
  }
}
