import Distributions
import NumericCore
import TestSupport
import Testing

@Suite("Bands without an order")
struct ExchangeableBandsTests {
  /// Two bands of one setting each beside one other coordinate: the density integrates in three dimensions.
  private func small() throws -> ExchangeableBands {
    func normal(_ mean: Double, _ variance: Double) throws -> MultivariateNormal {
      try MultivariateNormal(mean: [mean], covariance: .diagonal([variance]))
    }
    return ExchangeableBands(
      bands: [[0], [2]], rest: [1], kindWeights: [0.4, 0.6], kinds: [try normal(-1, 0.5), try normal(1, 0.8)],
      typeWeights: [[0.7, 0.3], [0.2, 0.8]], types: [try normal(-0.8, 0.4), try normal(1.5, 0.6)])
  }

  @Test("keep the laws of densities")
  func laws() throws { try checkPrior(try small()) }

  @Test("know each other by the kind of preset alone, and have no order")
  func parts() throws {
    var source = RandomSource(seed: 3)
    let types = try (0..<3).map { try coupledNormal(2, seed: UInt64($0 + 20)) }
    let density = ExchangeableBands(
      bands: [[0, 3], [5, 1], [4, 6]], rest: [2], kindWeights: [0.5, 0.5],
      kinds: [
        try MultivariateNormal(mean: [0], covariance: .diagonal([1])),
        try MultivariateNormal(mean: [2], covariance: .diagonal([0.5])),
      ], typeWeights: [[0.2, 0.3, 0.5], [0.6, 0.3, 0.1]], types: types)
    for _ in 0..<5 {
      let point = density.sample(using: &source)
      var exchanged = point
      exchanged.swapAt(0, 5)
      exchanged.swapAt(3, 1)
      #expect(abs(density.logDensity(at: exchanged) - density.logDensity(at: point)) < 1e-12)
      // Given one band and the rest, in any order.
      let given = [2, 5, 1]
      let free = [0, 3, 4, 6]
      let marginal = try density.marginalDistribution(over: given)
      let conditional = try density.conditionalDistribution(given: given, values: given.map { point[$0] })
      let product =
        marginal.logDensity(at: given.map { point[$0] }) + conditional.logDensity(at: free.map { point[$0] })
      #expect(abs(product - density.logDensity(at: point)) < 1e-10)
    }
    // Where every band is given, or none is left, it is a mixture of the kinds.
    #expect(try density.marginalDistribution(over: [2]) is GaussianMixture)
    let bands = [0, 3, 5, 1, 4, 6]
    let values = [Double](repeating: 0.3, count: 6)
    #expect(try density.conditionalDistribution(given: bands, values: values) is GaussianMixture)
    #expect(throws: DistributionError.splitsSymmetry(index: 0)) { try density.marginalDistribution(over: [0, 2]) }
    #expect(throws: DistributionError.self) { try density.conditionalDistribution(given: [3], values: [1]) }
    #expect(throws: DistributionError.self) { try density.marginalDistribution(over: [2, 2]) }
  }

  @Test("are refused where their file is unfit")
  func archives() throws {
    var archive = DistributionArchive()
    try small().encode(into: &archive)
    func expectFailure(_ change: (inout DistributionArchive) -> Void) {
      var other = archive
      change(&other)
      #expect(throws: ArchiveError.self) { try ExchangeableBands(from: other) }
    }
    expectFailure { $0.set([0, 0], for: "bands") }
    expectFailure { $0.set([0, 7], for: "bands") }
    expectFailure { $0.set(0.5, for: "band_count") }
    expectFailure { $0.set(1e300, for: "dimension") }
    expectFailure { $0.set([0.4, -0.6], for: "kind_weights") }
    expectFailure { $0.set([-1], for: "type/0/covariance") }
    expectFailure { $0.arrays["kind/1/mean"] = nil }
    #expect(try ExchangeableBands(from: archive).logDensity(at: [1, 2, 3]) == small().logDensity(at: [1, 2, 3]))
  }
}
