public import FXParams
import Foundation
public import PresetStore

extension PatternDistribution {
  /// The patterns of a collection, counted and smoothed: (n_p + t q_p) / (n + t).
  ///
  /// q is a simple model of the same presets: which effects are there by a tree of pairs (Chow & Liu 1968), in
  /// which order by the share of each order among those that tell it. The strength t is that of the highest
  /// likelihood of each preset under the others, with q held: where the patterns show more dependence than pairs
  /// do, t is small, and the counts speak.
  ///
  /// - Parameters:
  ///   - patterns: one per preset, in canonical form.
  ///   - weights: of the presets, not negative; nil for equal ones.
  ///   - chain: the chain that has the optional effects.
  /// - Throws: ``PatternError`` for patterns that the chain does not have, and weights that are all zero.
  public init(fitting patterns: [ChainPattern], weights: [Double]? = nil, chain: ChainDescription) throws {
    let all = chain.allPatterns
    let weights = Self.counts(weights, presets: patterns.count)
    let total = weights.reduce(0, +)
    guard total > 0 else { throw PatternError.badMass(0) }
    let known = Set(all)
    if let stranger = patterns.first(where: { !known.contains($0) }) {
      throw PatternError.unknownPattern(
        stranger.present.count == chain.optionalEffects.count
          ? chain.words(for: stranger) : "of another chain")
    }
    let tree = PresenceTree(patterns.map(\.present), weights: weights)
    let orders = OrderShares(patterns, weights: weights, chain: chain)
    var model = all.map { exp(tree.logProbability(of: $0.present)) * orders.share(of: $0) }
    let sum = model.reduce(0, +)
    for index in model.indices { model[index] /= sum }
    let indices = Dictionary(zip(all, 0...), uniquingKeysWith: { first, _ in first })
    var counts = [Double](repeating: 0, count: all.count)
    for (pattern, weight) in zip(patterns, weights) { counts[indices[pattern] ?? 0] += weight }
    /// Log likelihood of each preset under the others.
    func likelihood(_ strength: Double) -> Double {
      zip(patterns, weights).reduce(0) { sum, preset in
        let (index, weight) = (indices[preset.0] ?? 0, preset.1)
        guard weight > 0 else { return sum }
        let rest = max(0, counts[index] - weight) + strength * model[index]
        return sum + weight * log(rest / (total - weight + strength))
      }
    }
    let strengths = stride(from: -4.0, through: 14, by: 0.5).map { exp2($0) }
    let strength = strengths.max { likelihood($0) < likelihood($1) } ?? 1
    try self.init(patterns: all, masses: zip(counts, model).map { $0 + strength * $1 })
  }

  /// That of the presets of a collection; nil where all of them are complete.
  ///
  /// - Throws: as ``init(fitting:weights:chain:)``.
  public static func fitted(to presets: PresetCollection) throws -> PatternDistribution? {
    try presets.patterns.map {
      try PatternDistribution(fitting: $0, weights: presets.weights, chain: presets.chain)
    }
  }

  /// Weights whose sum is the number of presets that they are worth: (sum w)^2 / sum w^2 (Kish 1965).
  private static func counts(_ weights: [Double]?, presets: Int) -> [Double] {
    guard let weights, let largest = weights.max(), largest > 0 else {
      return Array(repeating: weights == nil ? 1 : 0, count: presets)
    }
    let relative = weights.map { $0 / largest }
    let (sum, squares) = relative.reduce((0.0, 0.0)) { ($0.0 + $1, $0.1 + $1 * $1) }
    return relative.map { $0 * sum / squares }
  }
}

/// How often each order of a chain stands, from presets of which some are the same in several.
private struct OrderShares {
  private let shares: [Double]
  private let chain: ChainDescription

  init(_ patterns: [ChainPattern], weights: [Double], chain: ChainDescription) {
    self.chain = chain
    let count = chain.orders.count
    guard count > 1 else {
      shares = [1]
      return
    }
    // In the order of first sight, so that sums round alike in every run.
    var (places, seen, sums): ([ChainPattern: Int], [ChainPattern], [Double]) = ([:], [], [])
    for (pattern, weight) in zip(patterns, weights) {
      if let place = places[pattern] {
        sums[place] += weight
      } else {
        places[pattern] = seen.count
        seen.append(pattern)
        sums.append(weight)
      }
    }
    let classes = zip(seen, sums).map { (orders: Self.orders(like: $0, chain), weight: $1) }
    // EM over the order that a preset without some of its effects would have had.
    var shares = [Double](repeating: 1 / Double(count), count: count)
    for _ in 0..<200 {
      var counts = [Double](repeating: 0.5, count: count)
      for (orders, weight) in classes {
        let total = orders.reduce(0) { $0 + shares[$1] }
        for order in orders { counts[order] += weight * shares[order] / total }
      }
      let total = counts.reduce(0, +)
      shares = counts.map { $0 / total }
    }
    self.shares = shares
  }

  /// The share of all orders that run the effects of a pattern as it does.
  func share(of pattern: ChainPattern) -> Double {
    guard shares.count > 1 else { return 1 }
    return Self.orders(like: pattern, chain).reduce(0) { $0 + shares[$1] }
  }

  private static func orders(like pattern: ChainPattern, _ chain: ChainDescription) -> [Int] {
    chain.orders.indices.filter {
      chain.canonical(ChainPattern(present: pattern.present, order: $0)).order == pattern.order
    }
  }
}
