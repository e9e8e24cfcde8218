public import Statistics

/// A method against another one on the tracks that both were tried on, in one metric.
public struct ScoreComparison: Sendable, Hashable {
  /// What counts as one observation of the test.
  public enum Unit: String, Sendable, Hashable, CaseIterable {
    /// A song: the scores of its stems are averaged first. Songs are independent.
    case song
    /// A stem, as if all rows of a table were independent. Stems of one song are alike, so that p-values come out
    /// too small.
    case stem
  }

  /// What counts as one observation.
  public let unit: Unit
  /// How many pairs there are: songs or stems.
  public let pairs: Int
  /// The mean of the differences: method less baseline, so that below 0 the method is better.
  public let meanDifference: Double
  /// Their median.
  public let medianDifference: Double
  /// Of the median, by ``ScoreBootstrap``; nil for a single song.
  public let medianInterval: ClosedRange<Double>?
  /// Of the differences.
  public let test: WilcoxonSignedRank

  /// - Parameters:
  ///   - scores: of the method.
  ///   - baseline: those of the other one.
  ///   - unit: what counts as one observation.
  ///   - bootstrap: how the interval is made.
  /// - Returns: nil where no track is in both.
  /// - Throws: `StatisticsError` if a score is not finite.
  public init?(
    _ scores: [TrackName: Double], baseline: [TrackName: Double], unit: Unit, bootstrap: ScoreBootstrap
  ) throws(StatisticsError) {
    let first = scores.filter { baseline[$0.key] != nil }.bySong.map(\.values)
    let second = baseline.filter { scores[$0.key] != nil }.bySong.map(\.values)
    guard !first.isEmpty else { return nil }
    let differences = zip(first, second).map { own, other in
      unit == .song ? [Self.mean(own) - Self.mean(other)] : zip(own, other).map(-)
    }
    let values = differences.flatMap(\.self)
    self.unit = unit
    test = try WilcoxonSignedRank(values)
    pairs = values.count
    meanDifference = Self.mean(values)
    medianDifference = SortedQuantiles(values).median
    medianInterval = try bootstrap.medianInterval(differences)
  }

  private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
}
