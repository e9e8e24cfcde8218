import Foundation

extension ScalarDraws {
  /// How many independent draws would estimate the centre as well: the effective sample size of the split,
  /// rank-normalised draws. Nil for too few draws.
  public var bulkESS: Double? { isJudgeable ? split.rankNormalised.plainESS : nil }

  /// The smaller of the effective sample sizes for the 5 % and 95 % quantiles.
  public var tailESS: Double? {
    guard let lower = ess(quantile: 0.05), let upper = ess(quantile: 0.95) else { return nil }
    return min(lower, upper)
  }

  /// The effective sample size for the mean.
  public var meanESS: Double? { isJudgeable ? split.plainESS : nil }

  /// The effective sample size for a quantile.
  public func ess(quantile probability: Double) -> Double? {
    isJudgeable ? indicator(below: probability).split.plainESS : nil
  }

  /// Draws over the integrated autocorrelation time, which is summed by Geyer's initial monotone sequence over the
  /// autocorrelations of all chains together (Geyer 1992; Vehtari et al. 2021, section 3.2).
  ///
  /// Draws that are all the same count in full. No more than count log10(count) is ever claimed.
  private var plainESS: Double {
    let values = pooled
    let range = (values.max() ?? 0) - (values.min() ?? 0)
    guard range >= 1e-15 else { return Double(count) }
    let size = Double(drawCount)
    let autocovariance = Autocovariance(count: drawCount)
    var covariances = [Double](repeating: 0, count: drawCount)
    for chain in chains {
      for (lag, value) in autocovariance(chain).enumerated() { covariances[lag] += value / Double(chainCount) }
    }
    let within = covariances[0] * size / (size - 1)
    let total = covariances[0] + (chainCount > 1 ? Self.variance(chains.map(Self.mean)) : 0)
    func correlation(_ lag: Int) -> Double { 1 - (within - covariances[lag]) / total }

    // Sums of neighbours are positive as long as they are more than noise.
    var correlations = [Double](repeating: 0, count: drawCount)
    var even = 1.0
    var odd = correlation(1)
    (correlations[0], correlations[1]) = (even, odd)
    var lag = 1
    while lag < drawCount - 3, even + odd > 0 {
      even = correlation(lag + 1)
      odd = correlation(lag + 2)
      if even + odd >= 0 { (correlations[lag + 1], correlations[lag + 2]) = (even, odd) }
      lag += 2
    }
    let last = max(lag - 2, 0)
    // The estimate is better with one more even term, for chains that alternate.
    if even > 0 { correlations[last + 1] = even }
    // And those sums decrease.
    lag = 1
    while lag <= last - 2 {
      let previous = correlations[lag - 1] + correlations[lag]
      if correlations[lag + 1] + correlations[lag + 2] > previous {
        (correlations[lag + 1], correlations[lag + 2]) = (previous / 2, previous / 2)
      }
      lag += 2
    }
    let time = -1 + 2 * correlations[...last].reduce(0, +) + (last + 1 < drawCount ? correlations[last + 1] : 0)
    return Double(count) / max(time, 1 / log10(Double(count)))
  }
}
