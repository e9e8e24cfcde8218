import NumericCore
import Statistics

/// Draws of one number, one row per chain, all of equal length: the input of convergence diagnostics.
///
/// Diagnostics are those of Vehtari, Gelman, Simpson, Carpenter and Buerkner, "Rank-normalization, folding, and
/// localization: an improved R-hat", Bayesian Analysis 16 (2021), doi:10.1214/20-BA1221, to the digits of ArviZ.
/// They are nil where there are fewer than ``minimumDraws`` draws in a chain.
public struct ScalarDraws: Sendable, Hashable {
  /// Fewer draws in a chain tell nothing.
  public static let minimumDraws = 4

  /// The draws, `chains[chain][draw]`.
  public let chains: [[Double]]

  /// - Precondition: there is a chain, all are equally long, and every draw is finite.
  public init(chains: [[Double]]) {
    precondition(!chains.isEmpty && chains.allSatisfy { $0.count == chains[0].count }, "Chains of unequal length")
    precondition(!chains.contains { $0.contains { !$0.isFinite } }, "A draw that is not finite")
    self.chains = chains
  }

  /// Number of chains.
  public var chainCount: Int { chains.count }
  /// Draws in each chain.
  public var drawCount: Int { chains[0].count }
  /// Draws in all chains.
  public var count: Int { chainCount * drawCount }
  /// All draws, chain after chain.
  public var pooled: [Double] { chains.flatMap { $0 } }
  var isJudgeable: Bool { drawCount >= Self.minimumDraws }

  // MARK: - Moments

  /// The mean of all draws together.
  public var mean: Double { Self.mean(pooled) }

  /// The standard deviation of all draws together, with n - 1; nil for a single draw.
  public var standardDeviation: Double? {
    guard count > 1 else { return nil }
    let (draws, unit) = inSafeUnit
    return Self.variance(draws.pooled).squareRoot() * unit
  }

  /// Whether all draws are the same, so that there is nothing to judge.
  public var isConstant: Bool {
    let first = chains[0].first
    return chains.allSatisfy { $0.allSatisfy { $0 == first } }
  }

  static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  /// With n - 1.
  static func variance(_ values: [Double]) -> Double {
    let mean = mean(values)
    return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
  }

  // MARK: - Transformations

  /// The draws in a unit in which their fourth powers are numbers: 1, or for draws beyond 2^200 a power of two, so
  /// that a change of unit costs no digits.
  var inSafeUnit: (draws: ScalarDraws, unit: Double) {
    let largest = chains.reduce(0.0) { $1.reduce($0) { max($0, $1.magnitude) } }
    guard largest > 0x1p200 else { return (self, 1) }
    let unit = Double(sign: .plus, exponent: Int(largest.exponent), significand: 1)
    return (map { $0 / unit }, unit)
  }

  package func map(_ transform: (Double) -> Double) -> ScalarDraws {
    ScalarDraws(chains: chains.map { $0.map(transform) })
  }

  /// The first and the last half of each chain as chains; the middle draw of an odd number is left out.
  var split: ScalarDraws {
    let half = drawCount / 2
    return ScalarDraws(chains: chains.map { Array($0.prefix(half)) } + chains.map { Array($0.suffix(half)) })
  }

  /// Distances from the median of all draws.
  var folded: ScalarDraws {
    let median = SortedQuantiles(pooled).median
    return map { ($0 - median).magnitude }
  }

  /// Normal scores of the ranks among all draws: quantiles at (rank - 3/8) / (count + 1/4), by Blom (1958).
  var rankNormalised: ScalarDraws {
    let ranks = SpearmanCorrelation.ranks(pooled)
    let scores = ranks.map { StandardNormal.quantile(($0 - 0.375) / (Double(count) + 0.25)) }
    return ScalarDraws(chains: (0..<chainCount).map { Array(scores[$0 * drawCount..<($0 + 1) * drawCount]) })
  }

  /// 1 where a draw is at most the quantile of all draws, else 0.
  func indicator(below probability: Double) -> ScalarDraws {
    let quantile = SortedQuantiles(pooled).value(at: probability)
    return map { $0 <= quantile ? 1 : 0 }
  }
}
