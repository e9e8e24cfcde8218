import Distributions
public import FXParams
import Foundation
public import NumericCore

/// The probability of each pattern of a chain: which optional effects a preset has, and in which order.
///
/// A table of all patterns; with a density over all parameters it makes a prior of presets of varying shape.
public struct PatternDistribution: Sendable, Hashable {
  /// The most probable first; each in canonical form.
  public let patterns: [ChainPattern]
  /// Of ``patterns``; their sum is 1.
  public let probabilities: [Double]
  private let indices: [ChainPattern: Int]

  /// - Parameters:
  ///   - patterns: canonical, each once.
  ///   - masses: one per pattern, not negative, in any unit.
  /// - Throws: ``PatternError`` for masses that are no numbers, negative, or all zero, and patterns that repeat.
  public init(patterns: [ChainPattern], masses: [Double]) throws {
    guard patterns.count == masses.count, !patterns.isEmpty else {
      throw PatternError.wrongCount(patterns: patterns.count, masses: masses.count)
    }
    guard let largest = masses.max(), largest > 0, masses.allSatisfy({ $0.isFinite && $0 >= 0 }) else {
      throw PatternError.badMass(masses.first { !($0.isFinite && $0 >= 0) } ?? 0)
    }
    // Sorting keeps the order of equals, so that the same table always lists alike.
    let order = masses.indices.sorted { masses[$0] > masses[$1] }
    let total = masses.reduce(0) { $0 + $1 / largest }
    self.patterns = order.map { patterns[$0] }
    probabilities = order.map { masses[$0] / largest / total }
    indices = Dictionary(zip(self.patterns, 0...), uniquingKeysWith: { first, _ in first })
    guard indices.count == patterns.count else { throw PatternError.repeated }
  }

  /// The probability of a pattern in canonical form; 0 for one that the chain does not have.
  public func probability(of pattern: ChainPattern) -> Double { indices[pattern].map { probabilities[$0] } ?? 0 }

  /// Its logarithm; minus infinity for a pattern of no probability.
  public func logProbability(of pattern: ChainPattern) -> Double { log(probability(of: pattern)) }

  /// One pattern drawn; takes one uniform deviate.
  public func sample(using source: inout RandomSource) -> ChainPattern {
    patterns[source.nextIndex(weights: probabilities)]
  }

  /// The probability that a preset has the optional effect of an index.
  public func presence(ofEffect index: Int) -> Double {
    zip(patterns, probabilities).reduce(0) { $0 + ($1.0.present[index] ? $1.1 : 0) }
  }

  /// The distribution of patterns that meet a condition, in their old proportions.
  ///
  /// - Throws: ``PatternError/impossible`` where none does, or none that has a probability.
  public func conditioned(on condition: (ChainPattern) -> Bool) throws -> PatternDistribution {
    let kept = patterns.indices.filter { condition(patterns[$0]) && probabilities[$0] > 0 }
    guard !kept.isEmpty else { throw PatternError.impossible }
    return try PatternDistribution(patterns: kept.map { patterns[$0] }, masses: kept.map { probabilities[$0] })
  }
}

/// Unfit tables of patterns, and conditions that no pattern meets.
public enum PatternError: Error, Equatable, Sendable, CustomStringConvertible {
  case wrongCount(patterns: Int, masses: Int)
  case badMass(Double)
  case repeated
  case impossible
  /// A preset of another shape than a prior knows, in words.
  case unknownPattern(String)
  /// A prior of presets that all have one shape, asked for another.
  case oneShape
  /// A prior of presets of several shapes, where copies of a preset are summed over.
  case severalShapes

  public var description: String {
    switch self {
    case .wrongCount(let patterns, let masses):
      "There are \(masses) probabilities for \(patterns) patterns: give one for each, and at least one."
    case .badMass(let value):
      "The probability of a pattern is \(value): it must be finite and not negative, and one must be positive."
    case .repeated: "A pattern stands twice in its table: give each once."
    case .impossible: "No pattern of the prior meets the condition: leave some effects or the order open."
    case .unknownPattern(let words): "The prior gives presets of the pattern \(words) no probability: fit it again."
    case .oneShape:
      "The prior was fitted to presets that all have every effect, and says nothing of others: fit it to presets "
        + "that lack some."
    case .severalShapes:
      "Sums over the copies of a preset are for presets of one shape, and the prior is of several: condition it on "
        + "one first."
    }
  }
}
