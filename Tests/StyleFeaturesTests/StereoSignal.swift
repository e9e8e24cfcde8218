import Foundation
import NumericCore
import StyleFeatures
import Testing

/// A stereo signal in Double, made from its mid and side channels.
struct StereoSignal {
  var left: [Double]
  var right: [Double]

  init(left: [Double], right: [Double]) {
    self.left = left
    self.right = right
  }

  init(mid: [Double], side: [Double]) {
    let scale = 0.5.squareRoot()
    left = zip(mid, side).map { scale * ($0 + $1) }
    right = zip(mid, side).map { scale * ($0 - $1) }
  }

  var mid: [Double] { zip(left, right).map { 0.5.squareRoot() * ($0 + $1) } }
  var side: [Double] { zip(left, right).map { 0.5.squareRoot() * ($0 - $1) } }

  var roundedToFloat: StereoSignal {
    StereoSignal(left: left.map { Double(Float($0)) }, right: right.map { Double(Float($0)) })
  }

  func scaled(by gain: Double) -> StereoSignal {
    StereoSignal(left: left.map { gain * $0 }, right: right.map { gain * $0 })
  }
}

/// White noise of the given amplitude.
func noise(_ count: Int, amplitude: Double = 0.3, seed: UInt64) -> [Double] {
  var source = RandomSource(seed: seed)
  return (0..<count).map { _ in Double.random(in: -amplitude...amplitude, using: &source) }
}

/// A sine of the given frequency, in cycles a sample.
func sine(_ count: Int, frequency: Double, amplitude: Double = 0.5) -> [Double] {
  (0..<count).map { amplitude * sin(2 * Double.pi * frequency * Double($0) + 0.3) }
}

extension StyleEncoder where Scalar: SignalScalar {
  /// The encoders under test have no trained weights and do not throw.
  func encode(_ signal: StereoSignal) -> StyleEmbedding {
    do {
      return try encode(left: signal.left.map { Scalar($0) }, right: signal.right.map { Scalar($0) })
    } catch {
      Issue.record(error)
      return StyleEmbedding(mid: [], side: [])
    }
  }

  func pullback(_ cotangent: StyleEmbedding) -> StereoSignal {
    var left = [Scalar](repeating: .nan, count: frameCount)
    var right = left
    do { try pullback(cotangent, left: &left, right: &right) } catch { Issue.record(error) }
    return StereoSignal(left: left.map { Double($0) }, right: right.map { Double($0) })
  }
}

extension StyleEmbedding {
  /// A cotangent without structure.
  static func random(count: Int, seed: UInt64) -> StyleEmbedding {
    StyleEmbedding(mid: noise(count, amplitude: 1, seed: seed), side: noise(count, amplitude: 1, seed: seed + 1))
  }

  func dot(_ other: StyleEmbedding) -> Double {
    zip(mid + side, other.mid + other.side).reduce(0) { $0 + $1.0 * $1.1 }
  }

  func largestDifference(from other: StyleEmbedding) -> Double {
    zip(mid + side, other.mid + other.side).map { ($0 - $1).magnitude }.max() ?? .infinity
  }

  var isFinite: Bool { (mid + side).allSatisfy(\.isFinite) }
}
