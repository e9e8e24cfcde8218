import Distributions
import FXParams
import Foundation
import HDF5Store
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

@Suite struct PatternedPriorTests {
  private let prior: Prior

  init() throws { prior = try ShapedChain.prior() }

  @Test func densityIsPatternTimesMarginal() throws {
    let drawn = try prior.patternedSamples(0..<40, seed: 5)
    let densities = try prior.logDensities(ofRows: drawn.theta, patterns: drawn.patterns)
    for row in 0..<40 {
      let pattern = drawn.patterns[row]
      let positions = ShapedChain.chain.variant(pattern).positions
      let values = positions.map { drawn.theta[row, $0] }
      let marginal = try prior.marginal(over: positions).logDensity(at: values)
      #expect(abs(densities[row] - log(ShapedChain.probability(of: pattern)) - marginal) < 1e-9)
      let absent = ShapedChain.chain.absentPositions(pattern)
      #expect(absent.allSatisfy { drawn.theta[row, $0].isNaN } && values.allSatisfy(\.isFinite))
    }
  }

  /// Draws of each pattern have the moments of its marginal.
  @Test func drawsHaveTheMomentsOfWhatIsThere() throws {
    let drawn = try prior.patternedSamples(0..<6000, seed: 2)
    let gaussian = try #require(prior.gaussian)
    for position in 0..<prior.space.count {
      let values = (0..<6000).map { drawn.theta[$0, position] }.filter { !$0.isNaN }
      let mean = values.reduce(0, +) / Double(values.count)
      let deviation = gaussian.covariance[position, position].squareRoot()
      #expect(abs(mean - gaussian.mean[position]) < 4.5 * deviation / Double(values.count).squareRoot())
    }
  }

  @Test func drawsDependOnTheirNumberAlone() throws {
    let all = try prior.patternedSamples(0..<30, seed: 9)
    let some = try prior.patternedSamples(10..<20, seed: 9)
    #expect(Array(all.patterns[10..<20]) == some.patterns)
    for row in 0..<10 {
      for column in 0..<prior.space.count {
        let (one, other) = (all.theta[row + 10, column], some.theta[row, column])
        #expect(one == other || (one.isNaN && other.isNaN))
      }
    }
  }

  @Test func temperatureAndRangeActOnWhatIsThere() throws {
    let cold = try prior.patternedSamples(0..<50, seed: 4, temperature: 1e-6)
    for row in 0..<50 {
      for column in 0..<prior.space.count where !cold.theta[row, column].isNaN {
        #expect(abs(cold.theta[row, column] - prior.mean[column]) < 0.02)
      }
    }
    var collection = PresetCollection(chain: prior.chain, theta: cold.theta)
    collection.setPatterns(cold.patterns)
    let range = ObservedRange(of: collection)
    let inside = try prior.patternedSamples(0..<20, seed: 1, temperature: 1e-6, within: range)
    for row in 0..<20 {
      let values = prior.space.values(ofLogits: inside.theta.row(row))
      #expect(
        values.indices.allSatisfy { values[$0].isNaN || (range.lower[$0]...range.upper[$0]).contains(values[$0]) })
    }
  }

  @Test func conditionOnAPatternLeavesItsChain() throws {
    let chain = ShapedChain.chain
    let without = try prior.conditioned(onPatterns: { $0 == ChainPattern(present: [true, false, false]) })
    #expect(without.patterns == nil && without.chain.series.map(\.name) == ["peak1", "peak2"])
    #expect(without.chain.sends.isEmpty && !without.chain.hasVariants)
    let positions = chain.variant(ChainPattern(present: [true, false, false])).positions
    #expect(without.mean == positions.map { prior.mean[$0] })
    let first = try prior.conditioned(onPatterns: { $0 == ChainPattern(present: [true, true, true], order: 1) })
    #expect(first.chain.series.map(\.name) == ["compressor", "peak1", "peak2"])
    let several = try prior.conditioned(onPatterns: { !$0.present[2] })
    #expect(several.patterns?.patterns.count == 6 && several.chain == chain)
    #expect(throws: PatternError.impossible) { try prior.conditioned(onPatterns: { _ in false }) }
    var plain = prior
    plain.patterns = nil
    #expect(throws: PatternError.oneShape) { try plain.conditioned(onPatterns: { _ in true }) }
  }

  /// A given value is one of an effect that is there; the values of the others follow.
  @Test func givenParameterIsPresent() throws {
    let chain = ShapedChain.chain
    let position = try #require(prior.space.index(of: "delay.feedback"))
    let given = try prior.conditioned(on: [(position: position, logit: 0.7)]).prior
    let patterns = try #require(given.patterns)
    #expect(patterns.patterns.allSatisfy { $0.present[2] } && patterns.patterns.count == 6)
    let drawn = try given.patternedSamples(0..<20, seed: 1)
    #expect((0..<20).allSatisfy { drawn.theta[$0, position] == 0.7 })
    // The density of a pattern is that of its free parameters, given the value.
    let pattern = ChainPattern(present: [false, false, true])
    let positions = chain.variant(pattern).positions
    let values = positions.map { $0 == position ? 0.7 : 0.2 }
    let gaussian = try #require(prior.gaussian).marginal(over: positions)
    let inside = try #require(positions.firstIndex(of: position))
    let expected = try gaussian.conditional(given: [inside], values: [0.7])
      .logDensity(at: values.enumerated().filter { $0.offset != inside }.map(\.element))
    #expect(abs(try given.ofPattern(pattern).logDensity(at: values) - expected) < 1e-9)
  }

  /// With one shape left, the prior is an ordinary one over its chain.
  @Test func givenParameterMayLeaveOneShape() throws {
    var chain = ShapedChain.chain
    chain.optionalEffects = ["delay"]
    chain.furtherOrders = []
    var prior = try Prior(
      chain: chain, mean: self.prior.mean, covariance: try #require(self.prior.gaussian).covariance)
    prior.patterns = try PatternDistribution(patterns: chain.allPatterns, masses: [0.6, 0.4])
    let position = try #require(prior.space.index(of: "delay.feedback"))
    let given = try prior.conditioned(on: [(position: position, logit: 0.7)]).prior
    #expect(given.patterns == nil && !given.chain.hasVariants && given.pinnedPositions == [position])
  }

  /// A shape that has nothing but what is given has no density.
  @Test func shapesOfGivenValuesAloneAreRefused() throws {
    var chain = ChainDescription(
      series: [
        .biquad(.init(name: "pass", response: .highPass, frequencyHz: .free(.init(20, 500)), q: .fixed(0.7))),
        .compressorExpander(CompressorExpander(name: "compressor")),
      ], sends: [], hasDirectPan: false)
    chain.optionalEffects = ["compressor"]
    let count = chain.parameterSpace.count
    var prior = try Prior(chain: chain, mean: Array(repeating: 0, count: count), covariance: .identity(count))
    prior.patterns = try PatternDistribution(patterns: chain.allPatterns, masses: [1, 1])
    #expect(throws: ConditioningError.nothingFree(pattern: "without compressor")) {
      try prior.conditioned(on: [(position: 0, logit: 0.1)])
    }
  }

  @Test func copiesAreSummedOfOneShapeAlone() throws {
    #expect(throws: PatternError.severalShapes) { try prior.summedOverOrbits() }
    let one = try prior.conditioned(onPatterns: { $0 == ShapedChain.chain.completePattern })
    #expect(try one.summedOverOrbits().dimension == prior.dimension)
  }

  /// Half the squared distance, whatever the units of the parameters.
  @Test func preferenceHasNoUnits() throws {
    let pattern = ChainPattern(present: [true, false, true])
    let own = try prior.ofPattern(pattern)
    let theta = own.mean.map { $0 + 0.5 }
    let distance = try #require(own.squaredMahalanobisDistance(to: theta))
    let expected = log(ShapedChain.probability(of: pattern)) - 0.5 * distance
    #expect(abs(try prior.preference(for: pattern, at: theta) - expected) < 1e-9)
  }

  @Test func fileKeepsPatterns() throws {
    let scratch = try Scratch()
    let path = scratch.file("prior.h5")
    try PriorFile.write(prior, to: path, provenance: Provenance(arguments: ["test"]), overwrite: false)
    let back = try PriorFile.read(path, acceptsVaryingShape: true)
    let (own, read) = (try #require(prior.patterns), try #require(back.patterns))
    #expect(read.patterns == own.patterns && back.chain == prior.chain)
    for (one, other) in zip(read.probabilities, own.probabilities) { #expect(abs(one - other) < 1e-15) }
    expectDataError(.varyingShape, "a prior of presets of varying shape") { _ = try PriorFile.read(path) }
    let reader = try HDF5Reader(path: path)
    #expect(try reader.shape(of: "/patterns/present") == [12, 3])
    #expect(try reader.strings("/patterns/optional_effects") == ["peak2", "compressor", "delay"])
  }

  @Test func sampledFileHoldsPatterns() throws {
    let scratch = try Scratch()
    let path = scratch.file("samples.h5")
    try PresetFile.writeSamples(
      of: prior, count: 30, seed: 3, to: path, provenance: Provenance(arguments: ["test"]), overwrite: false,
      threads: 2)
    let drawn = try prior.patternedSamples(0..<30, seed: 3)
    let back = try PresetFile.read(path, acceptsVaryingShape: true)
    #expect(back.patterns == drawn.patterns && back.labels?.last == "sample-30")
    for row in 0..<30 {
      for column in 0..<prior.space.count {
        let (one, other) = (back.theta[row, column], drawn.theta[row, column])
        #expect(one == other || (one.isNaN && other.isNaN))
      }
    }
  }

  @Test func unfitPatternsInAFileAreRefused() throws {
    let scratch = try Scratch()
    var other = prior
    // A pattern that is not canonical: without the compressor there is one order.
    other.patterns = try PatternDistribution(
      patterns: [ChainPattern(present: [true, false, true], order: 1)], masses: [1])
    let path = scratch.file("bad.h5")
    try PriorFile.write(other, to: path, provenance: Provenance(arguments: ["test"]), overwrite: false)
    expectDataError(.malformed, "a pattern that the chain does not allow") {
      _ = try PriorFile.read(path, acceptsVaryingShape: true)
    }
  }
}
