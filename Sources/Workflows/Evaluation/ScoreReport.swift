/// Scores of methods in numbers. The property names are the keys of the command's JSON; intervals are lists of two.
public struct ScoreReport: Encodable, Sendable, Hashable {
  /// The scores of a method on some tracks.
  public struct Summary: Encodable, Sendable, Hashable {
    /// How many tracks the numbers rest on.
    public let tracks: Int
    /// How many songs these are stems of.
    public let songs: Int
    /// Over the tracks, each of which counts the same.
    public let mean: Double
    /// Of the mean, over resamples of the songs; nil for a single song.
    public let meanInterval: [Double]?
    /// The mean without a tenth of the tracks at either end.
    public let trimmedMean: Double
    /// Over the tracks.
    public let median: Double
  }

  /// Paired differences of two lists of scores.
  public struct Difference: Encodable, Sendable, Hashable {
    /// How many pairs there are, songs or stems.
    public let pairs: Int
    /// The mean of the differences; below 0 the method is better.
    public let mean: Double
    /// Their median.
    public let median: Double
    /// Of the median, over resamples of the songs; nil for a single song.
    public let medianInterval: [Double]?
    /// Of Wilcoxon's test: the sum of the ranks of positive differences.
    public let positiveRankSum: Double
    /// That of the negative ones.
    public let negativeRankSum: Double
    /// Wilcoxon's two-sided p-value.
    public let pValue: Double
    /// Whether that is exact, not that of the normal limit.
    public let isExact: Bool
    /// After Holm's correction for all methods of the metric.
    public let adjustedPValue: Double
    /// The effect size: -1 where the method is better every time, 1 where it is worse.
    public let rankBiserial: Double
  }

  /// One method in one metric.
  public struct Row: Encodable, Sendable, Hashable {
    /// The method.
    public let method: String
    /// Its scores.
    public let scores: Summary
    /// The method less the baseline; nil for the baseline, and where both share no track.
    public let difference: Difference?
  }

  /// One metric.
  public struct Metric: Encodable, Sendable, Hashable {
    /// The name of its column.
    public let key: String
    /// What tables call it.
    public let label: String
    /// Whether the published scores have it.
    public let isPublished: Bool
    /// How many tracks have a number that is used.
    public let tracks: Int
    /// How many songs these are stems of.
    public let songs: Int
    /// In the order of the files, or as asked for.
    public let methods: [Row]
  }

  /// One method in one metric beside the published numbers.
  public struct PublishedRow: Encodable, Sendable, Hashable {
    /// The method as it is called here.
    public let method: String
    /// Its published name.
    public let publishedName: String
    /// Whether both rest on the same tracks.
    public let sharesTracks: Bool
    /// The scores here.
    public let own: Summary
    /// The published scores.
    public let published: Summary
    /// Here less published; nil where both share no track.
    public let difference: Difference?
  }

  /// One metric beside the published numbers.
  public struct PublishedMetric: Encodable, Sendable, Hashable {
    /// The name of its column.
    public let key: String
    /// What tables call it.
    public let label: String
    /// The methods with a counterpart.
    public let methods: [PublishedRow]
  }

  /// The published scores beside which ours are set.
  public struct Published: Encodable, Sendable, Hashable {
    /// The file that has them.
    public let file: String
    /// The metrics that both have.
    public let metrics: [PublishedMetric]
  }

  /// The files of scores.
  public let files: [String]
  /// In the order of the files, or as asked for.
  public let methods: [String]
  /// How many tracks the table has.
  public let tracks: Int
  /// How many songs these are stems of.
  public let songs: Int
  /// Whether all methods are seen on the same tracks.
  public let sharesTracks: Bool
  /// The method that others are compared with.
  public let baseline: String
  /// What counts as one observation of the tests: `song` or `stem`.
  public let unit: String
  /// What intervals hold, as a share.
  public let level: Double
  /// Resamples of the songs for each interval.
  public let resamples: Int
  /// The seed of the resamples.
  public let seed: UInt64
  /// The metrics that have any number.
  public let metrics: [Metric]
  /// Beside the published numbers, where these were asked for.
  public let against: Published?

  /// The joined scores in the layout of ``ScoreFile``: the rows that the statistics rest on.
  public let joined: String

  private enum CodingKeys: CodingKey {
    case files, methods, tracks, songs, sharesTracks, baseline, unit, level, resamples, seed, metrics, against
  }
}
