import Foundation

/// Wilcoxon's signed-rank test of paired differences: whether they are as often and as far above 0 as below.
///
/// The magnitudes are ranked, equal ones sharing their mean rank, and the ranks of positive and of negative differences
/// are summed; differences of 0 are dropped first. The two-sided p-value is
/// - exact for up to ``exactLimit`` differences, ties or not: the share of the 2^n patterns of signs whose smaller
///   rank sum is at most the one found. Mean ranks are multiples of a half, so that sums of doubled ranks are counted
///   as whole numbers;
/// - beyond that that of the normal limit, with its variance corrected for ties and half a rank for continuity.
///
/// Without ties and zeros the exact values are those of SciPy's `wilcoxon(method="exact")`, and the others are those
/// of `wilcoxon(method="asymptotic", correction=True)`. Left to itself, SciPy takes the exact ones up to n = 50, and
/// gives up on them at ties or zeros beyond n = 13.
///
/// Wilcoxon, "Individual comparisons by ranking methods", Biometrics Bulletin 1 (1945), doi:10.2307/3001968.
public struct WilcoxonSignedRank: Sendable, Hashable {
  /// The most differences for which the p-value is exact.
  public static let exactLimit = 25

  /// W+, the sum of the ranks of positive differences.
  public let positiveRankSum: Double
  /// W-, that of the negative ones; both add up to n (n + 1) / 2.
  public let negativeRankSum: Double
  /// n, how many differences are not 0.
  public let count: Int
  /// How many are 0.
  public let zeroCount: Int
  /// Whether the p-value is exact.
  public let isExact: Bool
  /// Two-sided; 1 if every difference is 0.
  public let pValue: Double

  /// The matched-pairs rank-biserial correlation (W+ - W-) / (W+ + W-): 1 if every difference is positive, -1 if every
  /// one is negative, 0 if they balance or all are 0.
  ///
  /// Kerby, "The simple difference formula", Comprehensive Psychology 3 (2014), doi:10.2466/11.IT.3.1.
  public var rankBiserial: Double {
    count == 0 ? 0 : (positiveRankSum - negativeRankSum) / (positiveRankSum + negativeRankSum)
  }

  /// - Parameter differences: one per pair, finite.
  /// - Throws: ``StatisticsError`` if there are none or one is not finite.
  public init(_ differences: [Double]) throws(StatisticsError) {
    try requireSample(differences, "Wilcoxon's test", atLeast: 1)
    let signed = differences.filter { $0 != 0 }
    let ranks = SpearmanCorrelation.ranks(signed.map(\.magnitude))
    (count, zeroCount) = (signed.count, differences.count - signed.count)
    positiveRankSum = zip(signed, ranks).reduce(0) { $1.0 > 0 ? $0 + $1.1 : $0 }
    negativeRankSum = zip(signed, ranks).reduce(0) { $1.0 < 0 ? $0 + $1.1 : $0 }
    isExact = count <= Self.exactLimit
    let smaller = min(positiveRankSum, negativeRankSum)
    pValue = isExact ? Self.exact(smaller, ranks) : Self.asymptotic(smaller, ranks)
  }

  /// Twice the share of sign patterns with a sum of positive ranks of at most `sum`.
  private static func exact(_ sum: Double, _ ranks: [Double]) -> Double {
    let doubled = ranks.map { Int(2 * $0) }
    // How many patterns give each doubled sum; up to 2^25, which is exact.
    var patterns = [Double](repeating: 0, count: doubled.reduce(1, +))
    patterns[0] = 1
    var largest = 0
    for rank in doubled {
      for total in stride(from: largest, through: 0, by: -1) { patterns[total + rank] += patterns[total] }
      largest += rank
    }
    let below = patterns[...Int(2 * sum)].reduce(0, +)
    return min(1, 2 * below / pow(2, Double(ranks.count)))
  }

  private static func asymptotic(_ sum: Double, _ ranks: [Double]) -> Double {
    let n = Double(ranks.count)
    // A tie of t magnitudes has t equal ranks, each of which counts t^2 - 1 here.
    let sizes = Dictionary(grouping: ranks, by: \.self).values.map { Double($0.count) }
    let ties = sizes.sorted().reduce(0) { $0 + ($1 * $1 - 1) * $1 }
    let variance = n * (n + 1) * (2 * n + 1) / 24 - ties / 48
    let deviation = max(0, n * (n + 1) / 4 - sum - 0.5)
    return min(1, 2 * TailProbability.normal(deviation / variance.squareRoot()))
  }
}
