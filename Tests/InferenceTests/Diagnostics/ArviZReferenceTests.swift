import Foundation
import Inference
import TestSupport
import Testing

/// Diagnostics against ArviZ, whose versions are in the file (Reference/diagnostics.py made it).
@Suite struct ArviZReferenceTests {
  private struct Content: Decodable {
    struct Values: Decodable {
      let rHat: Double?
      let bulkESS: Double
      let tailESS: Double
      let meanESS: Double
      let meanError: Double
      let deviationError: Double
      let quantileESS: [Double]
      let quantileError: [Double]
      let autocorrelation: [Double]
      let energyFraction: [Double]
      let shape: Double?
      let logWeights: [Double]
      let sensitivity: Double?
    }
    let draws: [String: [[Double]]]
    let arviz: [String: [String: Values]]
  }

  private let content: Content

  init() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Reference/diagnostics.json")
    content = try JSONDecoder().decode(Content.self, from: Data(contentsOf: file))
  }

  /// Runs `body` for each case and each version of ArviZ.
  private func forEach(_ body: (String, ScalarDraws, Content.Values, String) throws -> Void) rethrows {
    #expect(content.arviz.count == 2 && content.draws.count == 9)
    for (version, cases) in content.arviz {
      for (name, values) in cases {
        try body(version, ScalarDraws(chains: content.draws[name] ?? []), values, name)
      }
    }
  }

  private func expect(
    _ found: Double?, _ expected: Double, _ what: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let error = found.map { ($0 - expected).magnitude / max(1, expected.magnitude) } ?? .infinity
    #expect(error < 1e-6, "\(what): \(found ?? .nan) for \(expected)", sourceLocation: sourceLocation)
  }

  @Test func rHatIsArviZs() {
    forEach { version, draws, values, name in
      // ArviZ has none for one chain; ours compares its halves.
      guard let expected = values.rHat else { return #expect(name == "one chain" && (draws.rHat ?? 0) > 1) }
      expect(draws.rHat, expected, "\(name) by \(version)")
    }
  }

  @Test func effectiveSampleSizesAreArviZs() {
    forEach { version, draws, values, name in
      expect(draws.bulkESS, values.bulkESS, "bulk of \(name) by \(version)")
      expect(draws.tailESS, values.tailESS, "tail of \(name) by \(version)")
      expect(draws.meanESS, values.meanESS, "mean of \(name) by \(version)")
      for (probability, expected) in zip([0.1, 0.5], values.quantileESS) {
        expect(draws.ess(quantile: probability), expected, "\(probability) of \(name) by \(version)")
      }
    }
  }

  @Test func monteCarloErrorsAreArviZs() {
    forEach { version, draws, values, name in
      expect(draws.meanError, values.meanError, "mean of \(name) by \(version)")
      expect(draws.deviationError, values.deviationError, "deviation of \(name) by \(version)")
      for (probability, expected) in zip([0.05, 0.5, 0.95], values.quantileError) {
        expect(draws.quantileError(probability), expected, "\(probability) of \(name) by \(version)")
      }
    }
  }

  @Test func autocorrelationsAndEnergyFractionsAreArviZs() {
    forEach { version, draws, values, name in
      let covariances = Autocovariance(count: draws.drawCount)(draws.chains[0])
      let found = covariances.prefix(20).map { $0 / covariances[0] }
      #expect(largestDifference(found, values.autocorrelation) < 1e-9, "\(name) by \(version)")
      for (chain, expected) in zip(draws.chains, values.energyFraction) {
        expect(EnergyFraction.of(chain), expected, "\(name) by \(version)")
      }
    }
  }

  @Test func smoothedWeightsAreArviZs() throws {
    try forEach { version, draws, values, name in
      let smoothing = try ParetoSmoothing(logRatios: draws.pooled)
      // The majors round the size of the tail differently where 3 sqrt(count) is no integer, and 1.x fits no tail
      // whose first quartile is tied with its least; we follow 0.23 and the paper there.
      if version.hasPrefix("1."), ["odd count", "rounded"].contains(name) { return }
      expect(smoothing.shape, try #require(values.shape), "\(name) by \(version)")
      let found = Array(smoothing.logWeights.prefix(values.logWeights.count))
      // Equal ratios of the tail are smoothed to different weights, in any order.
      let pairs = name == "rounded" ? [] : zip(found, values.logWeights).map { ($0, $1) }
      for (weight, expected) in pairs { expect(weight, expected, "a weight of \(name) by \(version)") }
    }
  }

  @Test func sensitivitiesAreArviZsButForTheSizeOfTails() throws {
    try forEach { version, draws, values, name in
      guard let expected = values.sensitivity else { return }
      let component = ScalarDraws(chains: draws.chains.map { $0.map { -$0 * $0 / 2 } })
      let found = try PowerScaling(component: component).sensitivity(of: draws)
      // One more ratio in the tail that is smoothed moves the weights a little.
      #expect((found - expected).magnitude < 0.01 * expected.magnitude, "\(name): \(found) for \(expected)")
    }
  }
}
