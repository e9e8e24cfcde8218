import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

@Suite("Whether features are like those of the pairs")
struct FamiliarityTests {
  /// Features about one of four places, which are the groups.
  private func presets(_ count: Int, at places: [Double] = [0, 1, 2, 3], grouped: Bool, seed: UInt64 = 1)
    -> PresetCollection
  {
    var source = RandomSource(seed: seed)
    let features = Matrix(
      rows: (0..<count).map { row in
        [places[row % places.count] + source.nextNormal(), source.nextNormal(), source.nextNormal()]
      })
    let theta = Matrix(
      rows: (0..<count).map { row in
        [features[row, 0] + source.nextNormal(), source.nextNormal(), source.nextNormal()]
      })
    return PresetCollection(
      chain: SimulatedPairs.chain, theta: theta, groups: grouped ? (0..<count).map { "voice \($0 % 4)" } : nil,
      features: features, featureNames: ["a", "b", "c"])
  }

  private func fit(_ presets: PresetCollection) throws -> ConditionalPrior {
    try ConditionalCatalogue.fitter(named: "linear-gaussian", candidates: [3]).fit(presets, path: "pairs.h5")
  }

  @Test(arguments: [false, true]) func sharesOfNewPairsAreUniformAndStrangersStandOut(grouped: Bool) throws {
    let prior = try fit(presets(400, grouped: grouped))
    let familiarity = try #require(prior.familiarity)
    let new = try #require(presets(400, grouped: grouped, seed: 2).features)
    let shares = try (0..<400).map { familiarity.strangerThan(try prior.components(of: new.row($0))) }
    let mean = shares.reduce(0, +) / 400
    // Groups left out make the pairs a little stranger to each other than new ones are.
    #expect(grouped ? (0.3...0.5).contains(mean) : (0.42...0.56).contains(mean), "\(mean)")
    #expect(Double(shares.count { $0 > 0.95 }) / 400 < 0.1)
    for stranger in [[12.0, 0, 0], [0, -9, 5], [1.5, 9, 9]] {
      #expect(try familiarity.strangerThan(prior.components(of: stranger)) > 0.99)
    }
  }

  @Test func whatOtherVoicesDoIsNotStrange() throws {
    // Voices that are apart: each is as strange to the others as a new one would be.
    let apart = presets(400, at: [0, 8, 16, 24], grouped: true)
    let between = [12.0, 0, 0]
    let prior = try fit(apart)
    let share = try #require(prior.familiarity).strangerThan(prior.components(of: between))
    #expect(share < 0.6)
    var alone = apart
    alone.groups = nil
    let pairwise = try fit(alone)
    #expect(try #require(pairwise.familiarity).strangerThan(pairwise.components(of: between)) > share + 0.2)
  }

  @Test func filesKeepItAndFewPairsHaveNone() throws {
    let folder = try Scratch()
    #expect(try fit(presets(60, grouped: true)).familiarity == nil)
    let fitted = try fit(presets(120, grouped: true))
    let path = folder.file("c.h5")
    try ConditionalPriorFile.write(
      fitted, to: path, provenance: Provenance(arguments: ["test"]), overwrite: false)
    #expect(try ConditionalPriorFile.read(path).familiarity == fitted.familiarity && fitted.familiarity != nil)
    var none = fitted
    none.familiarity = nil
    try ConditionalPriorFile.write(none, to: path, provenance: Provenance(arguments: ["test"]), overwrite: true)
    #expect(try ConditionalPriorFile.read(path).familiarity == nil)
  }
}
