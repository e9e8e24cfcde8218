import NumericCore
import Statistics

/// How intervals of scores are made: percentiles over resamples of the songs, each of which keeps all its stems
/// (`Bootstrap`).
///
/// Every interval over the same number of songs takes the same resamples, so that it depends neither on which other
/// methods are listed nor on their order.
public struct ScoreBootstrap: Sendable, Hashable {
  /// The probability that an interval holds, as a share.
  public var level = 0.95
  /// How many resamples are drawn, at least 1.
  public var resamples = 2000
  /// The same seed gives the same intervals.
  public var seed: UInt64 = 0

  public init() {}

  /// Of the mean over all stems.
  ///
  /// - Parameter songs: a list of numbers for each song.
  /// - Returns: nil for fewer than two songs, which cannot tell how songs differ.
  func meanInterval(_ songs: [[Double]]) throws(StatisticsError) -> ClosedRange<Double>? {
    try interval(songs.map { (sum: $0.reduce(0, +), count: Double($0.count)) }) { resample in
      let total = resample.reduce((sum: 0.0, count: 0.0)) { ($0.sum + $1.sum, $0.count + $1.count) }
      return total.sum / total.count
    }
  }

  /// Of the median over all stems.
  func medianInterval(_ songs: [[Double]]) throws(StatisticsError) -> ClosedRange<Double>? {
    try interval(songs) { SortedQuantiles($0.flatMap(\.self)).median }
  }

  private func interval<Unit>(
    _ units: [Unit], _ statistic: ([Unit]) -> Double
  ) throws(StatisticsError) -> ClosedRange<Double>? {
    guard units.count > 1 else { return nil }
    var source = RandomSource(seed: seed)
    return try Bootstrap.interval(
      ofUnits: units, level: level, resamples: resamples, using: &source, statistic: statistic)
  }
}

extension [TrackName: Double] {
  /// The numbers of each song, songs and stems in the order of their names, so that sums do not depend on the
  /// order of rows.
  var bySong: [(song: String, values: [Double])] {
    var result: [(song: String, values: [Double])] = []
    for (track, value) in sorted(by: { $0.key < $1.key }) {
      if result.last?.song == track.song {
        result[result.count - 1].values.append(value)
      } else {
        result.append((track.song, [value]))
      }
    }
    return result
  }
}
