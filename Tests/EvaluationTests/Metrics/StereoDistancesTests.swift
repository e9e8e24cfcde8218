import Evaluation
import NumericCore
import TestSupport
import Testing

@Suite("All distances of two recordings at once")
struct StereoDistancesTests {
  /// Noise that is partly common to both channels.
  private func noise(_ count: Int, seed: UInt64, side: Double = 0.3) -> Matrix {
    var source = RandomSource(seed: seed)
    let (mid, difference) = (
      (0..<count).map { _ in 0.1 * source.nextNormal() }, (0..<count).map { _ in side * 0.1 * source.nextNormal() }
    )
    return Matrix(
      rows: 2, columns: count,
      values: zip(mid, difference).map { $0 + $1 } + zip(mid, difference).map { $0 - $1 })
  }

  // Around the ends of a block of 8192 samples; the long averages of both scales are 20947 and 41895 samples ahead, so
  // the shortest signals lay one channel beside the other.
  @Test(
    "The values are those of the metrics one by one, whatever the length",
    arguments: [1025, 4097, 8191, 8192, 8193, 16_384, 20_011, 20_947, 41_895, 50_000, 140_003])
  func agreesWithTheMetrics(count: Int) throws {
    let (prediction, target) = (noise(count, seed: 1), noise(count, seed: 2))
    let found = try StereoDistances().values(prediction: prediction, target: target)
    func expect(_ value: Double, _ metric: some SignalMetric) throws {
      let expected = try metric.value(prediction: prediction, target: target)
      // The same sums in another order.
      #expect(abs(value / expected - 1) < 1e-11, "\(value) against \(expected)")
    }
    try expect(found.spectralLeftRight, MultiScaleSpectralDistance(view: .leftRight))
    try expect(found.spectralMidSide, MultiScaleSpectralDistance(view: .midSide))
    try expect(found.dynamicRangeLeftRight, LoudnessDynamicRangeDistance(view: .leftRight))
    try expect(found.dynamicRangeMidSide, LoudnessDynamicRangeDistance(view: .midSide))
    // The side is 10 dB below the mid, above the floor.
    #expect(found.flooredSpectralMidSide == found.spectralMidSide)
  }

  @Test("A recording is at no distance from itself")
  func identity() throws {
    let signal = noise(5000, seed: 3)
    #expect(try StereoDistances().values(prediction: signal, target: signal) == StereoDistances.Values())
  }

  @Test("A side that is next to nothing rules the published distance, and not the floored one")
  func nearlyMono() throws {
    let (prediction, target) = (noise(20_000, seed: 1), noise(20_000, seed: 2, side: 1e-5))
    let found = try StereoDistances().values(prediction: prediction, target: target)
    #expect(found.spectralMidSide > 1000)
    // At a side of 10 dB below the mid against a floor of 30 dB below: convergence of 10 at most, besides logarithms.
    #expect(found.flooredSpectralMidSide < 15)
    #expect(found.spectralLeftRight < 3)
  }

  @Test("Signals that differ by rounding are at a distance of that size")
  func nearlyEqual() throws {
    let signal = noise(50_000, seed: 3)
    var moved = signal
    for index in moved.values.indices { moved.values[index] *= 1 + 1e-9 * Double(index % 2) }
    let found = try StereoDistances().values(prediction: moved, target: signal)
    let expected = try MultiScaleSpectralDistance(view: .leftRight).value(prediction: moved, target: signal)
    #expect(expected > 1e-11 && expected < 1e-8)
    #expect(abs(found.spectralLeftRight / expected - 1) < 1e-3, "\(found.spectralLeftRight) against \(expected)")
  }

  @Test("Signals that cannot be compared are refused")
  func refusals() throws {
    let distances = try StereoDistances()
    #expect(throws: MetricError.self) {
      try distances.values(prediction: noise(2000, seed: 1), target: noise(2001, seed: 1))
    }
    #expect(throws: MetricError.self) {
      try distances.values(prediction: noise(1024, seed: 1), target: noise(1024, seed: 1))
    }
    let mono = Matrix(rows: 1, columns: 2000)
    #expect(throws: MetricError.self) { try distances.values(prediction: mono, target: mono) }
    var broken = noise(2000, seed: 1)
    broken.values[3] = .nan
    #expect(throws: MetricError.self) { try distances.values(prediction: broken, target: noise(2000, seed: 1)) }
  }
}
