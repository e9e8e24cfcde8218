import Foundation
import Inference
import NumericCore
import TestSupport
import Testing

@Suite struct ScanningLBFGSTests {
  private func optimiser(_ density: OscillatoryGaussian) throws -> Whitened<ScanningLBFGS> {
    let white = try WhiteCoordinates(centre: density.mean.map { _ in 0 }, covariance: .diagonal(density.variance))
    return Whitened(
      ScanningLBFGS(curvature: 1, oscillatoryPositions: density.oscillatoryPositions, coordinates: white),
      coordinates: white)
  }

  /// Ripples fifty times as steep as the trend stop L-BFGS; values find the minimum among them.
  @Test func ripplesDoNotHoldItUp() throws {
    let density = try OscillatoryGaussian.ofFour(amplitude: 0.01, frequency: 5000)
    let start = density.mean.map { $0 + 1.5 }
    func best(_ optimiser: some Optimiser) throws -> Double {
      let driver = MaximumAPosteriori(optimiser: optimiser, steps: 60)
      var state = try driver.makeState(from: start)
      return try #require(try driver.run(density, state: &state).result).best.loss
    }
    let least = -(try density.value(at: density.mode))
    let scanning = try optimiser(density)
    let found = try best(scanning) - least
    let plain = try best(Whitened(LBFGS(curvature: 1), coordinates: scanning.coordinates)) - least
    #expect(found < 0.05, "\(found)")
    #expect(plain > 4 * found, "\(plain) against \(found)")
  }

  @Test func severalDirectionsAreScannedInTurn() throws {
    let density = Bowl(count: 6)
    let directions = [0, 3].map { position in (0..<6).map { $0 == position ? 1.0 : 0 } }
    let method = ScanningLBFGS(descent: LBFGS(curvature: 1, patience: 1), directions: directions)
    let driver = MaximumAPosteriori(optimiser: method, steps: 100)
    var state = try driver.makeState(from: Array(repeating: 2, count: 6))
    let result = try #require(try driver.run(density, state: &state).result)
    #expect(result.best.theta.allSatisfy { abs($0 - 0.5) < 1e-6 }, "\(result.best.theta)")
    #expect(state.stepCount < 60)
  }

  @Test func withoutDirectionsItIsLBFGS() throws {
    let density = Banana()
    func path(_ optimiser: some Optimiser) throws -> [Double] {
      let driver = MaximumAPosteriori(optimiser: optimiser, steps: 30)
      var state = try driver.makeState(from: [-1, 2])
      _ = try driver.run(density, state: &state)
      return state.trace.loss
    }
    #expect(try path(ScanningLBFGS(descent: LBFGS(), directions: [])) == path(LBFGS()))
  }

  @Test func storedRunsGoOnBitForBit() throws {
    let density = try OscillatoryGaussian.ofFour(amplitude: 0.01, frequency: 5000)
    let method = try optimiser(density)
    // Ended by a rule, which reads the trace that is stored.
    let driver = MaximumAPosteriori(optimiser: method, steps: 60, stopRule: StopRule(gain: 0.05, within: 6))
    let start = density.mean.map { $0 + 1.5 }
    var whole = try driver.makeState(from: start)
    let expected = try driver.run(density, state: &whole)
    let count = whole.stepCount
    guard case .converged(_, .gain) = expected else {
      Issue.record("the rule was not met in \(count) evaluations")
      return
    }
    let checkpoint = MAPCheckpoint(problem: "ripples", dimension: 4, optimiser: method)
    let scratch = try Scratch()
    let path = scratch.file("state.h5")
    // Every stop, those in the middle of a scan among them.
    for stop in 0..<count {
      var parts = try driver.makeState(from: start)
      var polls = 0
      _ = try driver.run(
        density, state: &parts,
        isCancelled: {
          polls += 1
          return polls > stop
        })
      try checkpoint.write(parts, to: path)
      var resumed = try checkpoint.load(from: path)
      #expect(resumed == parts)
      #expect(try driver.run(density, state: &resumed) == expected, "from \(stop)")
      #expect(resumed.trace == whole.trace)
      try? FileManager.default.removeItem(atPath: path)
    }
  }

  /// A round bowl about 0.5.
  private final class Bowl: LogDensity {
    let dimension: Int
    let oscillatoryPositions = [0, 3]

    init(count: Int) { dimension = count }

    func evaluate(at theta: [Double], gradient: inout [Double]) -> DensityEvaluation {
      gradient = theta.map { 0.5 - $0 }
      // What a method that scans must not look at.
      for position in oscillatoryPositions { gradient[position] = 1000 }
      return DensityEvaluation(value: -theta.reduce(0) { $0 + ($1 - 0.5) * ($1 - 0.5) } / 2)
    }
  }
}
