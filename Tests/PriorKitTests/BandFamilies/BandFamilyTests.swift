import Distributions
import FXParams
import Foundation
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

@Suite("Families for bands in arbitrary order")
struct BandFamilyTests {
  private func data(_ theta: Matrix, _ chain: ChainDescription) throws -> EstimationData {
    try EstimationData(presets: PresetCollection(chain: chain, theta: theta))
  }

  @Test("score held-out presets better than sorted bands do, whatever the order")
  func heldOut() throws {
    let presets = try ShuffledPresets(bands: 7, count: 600)
    let test = try ShuffledPresets(bands: 7, count: 100, seed: 8)
    let chain = presets.chain
    let catalogue = EstimatorCatalogue.standard
    func mean(_ name: String) throws -> Double {
      let scores = try catalogue.estimator(named: name, of: chain).heldOutScores(
        of: try data(test.shuffled, chain), fittedTo: try data(presets.shuffled, chain))
      return scores.reduce(0, +) / Double(scores.count)
    }
    let sorted = try mean("published-canonical-by-rule-orbit-sum")
    let asFound = try mean("published-orbit-sum")
    let slotted = try mean("published-canonical-by-slots-orbit-sum")
    let soft = try mean("slot-gaussian")
    #expect(
      asFound < sorted - 1 && slotted > sorted + 0.5 && soft > slotted - 0.2,
      "\(asFound) \(sorted) \(slotted) \(soft)")
    let truth = try OrbitSum(
      try GaussianEstimator.unbiased.fit(try data(presets.standing, chain)), over: chain.symmetries.exactGroup())
    let best = (0..<100).reduce(0) { $0 + truth.logDensity(at: test.shuffled.row($1)) } / 100
    #expect(soft > best - 1, "\(soft) beside \(best) with the slots known")
  }

  @Test("give every order of bands the same density", arguments: ["slot-mixture-2", "exchangeable-bands-6-12"])
  func invariance(name: String) throws {
    let presets = try ShuffledPresets(bands: 4, count: 150)
    let estimator = try EstimatorCatalogue.standard.estimator(named: name, of: presets.chain)
    #expect(estimator.name == name)
    let density = try estimator.fit(try data(presets.shuffled, presets.chain))
    let other = presets.reshuffled(seed: 5)
    for row in 0..<30 {
      let difference = density.logDensity(at: other.row(row)) - density.logDensity(at: presets.shuffled.row(row))
      #expect(abs(difference) < 1e-9)
    }
    checkScore(DensityUnderTest(of: density), draws: 2)
    // The fit itself does not care either.
    let again = try estimator.fit(try data(other, presets.chain))
    let point = presets.shuffled.row(0)
    if name.hasPrefix("slot") { #expect(abs(again.logDensity(at: point) - density.logDensity(at: point)) < 1e-6) }
  }

  @Test("say why they cannot be fitted")
  func refused() throws {
    let catalogue = EstimatorCatalogue.standard
    let single = peakChain(1)
    #expect(throws: SymmetryError.self) { try catalogue.estimator(named: "slot-gaussian", of: single) }
    #expect(throws: SymmetryError.self) { try catalogue.estimator(named: "exchangeable-bands", of: single) }
    let mixed = peakChain(4, mixesRanges: true)
    #expect(throws: EstimationError.unlikeRanges(group: "equaliser peak")) {
      try catalogue.estimator(named: "exchangeable-bands", of: mixed)
    }
    #expect(throws: PriorError.self) { try catalogue.estimator(named: "slot-mixture-0", of: peakChain(3)) }
    // More bands than are searched, or than are counted where ranges differ.
    let many = try ShuffledPresets(bands: 65, count: 2)
    #expect(throws: SymmetryError.tooManyBands(group: "equaliser peak", count: 65, limit: 64)) {
      try SlotModel(learnedFrom: PresetCollection(chain: many.chain, theta: many.shuffled))
    }
    let mixture = try MultivariateNormal(mean: [Double](repeating: 0, count: 64), covariance: .identity(64))
    #expect(throws: SymmetryError.tooManyBands(group: "equaliser peak", count: 21, limit: 20)) {
      try OrbitSum(mixture, over: peakChain(21, mixesRanges: true).symmetries.exactGroup())
    }
    let presets = try ShuffledPresets(bands: 3, count: 5)
    #expect(throws: EstimationError.moreComponentsThanPresets(components: 8, count: 5)) {
      try catalogue.estimator(named: "slot-mixture-8", of: presets.chain).fit(
        try data(presets.shuffled, presets.chain))
    }
  }

  @Test("fit bands of different ranges in slots")
  func differentRanges() throws {
    let presets = try ShuffledPresets(bands: 4, count: 150, mixesRanges: true)
    let density = try EstimatorCatalogue.standard.estimator(named: "slot-gaussian", of: presets.chain)
      .fit(try data(presets.shuffled, presets.chain))
    checkScore(DensityUnderTest(of: density), draws: 2)
  }
}
