import Distributions
import FXParams
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

@Suite("Slots learned under a family")
struct SlotFamilyTests {
  static let families = ["published", "blocks", "factor-analysis", "student-t"]

  private func family(_ name: String) throws -> any DensityEstimator {
    try EstimatorCatalogue.standard.entry(named: name).estimator
  }

  private func canonical(
    _ theta: Matrix, _ chain: ChainDescription, under name: String, threads: Int = 1
  ) throws -> Canonicalisation {
    try Canonicalisation(
      of: PresetCollection(chain: chain, theta: theta),
      by: Canonicaliser(chain, bandRule: .slots, slotFamily: try family(name)), threads: threads)
  }

  private func largestDifference(_ first: Matrix, _ second: Matrix) -> Double {
    zip(first.values, second.values).map { abs($0 - $1) }.max() ?? 0
  }

  /// The data that the learning fits: presets in their slots, each slot a block.
  private func data(_ theta: Matrix, _ chain: ChainDescription) -> EstimationData {
    let slots = chain.symmetries.bandGroups[0].indices.map { $0.sorted() }
    let rest = chain.parameterSpace.names.indices.filter { index in !slots.contains { $0.contains(index) } }
    return EstimationData(rows: theta, names: chain.parameterSpace.names, blocks: [rest] + slots)
  }

  @Test(
    "are those in which every preset stands in its best order, under the family fitted to all", arguments: families)
  func fixedPoint(name: String) throws {
    let presets = try ShuffledPresets(bands: 4, count: 240)
    let result = try canonical(presets.shuffled, presets.chain, under: name).presets.theta
    let density = try family(name).fit(data(result, presets.chain))
    let identity = Array(0..<4)
    let orders = permutations(of: identity)
    let group = presets.chain.symmetries.bandGroups[0]
    for row in 0..<result.rows {
      let theta = result.row(row)
      let standing = density.logDensity(at: theta)
      for order in orders where order != identity {
        let image = try #require(group.permutation(order).image(of: theta)?.theta)
        #expect(density.logDensity(at: image) <= standing + 1e-9, "preset \(row), order \(order)")
      }
    }
  }

  @Test("do not depend on the order in the input, and are their own canonical form", arguments: families, [0, 0.2])
  func invariance(name: String, inactive: Double) throws {
    let presets = try ShuffledPresets(bands: 5, count: 200, inactive: inactive)
    let result = try canonical(presets.shuffled, presets.chain, under: name, threads: 2)
    let again = try canonical(result.presets.theta, presets.chain, under: name)
    #expect(largestDifference(again.presets.theta, result.presets.theta) < 1e-9)
    let other = try canonical(presets.reshuffled(seed: 9), presets.chain, under: name)
    #expect(largestDifference(other.presets.theta, result.presets.theta) < 1e-9)
    let slots = try SlotModel(of: result.presets, under: try family(name))
    let aligned = Canonicaliser(presets.chain, bandRule: .slots, slots: slots)
    let reshuffled = presets.reshuffled(seed: 3)
    for row in 0..<50 {
      let first = aligned.canonical(presets.shuffled.row(row)).theta
      let second = aligned.canonical(reshuffled.row(row)).theta
      #expect(zip(first, second).allSatisfy { abs($0 - $1) < 1e-9 })
    }
  }

  @Test("stay empty as often as bands have no gain", arguments: families)
  func emptySlots(name: String) throws {
    let presets = try ShuffledPresets(bands: 6, count: 600, seed: 4, inactive: 0.3)
    let result = try canonical(presets.shuffled, presets.chain, under: name)
    let shares = try #require(result.canonicaliser.slots).descriptions.map(\.emptyShare).sorted()
    #expect(
      shares.prefix(3).allSatisfy { $0 < 0.08 } && shares.suffix(3).allSatisfy { abs($0 - 0.3) < 0.1 }, "\(shares)")
  }

  /// A twentieth of the presets scattered six times as far: they would draw a Gaussian to them.
  @Test("of a Student-t are not drawn by presets far from all others")
  func outliers() throws {
    let presets = try ShuffledPresets(bands: 5, count: 400)
    let chain = presets.chain
    let centre = (0..<presets.standing.columns).map { column in
      (0..<400).reduce(0) { $0 + presets.standing[$1, column] } / 400
    }
    var scattered = presets.shuffled
    var source = RandomSource(seed: 12)
    let group = chain.symmetries.bandGroups[0]
    for row in stride(from: 0, to: 400, by: 20) {
      let far = presets.standing.row(row).enumerated().map { centre[$0] + 6 * ($1 - centre[$0]) }
      let order = Array(0..<5).shuffled(using: &source)
      for (column, value) in (group.permutation(order).image(of: far)?.theta ?? far).enumerated() {
        scattered[row, column] = value
      }
    }
    // How many of the others stand as they were drawn, up to the numbers of the slots.
    func agreeing(_ family: (any DensityEstimator)?) throws -> Int {
      let result = try Canonicalisation(
        of: PresetCollection(chain: chain, theta: scattered),
        by: Canonicaliser(chain, bandRule: .slots, slotFamily: family)
      ).presets.theta
      var votes: [[Int]: Int] = [:]
      for row in 0..<400 where row % 20 != 0 {
        let truth = group.indices.map { presets.standing[row, $0[1]] }
        let own = group.indices.map { result[row, $0[1]] }
        votes[own.map { value in truth.firstIndex { abs($0 - value) < 1e-9 } ?? -1 }, default: 0] += 1
      }
      return votes.values.max() ?? 0
    }
    let (normal, heavy) = (try agreeing(nil), try agreeing(try family("student-t")))
    #expect(heavy > 330 && heavy >= normal, "\(heavy) of 380 under the Student-t, \(normal) under the normal")
  }

  @Test("are refused under a density without one scatter, in a sentence", arguments: ["copula", "mixture"])
  func refused(name: String) throws {
    let presets = try ShuffledPresets(bands: 3, count: 100)
    let full = try family(name).name
    #expect(throws: EstimationError.notOneScatter(estimator: full)) {
      try canonical(presets.shuffled, presets.chain, under: name)
    }
    #expect("\(EstimationError.notOneScatter(estimator: full))".contains("student-t-blocks"))
  }

  @Test("are told in the form that files record")
  func summary() throws {
    let chain = peakChain(3)
    let heavy = Canonicaliser(chain, bandRule: .slots, slotFamily: try family("student-t"))
    #expect(heavy.summary.hasPrefix("bands in learned slots under student-t-blocks"))
    #expect(Canonicaliser.slotFamily(inSummary: heavy.summary) == "student-t-blocks")
    #expect(Canonicaliser.slotFamily(inSummary: Canonicaliser(chain, bandRule: .slots).summary) == nil)
    #expect(Canonicaliser.slotFamily(inSummary: Canonicaliser(chain).summary) == nil)
  }

  @Test("may be those of the family that is fitted, by its name")
  func ownSlots() throws {
    let presets = try ShuffledPresets(bands: 4, count: 200)
    let name = "student-t-blocks-canonical-by-own-slots-orbit-sum"
    let estimator = try EstimatorCatalogue.standard.estimator(named: name, of: presets.chain)
    #expect(estimator.name == name)
    let density = try estimator.fit(
      try EstimationData(
        presets: PresetCollection(chain: presets.chain, theta: presets.shuffled)))
    let point = presets.shuffled.row(0)
    #expect(abs(density.logDensity(at: point) - density.logDensity(at: presets.reshuffled(seed: 2).row(0))) < 1e-9)
    checkScore(DensityUnderTest(of: density), draws: 2)
  }

  private func permutations(of items: [Int]) -> [[Int]] {
    guard let first = items.first else { return [[]] }
    return permutations(of: Array(items.dropFirst())).flatMap { rest in
      (0...rest.count).map { rest.prefix($0) + [first] + rest.dropFirst($0) }
    }
  }
}
