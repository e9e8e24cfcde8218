import Statistics

/// The statistics of a table: for each metric a summary of every method, and its comparison with a baseline.
public struct ScoreAnalysis: Sendable, Hashable {
  /// What is to be computed.
  public struct Settings: Sendable, Hashable {
    /// The method that others are compared with; nil for `mean` where the table has it, and its first method
    /// otherwise.
    public var baseline: String?
    /// What counts as one observation of the tests.
    public var unit = ScoreComparison.Unit.song
    /// Whether a metric rests on the tracks where every method that has it has a number. Otherwise each method is
    /// summarised on its own tracks, and compared on those that it shares with the baseline.
    public var sharesTracks = true
    /// How intervals are made.
    public var bootstrap = ScoreBootstrap()

    public init() {}
  }

  /// One method in one metric.
  public struct Entry: Sendable, Hashable {
    /// The method.
    public let method: String
    /// Its scores.
    public let summary: ScoreSummary
    /// The method less the baseline; nil for the baseline itself, and where both share no track.
    public let comparison: ScoreComparison?
    /// The p-value after Holm's correction for all comparisons in this metric.
    public let adjustedPValue: Double?
  }

  /// One metric.
  public struct Column: Sendable, Hashable {
    /// The metric.
    public let metric: ScoreMetric
    /// How many tracks have a number that is used.
    public let tracks: Int
    /// How many songs these are stems of.
    public let songs: Int
    /// The methods that have the metric, in the order of the table.
    public let entries: [Entry]
  }

  /// The method that others are compared with.
  public let baseline: String
  /// The metrics that have any number, in the order of the table; at least one.
  public let columns: [Column]

  /// - Throws: ``ScoreError`` for an unknown baseline, a metric without a track common to its methods, or no
  ///   numbers; `StatisticsError` for a score that is not finite.
  public init(_ table: ScoreTable, _ settings: Settings = Settings()) throws {
    let methods = table.methods
    guard let first = methods.first else { throw ScoreError.noScores(sources: ["The table"]) }
    let baseline = settings.baseline ?? (methods.contains("mean") ? "mean" : first)
    guard methods.contains(baseline) else {
      throw ScoreError.unknown(kind: "baseline", name: baseline, known: methods)
    }
    self.baseline = baseline
    columns = try table.metrics.compactMap { metric in
      var scores = table.scores(of: metric)
      let present = methods.filter { scores[$0] != nil }
      guard !present.isEmpty else { return nil }
      if settings.sharesTracks {
        let common = Self.common(scores.values.map { Set($0.keys) })
        guard !common.isEmpty else {
          throw ScoreError.noCommonValues(
            metric: metric.key, counts: present.map { "\($0) on \(scores[$0]?.count ?? 0)" })
        }
        scores = scores.mapValues { $0.filter { common.contains($0.key) } }
      }
      let used = Set(scores.values.flatMap(\.keys))
      return Column(
        metric: metric, tracks: used.count, songs: Set(used.map(\.song)).count,
        entries: try Self.entries(present, scores, baseline: baseline, settings))
    }
    guard !columns.isEmpty else {
      throw ScoreError.noNumbers(methods: methods, metrics: table.metrics.map(\.key))
    }
  }

  private static func entries(
    _ methods: [String], _ scores: [String: [TrackName: Double]], baseline: String, _ settings: Settings
  ) throws -> [Entry] {
    let comparisons = try methods.map { method in
      try scores[method].flatMap { own in
        try method == baseline
          ? nil
          : ScoreComparison(
            own, baseline: scores[baseline] ?? [:], unit: settings.unit, bootstrap: settings.bootstrap)
      }
    }
    let adjusted = adjustedPValues(comparisons)
    return try methods.indices.compactMap { index in
      try scores[methods[index]].map { own in
        Entry(
          method: methods[index], summary: try ScoreSummary(own, bootstrap: settings.bootstrap),
          comparison: comparisons[index], adjustedPValue: adjusted[index])
      }
    }
  }

  /// Holm's correction over the comparisons that there are.
  static func adjustedPValues(_ comparisons: [ScoreComparison?]) -> [Double?] {
    var adjusted = HolmCorrection.adjusted(comparisons.compactMap { $0?.test.pValue })[...]
    return comparisons.map { $0 == nil ? nil : adjusted.popFirst() }
  }

  private static func common(_ tracks: [Set<TrackName>]) -> Set<TrackName> {
    tracks.dropFirst().reduce(tracks.first ?? []) { $0.intersection($1) }
  }
}
