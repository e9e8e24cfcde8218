import FXParams
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

/// Presets drawn at random, as large as the collections that canonical forms are for.
func randomPresets(_ chain: ChainDescription, count: Int, seed: UInt64 = 1) -> PresetCollection {
  var source = RandomSource(seed: seed)
  let dimension = chain.parameterSpace.count
  let values = (0..<count * dimension).map { _ in 1.2 * source.nextNormal() }
  return PresetCollection(chain: chain, theta: Matrix(rows: count, columns: dimension, values: values))
}

@Suite("Canonical presets")
struct CanonicaliserTests {
  static let threePeaks = ChainDescription(
    series: [
      .biquad(.init(name: "a", response: .peak, frequencyHz: .init(30, 4000), q: .init(0.2, 20))),
      .biquad(.init(name: "b", response: .peak, frequencyHz: .init(100, 8000), q: .init(0.1, 10))),
      .biquad(.init(name: "c", response: .peak, frequencyHz: .init(500, 16000), q: .init(0.2, 20))),
    ],
    sends: [
      .feedbackDelayNetwork(.init(delaySamples: [97, 131, 173], decayPoints: 4, responseSeconds: 0.2, tone: []))
    ])

  /// A copy under a random element of the exact group, a random gauge and some periods of the lookahead.
  private func randomCopy(
    of theta: [Double], _ chain: ChainDescription, mirrored: Bool, using source: inout RandomSource
  ) throws -> [Double] {
    let symmetries = chain.symmetries
    var families = symmetries.families
    if !mirrored { families.removeAll { $0 == .mirror } }
    let group = try symmetries.group(families)
    while true {
      guard var copy = group.randomElement(using: &source).image(of: theta)?.theta else { continue }
      for network in symmetries.networks {
        copy = network.gauge(2).raised(to: source.nextNormal()).image(of: copy)?.theta ?? copy
      }
      for folded in symmetries.foldedParameters where source.nextUniform() < 0.5 {
        copy = folded.lengthening.image(of: copy)?.theta ?? copy
      }
      return copy
    }
  }

  private func largestDifference(_ first: Matrix, _ second: Matrix) -> Double {
    zip(first.values, second.values).map { abs($0 - $1) }.max() ?? 0
  }

  @Test(
    "is its own canonical form, and one for all copies",
    arguments: [ChainDescription.diffVox, threePeaks], Canonicaliser.BandRule.allCases)
  func orbitFunction(chain: ChainDescription, rule: Canonicaliser.BandRule) throws {
    for includesMirror in [false, true] {
      let canonicaliser = Canonicaliser(chain, bandRule: rule, includesMirror: includesMirror)
      let presets = randomPresets(chain, count: 150)
      let result = try Canonicalisation(of: presets, by: canonicaliser)
      let again = try Canonicalisation(of: result.presets, by: canonicaliser)
      #expect(largestDifference(again.presets.theta, result.presets.theta) < 1e-9)
      #expect(result.moves.contains { $0.signPatterns[0] != 0 })
      var source = RandomSource(seed: 5)
      var copies = presets
      copies.theta = Matrix(
        rows: try (0..<presets.count).map {
          try randomCopy(of: presets.theta.row($0), chain, mirrored: includesMirror, using: &source)
        })
      #expect(largestDifference(copies.theta, presets.theta) > 1)
      let ofCopies = try Canonicalisation(of: copies, by: canonicaliser)
      #expect(largestDifference(ofCopies.presets.theta, result.presets.theta) < 1e-9)
      // One preset at a time, with the reference found.
      let fitted = result.canonicaliser
      for row in 0..<20 {
        let own = fitted.canonical(result.presets.theta.row(row)).theta
        #expect(zip(own, result.presets.theta.row(row)).allSatisfy { abs($0 - $1) < 1e-9 })
      }
    }
  }

  @Test("does not depend on threads")
  func threads() throws {
    let presets = randomPresets(.diffVox, count: 3000)
    let canonicaliser = Canonicaliser(.diffVox)
    let one = try Canonicalisation(of: presets, by: canonicaliser, threads: 1)
    let two = try Canonicalisation(of: presets, by: canonicaliser, threads: 2)
    #expect(one.presets.theta == two.presets.theta)
  }

  @Test("alignment finds the best of all sign patterns")
  func signs() throws {
    let chain = ChainDescription.diffVox
    let presets = randomPresets(chain, count: 30)
    let reference = randomPresets(chain, count: 1, seed: 9).theta.row(0)
    let ones = [Double](repeating: 1, count: reference.count)
    let canonicaliser = Canonicaliser(chain, reference: .init(mean: reference, meanSquares: ones))
    let patterns = try chain.symmetries.group([.signs]).elements()
    #expect(patterns.count == 64)
    func distance(_ theta: [Double]) -> Double {
      zip(theta, reference).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    for row in 0..<presets.count {
      let canonical = canonicaliser.canonical(presets.theta.row(row)).theta
      let best = patterns.compactMap { $0.image(of: canonical).map { distance($0.theta) } }.min() ?? .nan
      #expect(distance(canonical) <= best + 1e-9)
    }
  }

  @Test("bands are ordered by frequency where the ranges allow, ties by gain; or assigned at least cost")
  func bands() throws {
    let chain = Self.threePeaks
    let space = chain.parameterSpace
    var values = space.values(ofLogits: [Double](repeating: 0.3, count: space.count))
    func set(_ band: String, _ frequency: Double, _ gain: Double) {
      space.index(of: band + ".frequency").map { values[$0] = frequency }
      space.index(of: band + ".gain").map { values[$0] = gain }
      space.index(of: band + ".q").map { values[$0] = 2 }
    }
    func frequencies(_ theta: [Double]) -> [Double] {
      let found = space.values(ofLogits: theta)
      return ["a", "b", "c"].compactMap { space.index(of: $0 + ".frequency").map { found[$0].rounded() } }
    }
    let canonicaliser = Canonicaliser(chain)
    set("a", 3000, 1)
    set("b", 1000, 2)
    set("c", 2000, 3)
    let first = try space.logits(ofValues: values)
    #expect(frequencies(canonicaliser.canonical(first).theta) == [1000, 2000, 3000])
    // Of the places of 5000 Hz, which a cannot hold, the last.
    set("a", 3000, 1)
    set("b", 5000, 2)
    set("c", 600, 3)
    let second = try space.logits(ofValues: values)
    #expect(frequencies(canonicaliser.canonical(second).theta) == [600, 3000, 5000])
    set("a", 1000, 3)
    set("b", 1000, 1)
    set("c", 1000, 2)
    let tied = space.values(ofLogits: canonicaliser.canonical(try space.logits(ofValues: values)).theta)
    #expect(["a", "b", "c"].compactMap { space.index(of: $0 + ".gain").map { tied[$0].rounded() } } == [1, 2, 3])

    set("a", 3000, 9)
    set("b", 1000, -9)
    set("c", 2000, 0)
    let reference = try space.logits(ofValues: values)
    let assigning = Canonicaliser(
      chain, bandRule: .assigned,
      reference: .init(mean: reference, meanSquares: reference.map { max($0 * $0, 1e-3) }))
    set("a", 1100, -9)
    set("b", 2100, 0)
    set("c", 2900, 9)
    #expect(frequencies(assigning.canonical(try space.logits(ofValues: values)).theta) == [2900, 1100, 2100])
  }

  @Test(
    "counts on the published presets", .enabled(if: Reference.isAvailable, Comment(rawValue: Reference.absence)))
  func counts() throws {
    let presets = try DiffVoxImport.read(folder: Reference.path("diffvox/internal"), selection: .train)
    let result = try Canonicalisation(of: presets, by: Canonicaliser(presets.chain))
    let report = CanonicalisationReport(result, of: presets)
    let peaks = try #require(report.generators.first { $0.name == "equaliser peak: exchange peak1 and peak2" })
    let tone = try #require(report.generators.first { $0.name.hasPrefix("reverb.tone peak") })
    #expect(presets.count == 365)
    #expect(peaks.applies == 254 && peaks.moved == 65)
    #expect(tone.applies == 87 && tone.moved == 31)
    let before = try #require(report.logDeterminantBefore)
    #expect(try before > #require(report.logDeterminantAfter))
  }

  @Test("files say which form presets and priors have")
  func files() throws {
    let scratch = try Scratch()
    let presets = randomPresets(Self.threePeaks, count: 60)
    let canonical = try Canonicalisation(of: presets, by: Canonicaliser(Self.threePeaks)).presets
    let provenance = try Provenance(arguments: ["priorkit"])
    let path = scratch.file("canonical.h5")
    try PresetFile.write(canonical, to: path, provenance: provenance, overwrite: false)
    let read = try PresetFile.read(path)
    #expect(read.canonicalisation == "bands ordered, gauge balanced, signs aligned to the mean")
    let prior = try DiagonalEstimator().fit(read)
    try PriorFile.write(prior, to: scratch.file("prior.h5"), provenance: provenance, overwrite: false)
    #expect(try PriorFile.read(scratch.file("prior.h5")).record?.canonicalisation == read.canonicalisation)
    #expect(presets.canonicalisation == nil)
  }
}
