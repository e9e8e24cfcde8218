import Distributions
public import FXParams
public import NumericCore
public import PresetStore

// Priors of presets of varying shape: p(pattern) times the density of what is present, which is the marginal of one
// density over all parameters.

extension Prior {
  /// The prior of the presets of one pattern, over the chain that it leaves; given the pattern, so that its density
  /// integrates to 1.
  ///
  /// - Throws: `DistributionError` for a family whose marginals have no closed form, and where a symmetry of the
  ///   density moves what is present and what is not together.
  /// - Precondition: the chain has the pattern.
  public func ofPattern(_ pattern: ChainPattern) throws -> Prior {
    let variant = chain.variant(pattern)
    let own: any Distribution
    if variant.positions == Array(0..<space.count) {
      own = distribution
    } else {
      own = try distribution.marginalDistribution(over: variant.positions)
    }
    var result = try Prior(chain: variant.chain, distribution: own, record: record)
    if let range = record?.observedRange { result.record?.observedRange = range.selecting(variant.positions) }
    return result
  }

  /// The prior once something is known of the pattern: over the chain of the only pattern that is left, or over the
  /// same chain with the patterns that are.
  ///
  /// - Throws: ``PatternError/oneShape`` for a prior of presets of one shape, ``PatternError/impossible`` where no
  ///   pattern meets the condition; as ``ofPattern(_:)``.
  public func conditioned(onPatterns condition: (ChainPattern) -> Bool) throws -> Prior {
    guard let left = try patterns?.conditioned(on: condition) else { throw PatternError.oneShape }
    if left.patterns.count == 1 { return try ofPattern(left.patterns[0]) }
    var result = self
    result.patterns = left
    return result
  }

  /// The log density that a pattern and its values have beyond that of complete presets at the mean: how much the
  /// prior prefers them, in nats, whatever the number of parameters and their units.
  ///
  /// log p(pattern) + log p(theta | pattern) - log p(mean | pattern): of a Gaussian, log p(pattern) less half the
  /// squared Mahalanobis distance. It is the density over all parameters, with those of absent effects at their
  /// most plausible values, up to a constant; how much volume a pattern's values have is no part of it.
  ///
  /// - Parameters:
  ///   - pattern: which effects there are.
  ///   - theta: logits of the parameters that are present, in the order of the pattern's chain.
  /// - Throws: as ``logDensities(ofRows:patterns:)``.
  public func preference(for pattern: ChainPattern, at theta: [Double]) throws -> Double {
    guard let patterns else { throw PatternError.oneShape }
    let own = try ofPattern(pattern)
    return patterns.logProbability(of: pattern) + own.logDensity(at: theta) - own.logDensity(at: own.mean)
  }

  /// Log densities, in nats, of presets of varying shape: log p(pattern) + log p(what is present | pattern).
  ///
  /// - Parameters:
  ///   - theta: logits [count, dimension] in the flat order; those of absent effects are not read.
  ///   - own: the pattern of each row.
  /// - Returns: one per row; minus infinity for a pattern that the prior does not have.
  /// - Throws: ``PatternError/oneShape`` for a prior of presets of one shape; as ``ofPattern(_:)``.
  public func logDensities(ofRows theta: Matrix, patterns own: [ChainPattern]) throws -> [Double] {
    guard let patterns else { throw PatternError.oneShape }
    var result = [Double](repeating: -.infinity, count: theta.rows)
    for (pattern, rows) in Dictionary(grouping: own.indices, by: { own[$0] }) {
      let logProbability = patterns.logProbability(of: pattern)
      guard logProbability > -.infinity else { continue }
      let values = theta.selecting(rows: rows, columns: chain.variant(pattern).positions)
      for (row, density) in zip(rows, try ofPattern(pattern).logDensities(ofRows: values)) {
        result[row] = logProbability + density
      }
    }
    return result
  }

  /// Draws of one seed: for each a pattern, then values of what it has; absent logits are not numbers.
  ///
  /// Draw k uses stream k of the seed alone, so that it is the same in any range that holds it.
  ///
  /// - Parameters:
  ///   - indices: which draws.
  ///   - seed: the same seed gives the same draws.
  ///   - temperature: positive; spreads the values of a draw, not its pattern, as in
  ///     ``samples(_:seed:temperature:within:)``.
  ///   - range: of physical values, over all parameters; draws of values outside are drawn again.
  /// - Throws: ``PatternError/oneShape`` for a prior of presets of one shape; as ``ofPattern(_:)`` and
  ///   ``samples(_:seed:temperature:within:)``.
  public func patternedSamples(
    _ indices: Range<Int>, seed: UInt64, temperature: Double = 1, within range: ObservedRange? = nil
  ) throws -> (theta: Matrix, patterns: [ChainPattern]) {
    guard let patterns else { throw PatternError.oneShape }
    var theta = Matrix(
      rows: indices.count, columns: space.count,
      values: Array(repeating: .nan, count: indices.count * space.count))
    var sources = indices.map { RandomSource(seed: seed, stream: UInt64($0)) }
    let drawn = sources.indices.map { patterns.sample(using: &sources[$0]) }
    for (pattern, rows) in Dictionary(grouping: drawn.indices, by: { drawn[$0] }) {
      let positions = chain.variant(pattern).positions
      let own = try ofPattern(pattern)
      let ownRange = range?.selecting(positions)
      for row in rows {
        let draw = try own.sample(using: &sources[row], temperature: temperature, within: ownRange)
        for (position, value) in zip(positions, draw) { theta[row, position] = value }
      }
    }
    return (theta, drawn)
  }
}
