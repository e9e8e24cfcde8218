import FXParams
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

@Suite struct PatternDistributionTests {
  /// Total variation distance to the true probabilities.
  private func distance(_ patterns: PatternDistribution) -> Double {
    0.5
      * ShapedChain.chain.allPatterns.reduce(0) {
        $0 + abs(patterns.probability(of: $1) - ShapedChain.probability(of: $1))
      }
  }

  @Test func tableCoversEveryPatternOnce() throws {
    let chain = ShapedChain.chain
    // Without the compressor both orders are one: 4 patterns, and 4 x 2 with it.
    #expect(chain.allPatterns.count == 12 && Set(chain.allPatterns).count == 12)
    #expect(chain.allPatterns.first == chain.completePattern)
    #expect(chain.allPatterns.allSatisfy { chain.canonical($0) == $0 && chain.admits($0) })
    let fitted = try PatternDistribution(fitting: ShapedChain.patterns(50), chain: chain)
    #expect(abs(fitted.probabilities.reduce(0, +) - 1) < 1e-12)
    #expect(fitted.probabilities.allSatisfy { $0 > 0 } && Set(fitted.patterns) == Set(chain.allPatterns))
    #expect(zip(fitted.probabilities, fitted.probabilities.dropFirst()).allSatisfy { $0 >= $1 })
  }

  /// The error falls like one over the root of the number of presets, and is below that of independent effects.
  @Test func probabilitiesAreRecovered() throws {
    let chain = ShapedChain.chain
    var (few, many) = (0.0, 0.0)
    for seed in 1...20 as ClosedRange<UInt64> {
      few += try distance(PatternDistribution(fitting: ShapedChain.patterns(100, seed: seed), chain: chain)) / 20
      many += try distance(PatternDistribution(fitting: ShapedChain.patterns(1600, seed: seed), chain: chain)) / 20
    }
    #expect(few < 0.14 && many < 0.035, "\(few), \(many)")
  }

  /// Rare patterns that were never seen are more probable where their parts were.
  @Test func unseenPatternsFollowTheTree() throws {
    let chain = ShapedChain.chain
    let together = ChainPattern(present: [true, true, true])
    let neither = ChainPattern(present: [true, false, false])
    let fitted = try PatternDistribution(
      fitting: Array(repeating: together, count: 40) + Array(repeating: neither, count: 40), chain: chain)
    let likely = ChainPattern(present: [false, true, true])
    let unlikely = ChainPattern(present: [false, true, false])
    #expect(fitted.probability(of: likely) > 5 * fitted.probability(of: unlikely))
    #expect(fitted.probability(of: unlikely) > 0)
  }

  @Test func weightsCountLikeCopies() throws {
    let chain = ShapedChain.chain
    let patterns = ShapedChain.patterns(40)
    let doubled = try PatternDistribution(fitting: patterns + patterns, chain: chain)
    let weighted = try PatternDistribution(
      fitting: patterns + patterns, weights: Array(repeating: 7, count: 80), chain: chain)
    let zeros = try PatternDistribution(
      fitting: patterns + ShapedChain.patterns(30, seed: 2),
      weights: Array(repeating: 1, count: 40) + Array(repeating: 0, count: 30), chain: chain)
    let single = try PatternDistribution(fitting: patterns, chain: chain)
    for pattern in chain.allPatterns {
      #expect(abs(doubled.probability(of: pattern) - weighted.probability(of: pattern)) < 1e-12)
      #expect(abs(zeros.probability(of: pattern) - single.probability(of: pattern)) < 1e-12)
    }
  }

  @Test func drawsHaveTheProbabilities() throws {
    let chain = ShapedChain.chain
    let table = try PatternDistribution(
      patterns: chain.allPatterns, masses: chain.allPatterns.map(ShapedChain.probability))
    var source = RandomSource(seed: 3)
    let count = 20_000
    let drawn = (0..<count).map { _ in table.sample(using: &source) }
    let counts = Dictionary(grouping: drawn, by: { $0 }).mapValues { Double($0.count) }
    for pattern in chain.allPatterns {
      let expected = Double(count) * ShapedChain.probability(of: pattern)
      #expect(abs(counts[pattern, default: 0] - expected) < 4.5 * expected.squareRoot())
    }
    #expect(abs(table.presence(ofEffect: 0) - 0.8) < 1e-12)
    #expect(abs(table.presence(ofEffect: 2) - (0.6 * 0.9 + 0.4 * 0.1)) < 1e-12)
  }

  @Test func conditionsKeepProportions() throws {
    let chain = ShapedChain.chain
    let table = try PatternDistribution(
      patterns: chain.allPatterns, masses: chain.allPatterns.map(ShapedChain.probability))
    let given = try table.conditioned { $0.present[2] }
    #expect(given.patterns.count == 6 && abs(given.probabilities.reduce(0, +) - 1) < 1e-12)
    let share = 0.6 * 0.9 + 0.4 * 0.1
    for pattern in given.patterns {
      #expect(abs(given.probability(of: pattern) - ShapedChain.probability(of: pattern) / share) < 1e-12)
    }
    #expect(throws: PatternError.impossible) { try table.conditioned { _ in false } }
  }

  @Test func unfitTablesAreRefused() {
    let chain = ShapedChain.chain
    let all = chain.allPatterns
    #expect(throws: PatternError.wrongCount(patterns: 12, masses: 1)) {
      try PatternDistribution(patterns: all, masses: [1])
    }
    #expect(throws: PatternError.badMass(-1)) {
      try PatternDistribution(patterns: all, masses: [-1] + Array(repeating: 1, count: 11))
    }
    #expect(throws: PatternError.badMass(0)) {
      try PatternDistribution(patterns: all, masses: Array(repeating: 0, count: 12))
    }
    #expect(throws: PatternError.repeated) {
      try PatternDistribution(patterns: [all[0], all[0]], masses: [1, 1])
    }
    #expect(throws: PatternError.self) {
      try PatternDistribution(fitting: [ChainPattern(present: [true])], chain: chain)
    }
    #expect(throws: PatternError.badMass(0)) {
      try PatternDistribution(fitting: [all[0]], weights: [0], chain: chain)
    }
  }

  /// Sixteen optional effects have 65536 patterns.
  @Test func largestTableIsMade() throws {
    var chain = ChainDescription(
      series: (1...16).map {
        .biquad(.init(name: "peak\($0)", response: .peak, frequencyHz: .init(33, 5400), q: .init(0.2, 20)))
      }, sends: [], hasDirectPan: false)
    chain.optionalEffects = Set(chain.series.map(\.name))
    try chain.validate()
    // The pattern of nothing is none.
    #expect(chain.allPatterns.count == 65535)
    let fitted = try PatternDistribution(fitting: Array(chain.allPatterns.prefix(100)), chain: chain)
    #expect(fitted.patterns.count == 65535)
  }
}
