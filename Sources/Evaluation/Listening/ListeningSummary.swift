import NumericCore
public import Statistics

/// What a listening test says: each stimulus by the means of its listeners, and every pair of stimuli compared.
///
/// A listener's scores of a stimulus are averaged over the trials, so that there is one number per listener, and
/// listeners are independent. Pairs are compared by Wilcoxon's signed-rank test over listeners, all of them
/// corrected together by Holm's method.
public struct ListeningSummary: Sendable, Hashable {
  /// A stimulus.
  public struct Stimulus: Sendable, Hashable {
    /// As the ratings name it.
    public let name: String
    /// The mean of each listener's ratings, in the order of ``ListeningSummary/listeners``.
    public let listenerMeans: [Double]
    /// Of the listeners' means.
    public let median: Double
    /// The bootstrap interval of the median over listeners.
    public let interval: ClosedRange<Double>
    /// The first and the third quartile of the listeners' means.
    public let quartiles: ClosedRange<Double>
    /// Of the listeners' means.
    public let mean: Double
  }

  /// Two stimuli, the one with the higher median first.
  public struct Pair: Sendable, Hashable {
    /// The one with the higher median.
    public let first: String
    /// The other.
    public let second: String
    /// The median over listeners of the difference, first minus second.
    public let medianDifference: Double
    /// The bootstrap interval of that median over listeners.
    public let interval: ClosedRange<Double>
    /// The test of the differences.
    public let test: WilcoxonSignedRank
    /// Holm's correction of the test's p-value, over all pairs.
    public let adjustedPValue: Double
  }

  /// Whose ratings these are.
  public let listeners: [String]
  /// By their medians, highest first.
  public let stimuli: [Stimulus]
  /// Of each stimulus with those after it.
  public let pairs: [Pair]

  /// Resamples behind every interval.
  public static let resamples = 10_000

  /// Summarises ratings.
  ///
  /// - Parameters:
  ///   - ratings: of listeners who have rated every stimulus.
  ///   - level: of the intervals, as a share.
  ///   - seed: of the resamples; every interval has a stream of its own.
  /// - Throws: `StatisticsError` for ratings without listeners or with a score that is not finite.
  /// - Precondition: 0 < level < 1, and every listener has rated every stimulus.
  public init(of ratings: ListeningRatings, level: Double = 0.95, seed: UInt64 = 0) throws(StatisticsError) {
    let listeners = ratings.listeners
    self.listeners = listeners
    var stream: UInt64 = 0
    func interval(_ values: [Double]) throws(StatisticsError) -> ClosedRange<Double> {
      var source = RandomSource(seed: seed, stream: stream)
      stream += 1
      return try Bootstrap.interval(values, level: level, resamples: Self.resamples, using: &source) {
        SortedQuantiles($0).median
      }
    }
    var stimuli: [Stimulus] = []
    for name in ratings.stimuli {
      let means = listeners.compactMap { ratings.mean(by: $0, of: name) }
      precondition(means.count == listeners.count, "\(name) is not rated by every listener")
      let range = try interval(means)
      let quantiles = SortedQuantiles(means)
      stimuli.append(
        Stimulus(
          name: name, listenerMeans: means, median: quantiles.median, interval: range,
          quartiles: quantiles.value(at: 0.25)...quantiles.value(at: 0.75),
          mean: means.reduce(0, +) / Double(means.count)))
    }
    stimuli.sort { ($1.median, $0.name) < ($0.median, $1.name) }
    self.stimuli = stimuli
    var pairs: [Pair] = []
    for (place, first) in stimuli.enumerated() {
      for second in stimuli[(place + 1)...] {
        let differences = zip(first.listenerMeans, second.listenerMeans).map { $0 - $1 }
        pairs.append(
          Pair(
            first: first.name, second: second.name, medianDifference: SortedQuantiles(differences).median,
            interval: try interval(differences), test: try WilcoxonSignedRank(differences), adjustedPValue: 1))
      }
    }
    self.pairs = zip(pairs, HolmCorrection.adjusted(pairs.map(\.test.pValue))).map { $0.adjusted(to: $1) }
  }
}

extension ListeningSummary.Pair {
  fileprivate func adjusted(to pValue: Double) -> Self {
    Self(
      first: first, second: second, medianDifference: medianDifference, interval: interval, test: test,
      adjustedPValue: pValue)
  }
}
