import FXParams
import Foundation
import NumericCore
import PresetStore
import PriorKit

/// Pairs of presets and features from a known conditional, with the log density of each under it.
struct SimulatedPairs {
  var presets: PresetCollection
  var logDensities: [Double]

  static let chain = ChainDescription(
    series: [.biquad(.init(name: "bell", response: .peak, frequencyHz: .init(33, 5400), q: .init(0.2, 20)))],
    sends: [], hasCrossSends: false, hasDirectPan: false)

  /// theta = B x + e with x normal in `features` dimensions, of which four matter.
  static func linear(_ count: Int, features: Int = 12, seed: UInt64 = 1) -> SimulatedPairs {
    make(count, features: features, seed: seed) { x in
      [[1.2 * x[0] - 0.7 * x[1], 0.5 * x[2] + 1, 0.8 * x[3] - 0.4 * x[0]]]
    }
  }

  /// Two regimes, told apart by the first feature, with opposite slopes.
  static func twoRegimes(_ count: Int, seed: UInt64 = 1) -> SimulatedPairs {
    var source = RandomSource(seed: seed)
    let centre = { (_: Int) in source.nextUniform() < 0.5 ? 4.0 : -4.0 }
    return make(count, features: 3, seed: seed, centre: centre) { x in
      [x[0] > 0 ? [2 * x[1] + 3, x[2], -x[1]] : [-2 * x[1] - 3, -x[2], x[1]]]
    }
  }

  private static func make(
    _ count: Int, features: Int, seed: UInt64, centre: (Int) -> Double = { _ in 0 },
    _ mean: ([Double]) -> [[Double]]
  ) -> SimulatedPairs {
    var source = RandomSource(seed: seed, stream: 1)
    let deviations = [0.5, 0.8, 0.3]
    var (rows, inputs, logDensities) = ([[Double]](), [[Double]](), [Double]())
    for row in 0..<count {
      var x = (0..<features).map { _ in source.nextNormal() }
      x[0] += centre(row)
      let noise = (0..<3).map { _ in source.nextNormal() }
      rows.append((0..<3).map { mean(x)[0][$0] + deviations[$0] * noise[$0] })
      inputs.append(x)
      var logDensity = 0.0
      for (value, deviation) in zip(noise, deviations) {
        logDensity -= 0.5 * (value * value + log(2 * Double.pi)) + log(deviation)
      }
      logDensities.append(logDensity)
    }
    return SimulatedPairs(
      presets: PresetCollection(
        chain: chain, theta: Matrix(rows: rows), features: Matrix(rows: inputs),
        featureNames: (0..<features).map { "feature \($0)" }), logDensities: logDensities)
  }

  /// The features given to other presets than their own.
  func shuffled(seed: UInt64 = 9) -> SimulatedPairs {
    var source = RandomSource(seed: seed)
    var result = self
    result.presets.features = presets.features?.selecting(rows: (0..<presets.count).shuffled(using: &source))
    return result
  }

  var data: ConditionalData { get throws { try ConditionalData(presets: presets, path: "pairs.h5") } }

  /// The mean of the true log densities, and of those of a fit to other pairs.
  func means(under fitter: ConditionalFitter, trainedOn training: SimulatedPairs) throws -> (
    found: Double, truth: Double
  ) {
    let prior = try fitter.fit(training.presets, path: "pairs.h5")
    let features = presets.features ?? Matrix(rows: presets.count, columns: 0)
    let scores = try prior.logDensities(parameters: presets.theta, features: features)
    let mean = { (values: [Double]) in values.reduce(0, +) / Double(values.count) }
    return (mean(scores), mean(logDensities))
  }
}
