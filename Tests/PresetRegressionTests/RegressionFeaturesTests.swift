import Foundation
import PresetRegression
import TestSupport
import Testing

/// The inputs of the network against NumPy's, and against what silence and swapped channels must give.
struct RegressionFeaturesTests {
  private struct Expected: Decodable {
    let steps: [Int]
    let stepCount: Int
    let features: [[Double]]
  }

  private func features(_ left: [Float], _ right: [Float]) -> [[Float]] {
    let features = RegressionFeatures(frameCount: left.count, sampleRate: 44_100)
    let rows = RegressionFeatures.rowCount
    var result = [Float](repeating: .nan, count: features.stepCount * rows)
    features.compute(left: left, right: right, into: &result)
    return (0..<features.stepCount).map { Array(result[$0 * rows..<($0 + 1) * rows]) }
  }

  /// As Reference/regression_features.py has them.
  private var signals: [[Float]] {
    var state: UInt64 = 1
    func noise() -> Double {
      state = (1_103_515_245 * state + 12_345) % (1 << 31)
      return Double(state) / Double(1 << 30) - 1
    }
    let left = (0..<5000).map { index in
      let n = Double(index)
      return Float(0.5 * sin(0.031 * n + 3e-6 * n * n) + 0.05 * noise())
    }
    let right = (0..<5000).map { index in
      let n = Double(index)
      return Float(0.3 * sin(0.12 * n) * exp(-n / 3000) + 0.01 * noise())
    }
    return [left, right]
  }

  @Test func featuresAreThoseOfNumPy() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Reference/regression_features.json")
    let expected = try JSONDecoder().decode(Expected.self, from: Data(contentsOf: file))
    let signals = signals
    let found = features(signals[0], signals[1])
    #expect(found.count == expected.stepCount && found.count == 20)
    for (step, row) in zip(expected.steps, expected.features) {
      // Logarithms near 10 in Float, of powers that the transform rounds by 1e-6 of themselves at worst.
      #expect(largestDifference(found[step].map { Double($0) }, row) < 3e-5, "step \(step)")
    }
  }

  @Test func silenceIsTheFloor() {
    let silence = [Float](repeating: 0, count: 2000)
    let floor = log(1e-8)
    for row in features(silence, silence) {
      for (index, value) in row.enumerated() {
        let expected = index % 83 == 1 || index % 83 == 2 ? 0 : floor
        #expect(abs(Double(value) - expected) < 1e-5)
      }
    }
  }

  /// Left and right change places; mid stays and side changes its sign only, of which nothing hears.
  @Test func swappedChannelsSwapTheirRows() {
    let signals = signals
    let (found, swapped) = (features(signals[0], signals[1]), features(signals[1], signals[0]))
    for (one, other) in zip(found, swapped) {
      #expect(one[0..<83] == other[83..<166] && one[83..<166] == other[0..<83])
      #expect(one[166...] == other[166...])
    }
  }

  /// The same channel at both ears: mid is louder by 3 dB, side is silence.
  @Test func monoHasNoSide() {
    let left = signals[0]
    for row in features(left, left) {
      #expect(row[0..<83] == row[83..<166])
      #expect(abs(Double(row[166] - row[0]) - log(2.0.squareRoot())) < 1e-5)
      #expect(abs(Double(row[249]) - log(1e-8)) < 1e-5)
    }
  }

  @Test func stepsAreCounted() {
    #expect(RegressionFeatures.rowCount == 332)
    #expect([513, 767, 768, 88_200].map { RegressionFeatures.stepCount(frameCount: $0) } == [3, 3, 4, 345])
    #expect(RegressionFeatures.frameCount(steps: 241) == 61_440)
    for steps in [1, 3, 4, 20, 241] {
      let count = RegressionFeatures.frameCount(steps: steps)
      #expect(RegressionFeatures.stepCount(frameCount: count) >= steps)
    }
  }
}
