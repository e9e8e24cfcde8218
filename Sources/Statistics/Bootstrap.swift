public import NumericCore

/// Confidence intervals by resampling: Efron and Tibshirani, "An introduction to the bootstrap", Chapman and Hall
/// 1993, chapter 13 (percentile intervals).
public enum Bootstrap {
  /// The interval that holds the middle `level` of a statistic over resamples with replacement.
  ///
  /// - Parameters:
  ///   - values: the sample, finite.
  ///   - level: the probability that the interval holds, as a share: 0.95 for 95 %.
  ///   - resamples: how many resamples are drawn.
  ///   - source: gives the random numbers: the same state gives the same interval.
  ///   - statistic: of a resample, which has the size of the sample.
  /// - Throws: ``StatisticsError`` if there are no values or one is not finite.
  /// - Precondition: 0 < level < 1, and at least one resample.
  public static func interval(
    _ values: [Double], level: Double = 0.95, resamples: Int = 2000, using source: inout RandomSource,
    statistic: ([Double]) -> Double
  ) throws(StatisticsError) -> ClosedRange<Double> {
    try requireSample(values, "The bootstrap", atLeast: 1)
    return try interval(
      ofUnits: values, level: level, resamples: resamples, using: &source, statistic: statistic)
  }

  /// The interval of a statistic where what is resampled is not a number but a unit of some: for instance a song, with
  /// all values of its stems, which depend on each other (the cluster bootstrap: Davison and Hinkley, "Bootstrap
  /// methods and their application", Cambridge University Press 1997, section 3.8).
  ///
  /// - Parameters:
  ///   - units: independent of each other.
  ///   - level: the probability that the interval holds, as a share.
  ///   - resamples: how many resamples are drawn.
  ///   - source: gives the random numbers: the same state gives the same interval.
  ///   - statistic: of a resample, which has as many units; not NaN.
  /// - Throws: ``StatisticsError`` if there are no units.
  /// - Precondition: 0 < level < 1, and at least one resample.
  public static func interval<Unit>(
    ofUnits units: [Unit], level: Double = 0.95, resamples: Int = 2000, using source: inout RandomSource,
    statistic: ([Unit]) -> Double
  ) throws(StatisticsError) -> ClosedRange<Double> {
    precondition(level > 0 && level < 1 && resamples > 0, "A level of \(level) from \(resamples) resamples")
    guard !units.isEmpty else { throw .tooFew("The bootstrap", found: 0, needed: 1) }
    var resample = units
    var results: [Double] = []
    for _ in 0..<resamples {
      for index in resample.indices { resample[index] = units[Int.random(in: 0..<units.count, using: &source)] }
      results.append(statistic(resample))
    }
    let quantiles = SortedQuantiles(results)
    return quantiles.value(at: (1 - level) / 2)...quantiles.value(at: (1 + level) / 2)
  }

  /// The interval of the mean.
  public static func meanInterval(
    _ values: [Double], level: Double = 0.95, resamples: Int = 2000, using source: inout RandomSource
  ) throws(StatisticsError) -> ClosedRange<Double> {
    try interval(values, level: level, resamples: resamples, using: &source) {
      $0.reduce(0, +) / Double($0.count)
    }
  }
}
