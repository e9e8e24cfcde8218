import Foundation
import NumericCore
import PresetStore
import PriorKit
import Statistics
import TestSupport
import Testing

/// Draws of a prior against the collection that it was fitted to, parameter by parameter, as `describe --against`
/// has it: Kolmogorov-Smirnov tests with Holm's correction.
@Suite struct PlausibleDrawsTests {
  /// Of 130 parameters, how many differ at 1 per cent after correction.
  private func differing(_ estimator: any DensityEstimator, draws: Int) throws -> [String] {
    let presets = try PresetFile.read(DefaultData.file("presets.h5").path)
    let prior = try estimator.fit(presets)
    let sample = prior.samples(0..<draws, seed: 5, threads: 1)
    let tests = try (0..<presets.dimension).map {
      try KolmogorovSmirnov(presets.theta.column($0), sample.column($0))
    }
    return zip(prior.names, HolmCorrection.adjusted(tests.map(\.pValue))).filter { $1 < 0.01 }.map(\.0)
  }

  /// Without radial maps, which keep the marginals only approximately.
  @Test func copulaDrawsAreLikeTheCollection() throws {
    let names = try differing(CopulaEstimator(), draws: 4000)
    #expect(names.isEmpty, "\(names.count) parameters differ: \(names)")
  }

  /// The test can fail: a normal does not have the marginals of the presets.
  @Test func normalDrawsAreNot() throws {
    let names = try differing(GaussianEstimator.unbiased, draws: 4000)
    #expect(names.count >= 3, "\(names)")
  }
}
