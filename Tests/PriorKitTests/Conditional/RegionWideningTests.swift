import FXParams
import Foundation
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

/// Regions that are too narrow for the presets of a test are widened until they hold.
@Suite struct RegionWideningTests {
  /// Pairs whose truths lie `factor` times as far from the conditional mean as those of the model.
  private func pairs(_ prior: ConditionalPrior, _ factor: Double, seed: UInt64) throws -> (Matrix, Matrix) {
    let held = SimulatedPairs.linear(600, seed: seed).presets
    let features = try #require(held.features)
    var theta = held.theta
    for row in 0..<theta.rows {
      let mean = try prior.prior(given: features.row(row)).mean
      for column in 0..<3 { theta[row, column] = mean[column] + factor * (theta[row, column] - mean[column]) }
    }
    return (theta, features)
  }

  @Test(arguments: [("linear-gaussian", 1.8), ("joint-copula", 1.8), ("kernel-ridge-student-t", 0.6)])
  func regionsHoldOnOtherPairs(_ name: String, _ factor: Double) throws {
    var prior = try ConditionalFitTests.fitter(name, candidates: [4])
      .fit(SimulatedPairs.linear(1500).presets, path: "pairs.h5")
    let (theta, features) = try pairs(prior, factor, seed: 5)
    let found = try [1, 2].map {
      try RegionWidening(of: prior, parameters: theta, features: features, draws: 99, seed: 1, threads: $0).spread
    }
    #expect(found[0] == found[1] && abs(found[0] / factor - 1) < 0.15, "\(found)")
    let (other, given) = try pairs(prior, factor, seed: 6)
    prior.spread = found[0]
    let calibration = try Calibration(of: prior, parameters: other, features: given, draws: 99, seed: 2, threads: 2)
    #expect(CalibrationVerdict(calibration).isCalibrated, "\(CalibrationVerdict(calibration).sentence)")
    // The mean stays, the densities and the draws of the joint are those of the wider prior.
    #expect(
      try largestDifference(
        prior.logDensities(parameters: other, features: given).prefix(5).map { $0 },
        Array(calibration.logDensities.prefix(5))) < 1e-9)
    let own = try Calibration(ofOwnSimulations: 300, of: prior, draws: 99, seed: 1, threads: 2)
    #expect(own.passingShare(at: 0.001) == 1)
  }

  /// What was widened before is widened further, not anew.
  @Test func factorsMultiply() throws {
    var prior = try ConditionalFitTests.fitter("linear-gaussian")
      .fit(SimulatedPairs.linear(500).presets, path: "pairs.h5")
    let (theta, features) = try pairs(prior, 2, seed: 5)
    func spread(of prior: ConditionalPrior) throws -> Double {
      try RegionWidening(of: prior, parameters: theta, features: features, draws: 99, seed: 1, threads: 1).spread
    }
    let once = try spread(of: prior)
    prior.spread = 1.5
    #expect(try abs(spread(of: prior) / once - 1) < 1e-3)
  }

  @Test func spreadsAreStored() throws {
    let folder = try Scratch()
    var prior = try ConditionalFitTests.fitter("linear-gaussian")
      .fit(SimulatedPairs.linear(200).presets, path: "pairs.h5")
    prior.spread = 1.25
    let path = folder.file("wide.h5")
    try ConditionalPriorFile.write(prior, to: path, provenance: Provenance(arguments: ["test"]), overwrite: false)
    let back = try ConditionalPriorFile.read(path)
    let features = try #require(SimulatedPairs.linear(2).presets.features)
    #expect(back.spread == 1.25)
    #expect(
      try back.prior(given: features.row(0)).logDensity(at: [0, 0, 0])
        == prior.prior(given: features.row(0)).logDensity(at: [0, 0, 0]))
  }
}
