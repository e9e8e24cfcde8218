import Evaluation
import Foundation
import NumericCore
import TestSupport
import Testing

/// What holds of every metric, on short noise.
@Suite struct MetricLawTests {
  static let names = ["mss leftRight", "mss midSide", "mldr leftRight", "mldr midSide"]

  /// Small windows and fast averages, so that a few hundred samples exercise every path.
  private func metric(_ name: String) throws -> any SignalMetric {
    let view: StereoView = name.hasSuffix("midSide") ? .midSide : .leftRight
    return name.hasPrefix("mss")
      ? try MultiScaleSpectralDistance(view: view, sizes: [16, 64])
      : LoudnessDynamicRangeDistance(
        view: view,
        scales: [
          .init(shortCoefficient: 0.2, longCoefficient: 0.03, shift: 41),
          .init(shortCoefficient: 0.1, longCoefficient: 0.01, shift: 90),
        ])
  }

  private func noise(_ samples: Int, seed: UInt64) -> Matrix {
    var source = RandomSource(seed: seed)
    var values = [Double](repeating: 0, count: 2 * samples)
    source.fillNormal(&values)
    return Matrix(rows: 2, columns: samples, values: values.map { 0.3 * $0 })
  }

  @Test(arguments: names) func gradientIsTheCentralDifference(name: String) throws {
    let metric = try metric(name)
    let prediction = noise(301, seed: 1)
    let target = noise(301, seed: 2)
    let gradient = try metric.valueAndGradient(prediction: prediction, target: target).gradient.values
    let scale = gradient.map(\.magnitude).max() ?? 0
    #expect(scale > 0)
    // Both ends, where frames are reflected and averages start, and places between.
    for coordinate in [0, 1, 2, 7, 31, 150, 260, 299, 300, 301, 302, 450, 590, 600, 601] {
      let difference = try centralDifference(
        of: { values in
          try metric.value(prediction: Matrix(rows: 2, columns: 301, values: values), target: target)
        }, at: prediction.values, coordinate: coordinate, step: 1e-6)
      #expect(
        abs(gradient[coordinate] - difference) < 1e-6 * scale,
        "\(gradient[coordinate]) against \(difference) at \(coordinate)")
    }
  }

  @Test(arguments: names) func aSignalIsAtNoDistanceFromItself(name: String) throws {
    for signal in [noise(300, seed: 3), Matrix(rows: 2, columns: 300)] {
      let (value, gradient) = try metric(name).valueAndGradient(prediction: signal, target: signal)
      #expect(value == 0)
      #expect(gradient.values.allSatisfy { $0 == 0 })
    }
  }

  @Test(arguments: names) func silenceHasFiniteDistances(name: String) throws {
    let silence = Matrix(rows: 2, columns: 300)
    for (prediction, target) in [(silence, noise(300, seed: 4)), (noise(300, seed: 4), silence)] {
      let (value, gradient) = try metric(name).valueAndGradient(prediction: prediction, target: target)
      #expect(value > 0 && value.isFinite)
      #expect(gradient.values.allSatisfy { $0.isFinite })
    }
  }

  @Test(arguments: names) func badSignalsAreRefused(name: String) throws {
    let metric = try metric(name)
    let signal = noise(300, seed: 5)
    #expect(throws: MetricError.shapesDiffer(prediction: [2, 300], target: [2, 299])) {
      try metric.value(prediction: signal, target: noise(299, seed: 5))
    }
    var broken = signal
    broken[1, 17] = .infinity
    #expect(throws: MetricError.notFinite(signal: "target", channel: 1, sample: 17, value: .infinity)) {
      try metric.value(prediction: signal, target: broken)
    }
    let minimum = name.hasPrefix("mss") ? 33 : 1
    #expect(throws: MetricError.tooShort(samples: minimum - 1, minimum: minimum)) {
      try metric.value(prediction: noise(minimum - 1, seed: 6), target: noise(minimum - 1, seed: 7))
    }
    #expect(throws: Never.self) {
      try metric.value(prediction: noise(minimum, seed: 6), target: noise(minimum, seed: 7))
    }
    if name.hasSuffix("midSide") {
      let mono = signal.selecting(rows: [0])
      #expect(throws: MetricError.notStereo(channels: 1)) { try metric.value(prediction: mono, target: mono) }
    }
  }
}

@Suite struct AWeightingTests {
  /// A sine keeps its level at 1 kHz and loses what IEC 61672-1 says elsewhere, within what 101 taps and a bilinear
  /// transform can do.
  @Test(arguments: [(1000.0, 0.0), (2000, 1.2), (4000, 1.0), (6310, -0.1), (500, -3.2)])
  func levels(frequencyHz: Double, decibels: Double) throws {
    let weighting = try AWeighting(sampleRate: 44100)
    let count = 4410
    let sine = (0..<count).map { sin(2 * Double.pi * frequencyHz * Double($0) / 44100) }
    let filtered = weighting.apply(Matrix(rows: 1, columns: count, values: sine)).values
    let inner = 441..<count - 441
    let energy = inner.reduce(0) { $0 + filtered[$1] * filtered[$1] } / Double(inner.count)
    #expect(abs(10 * log10(2 * energy) - decibels) < 0.7)
  }

  /// <A x, y> = <x, A y>, over more than one block.
  @Test func filterIsItsOwnAdjoint() throws {
    let weighting = try AWeighting(sampleRate: 44100)
    var source = RandomSource(seed: 9)
    var values = [Double](repeating: 0, count: 10_002)
    source.fillNormal(&values)
    let first = Matrix(rows: 1, columns: 5001, values: Array(values[..<5001]))
    let second = Matrix(rows: 1, columns: 5001, values: Array(values[5001...]))
    func product(_ a: Matrix, _ b: Matrix) -> Double { zip(a.values, b.values).reduce(0) { $0 + $1.0 * $1.1 } }
    #expect(abs(product(weighting.apply(first), second) - product(first, weighting.apply(second))) < 1e-10)
  }

  @Test func impulseResponseIsSymmetric() throws {
    let taps = try AWeighting(sampleRate: 48000).taps
    #expect(taps.count == 101 && taps == taps.reversed())
    var impulse = Matrix(rows: 1, columns: 101)
    impulse[0, 50] = 1
    #expect(largestDifference(try AWeighting(sampleRate: 48000).apply(impulse).values, taps) == 0)
  }
}
