import Foundation
import Inference
import NumericCore
import TestSupport
import Testing

@Suite struct DiagnosticLawTests {
  private func normal(chains: Int, draws: Int, seed: UInt64 = 1) -> ScalarDraws {
    var source = RandomSource(seed: seed)
    return ScalarDraws(chains: (0..<chains).map { _ in (0..<draws).map { _ in source.nextNormal() } })
  }

  // MARK: - Robustness

  @Test(arguments: 1...3) func tooFewDrawsHaveNoDiagnostics(draws: Int) {
    let few = normal(chains: 2, draws: draws)
    #expect(few.rHat == nil && few.bulkESS == nil && few.tailESS == nil && few.meanError == nil)
    #expect(few.deviationError == nil && few.quantileError(0.5) == nil)
  }

  @Test(arguments: 4...9) func shortChainsAreJudged(draws: Int) throws {
    let few = normal(chains: 2, draws: draws)
    for value in [few.rHat, few.bulkESS, few.tailESS, few.meanError, few.deviationError, few.quantileError(0.5)] {
      #expect(try #require(value).isFinite)
    }
  }

  @Test func drawsThatStandStillAreTold() {
    let constant = ScalarDraws(chains: [[2, 2, 2, 2, 2], [2, 2, 2, 2, 2]])
    #expect(constant.isConstant && constant.rHat == nil && constant.deviationError == 0)
    let apart = ScalarDraws(chains: [[2, 2, 2, 2], [3, 3, 3, 3]])
    #expect(apart.rHat == .infinity)
    #expect(EnergyFraction.of([3, 3, 3]) == nil && EnergyFraction.of([3]) == nil)
  }

  @Test func independentDrawsAreWorthTheirNumber() throws {
    let draws = normal(chains: 4, draws: 1000)
    #expect(abs(try #require(draws.bulkESS) - 4000) < 600)
    #expect(try #require(draws.rHat) < 1.01)
    // sd / sqrt(n)
    #expect(abs(try #require(draws.meanError) - 1 / 4000.0.squareRoot()) < 0.002)
  }

  // MARK: - Importance weights

  @Test func smoothedWeightsSumToOneAndKeepTheirOrder() throws {
    let ratios = normal(chains: 1, draws: 500).pooled.map { 2 * $0 }
    let smoothing = try ParetoSmoothing(logRatios: ratios)
    let total = smoothing.weights.reduce(0, +)
    #expect(abs(total - 1) < 1e-12)
    let order = ratios.indices.sorted { ratios[$0] < ratios[$1] }
    #expect(zip(order, order.dropFirst()).allSatisfy { smoothing.logWeights[$0] <= smoothing.logWeights[$1] })
    #expect(smoothing.effectiveCount > 1 && smoothing.effectiveCount < 500)
  }

  @Test func equalRatiosGiveEqualWeights() throws {
    let smoothing = try ParetoSmoothing(logRatios: Array(repeating: -700, count: 50))
    #expect(smoothing.shape == .infinity)
    #expect(smoothing.weights.allSatisfy { abs($0 - 0.02) < 1e-12 })
    #expect(try ParetoSmoothing(logRatios: [3]).weights == [1])
  }

  @Test func ratiosThatAreNoNumbersAreRefused() throws {
    #expect(throws: PosteriorError.self) { try ParetoSmoothing(logRatios: [0, .nan]) }
    #expect(throws: PosteriorError.self) { try ParetoSmoothing(logRatios: [-.infinity, -.infinity]) }
    #expect(try ParetoSmoothing(logRatios: [-.infinity, 0, 0]).weights == [0, 0.5, 0.5])
  }

  @Test func theTailOfAParetoIsFound() throws {
    // Ratios with the tail index 0.5: u^-0.5.
    var source = RandomSource(seed: 5)
    let ratios = (0..<20_000).map { _ in -0.5 * log(max(source.nextUniform(), 1e-300)) }
    #expect(abs(try ParetoSmoothing(logRatios: ratios).shape - 0.5) < 0.15)
    #expect(ParetoSmoothing.threshold(count: 100) == 0.5 && ParetoSmoothing.threshold(count: 100_000) == 0.7)
  }

  // MARK: - Power scaling

  @Test func onlyWhatTheComponentInformsIsSensitive() throws {
    let (about, other) = (normal(chains: 4, draws: 500), normal(chains: 4, draws: 500, seed: 2))
    let component = ScalarDraws(chains: about.chains.map { $0.map { -2 * $0 * $0 } })
    let scaling = try PowerScaling(component: component)
    #expect(scaling.sensitivity(of: about) > 3 * scaling.sensitivity(of: other))
    #expect(throws: PosteriorError.self) {
      try PowerScaling(component: ScalarDraws(chains: [[0, 0, 0, 0], [0, 0, 0, 0]]))
    }
  }
}
