public import Statistics

/// What the scores of a method on some tracks amount to, in one metric. Every track counts the same, as in the
/// published averages; the interval allows for stems of one song being alike.
public struct ScoreSummary: Sendable, Hashable {
  /// How many tracks the numbers rest on.
  public let tracks: Int
  /// How many songs these are stems of.
  public let songs: Int
  /// Over the tracks.
  public let mean: Double
  /// Of the mean, by ``ScoreBootstrap``; nil for a single song.
  public let meanInterval: ClosedRange<Double>?
  /// Over the tracks.
  public let median: Double
  /// Over the tracks without a tenth at either end (`TrimmedMean`).
  public let trimmedMean: Double

  /// - Throws: `StatisticsError` if there are no scores or one is not finite.
  public init(_ scores: [TrackName: Double], bootstrap: ScoreBootstrap) throws(StatisticsError) {
    let bySong = scores.bySong.map(\.values)
    let values = bySong.flatMap(\.self)
    trimmedMean = try TrimmedMean.value(values)
    (tracks, songs) = (values.count, bySong.count)
    mean = values.reduce(0, +) / Double(values.count)
    median = SortedQuantiles(values).median
    meanInterval = try bootstrap.meanInterval(bySong)
  }
}
