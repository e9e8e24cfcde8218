import FXParams
import NumericCore
import PresetStore
import PriorKit
import Testing

/// Ranks and coverage: those of a right prior pass, those of a wrong one do not.
@Suite struct CalibrationTests {
  @Test(arguments: ConditionalCatalogue.names) func ownSimulationsPass(_ name: String) throws {
    let prior = try ConditionalFitTests.fitter(name, candidates: [4])
      .fit(SimulatedPairs.linear(300).presets, path: "pairs.h5")
    let calibration = try Calibration(ofOwnSimulations: 400, of: prior, draws: 99, seed: 1, threads: 2)
    #expect(calibration.passingShare(at: 0.001) == 1)
    for level in [0.1, 0.5, 0.9] {
      let error = calibration.coverageError(at: level)
      #expect((calibration.coverage(at: level) - level).magnitude < 4 * error, "\(name) at \(level)")
    }
  }

  @Test func heldOutPairsOfTheModelPass() throws {
    let prior = try ConditionalFitTests.fitter("linear-gaussian")
      .fit(SimulatedPairs.linear(2000).presets, path: "pairs.h5")
    let held = SimulatedPairs.linear(400, seed: 5).presets
    let calibration = try Calibration(
      of: prior, parameters: held.theta, features: #require(held.features), draws: 99, seed: 1, threads: 2)
    #expect(calibration.passingShare() == 1)
    #expect((calibration.coverage(at: 0.5) - 0.5).magnitude < 4 * calibration.coverageError(at: 0.5))
    #expect(CalibrationVerdict(calibration).isCalibrated)
    // Few draws tell levels in steps.
    for draws in [10, 20] {
      let coarse = try Calibration(
        of: prior, parameters: held.theta, features: #require(held.features), draws: draws, seed: 1, threads: 2)
      #expect(CalibrationVerdict(coarse).isCalibrated, "\(draws) draws: \(CalibrationVerdict(coarse).sentence)")
    }
    // The mean as a guess, and the densities, are those of the conditional prior; a baseline is of the same truths.
    #expect(calibration.truths == held.theta)
    let features = try #require(held.features)
    #expect(
      try calibration.logDensities[3] == prior.prior(given: features.row(3)).logDensity(at: held.theta.row(3)))
    let residual = [0.25, 0.64, 0.09].reduce(0, +) / 3
    #expect(abs(calibration.squaredErrors.reduce(0, +) / 400 / residual - 1) < 0.15)
    let baseline = calibration.baseline(
      try Prior(chain: SimulatedPairs.chain, mean: [0, 1, 0], covariance: .identity(3)))
    #expect(baseline.squaredErrors.reduce(0, +) > 1.5 * calibration.squaredErrors.reduce(0, +))
    #expect(baseline.logDensities.count == 400)
  }

  @Test func overconfidenceIsFound() throws {
    let prior = try ConditionalFitTests.fitter("linear-gaussian")
      .fit(SimulatedPairs.linear(500).presets, path: "pairs.h5")
    var held = SimulatedPairs.linear(300, seed: 5).presets
    // Truths that spread twice as far as the prior says.
    let features = try #require(held.features)
    for row in 0..<300 {
      let mean = try prior.prior(given: features.row(row)).mean
      for column in 0..<3 { held.theta[row, column] += held.theta[row, column] - mean[column] }
    }
    let calibration = try Calibration(
      of: prior, parameters: held.theta, features: features, draws: 99, seed: 1, threads: 1)
    #expect(calibration.passingShare() == 0)
    #expect(calibration.coverage(at: 0.5) < 0.3)
    let verdict = CalibrationVerdict(calibration)
    #expect(!verdict.isCalibrated && verdict.sentence.contains("too sure"))
  }

  @Test func doesNotDependOnThreads() throws {
    let prior = try ConditionalFitTests.fitter("linear-gaussian")
      .fit(SimulatedPairs.linear(100).presets, path: "pairs.h5")
    let runs = try [1, 2].map {
      try Calibration(ofOwnSimulations: 40, of: prior, draws: 19, seed: 3, threads: $0)
    }
    #expect(runs[0].ranks == runs[1].ranks && runs[0].levels == runs[1].levels)
    #expect(runs[0].binCount == 5)
  }
}
