import Statistics

/// Scores beside the published ones of the same configurations (``PublishedMethods``).
///
/// Where tracks have the same names in both, both are restricted to these, and the differences are tested;
/// otherwise each stands on its own tracks, and only its own interval says how sure it is.
public struct ScoresBesidePublished: Sendable, Hashable {
  /// One method in one metric.
  public struct Entry: Sendable, Hashable {
    /// The method as it is called here.
    public let method: String
    /// Its published name.
    public let publishedName: String
    /// The scores here.
    public let own: ScoreSummary
    /// The published scores.
    public let published: ScoreSummary
    /// Here less published; nil where no track is in both.
    public let comparison: ScoreComparison?
    /// The p-value after Holm's correction for all comparisons in this metric.
    public let adjustedPValue: Double?
  }

  /// One metric.
  public struct Column: Sendable, Hashable {
    /// The metric.
    public let metric: ScoreMetric
    /// The methods with a counterpart, in the order of the table.
    public let entries: [Entry]
  }

  /// The metrics that both have, in the order of the table.
  public let columns: [Column]

  /// - Parameters:
  ///   - table: scores made here.
  ///   - published: those to set them beside.
  ///   - settings: the baseline is not used.
  /// - Throws: ``ScoreError/noCounterpart(methods:published:)``; `StatisticsError` for a score that is not finite.
  public init(_ table: ScoreTable, published: ScoreTable, _ settings: ScoreAnalysis.Settings) throws {
    columns = try table.metrics.compactMap { metric in
      let (own, others) = (table.scores(of: metric), published.scores(of: metric))
      let entries = try table.methods.compactMap { method -> Entry? in
        guard let name = PublishedMethods.name(of: method), let scores = own[method], let theirs = others[name]
        else {
          return nil
        }
        let common = Set(scores.keys).intersection(theirs.keys)
        func used(_ scores: [TrackName: Double]) -> [TrackName: Double] {
          common.isEmpty ? scores : scores.filter { common.contains($0.key) }
        }
        return Entry(
          method: method, publishedName: name,
          own: try ScoreSummary(used(scores), bootstrap: settings.bootstrap),
          published: try ScoreSummary(used(theirs), bootstrap: settings.bootstrap),
          comparison: try ScoreComparison(
            scores, baseline: theirs, unit: settings.unit, bootstrap: settings.bootstrap),
          adjustedPValue: nil)
      }
      return entries.isEmpty ? nil : Column(metric: metric, entries: Self.adjusted(entries))
    }
    guard !columns.isEmpty else {
      throw ScoreError.noCounterpart(
        methods: table.methods + table.metrics.map(\.key),
        published: published.methods.sorted() + published.metrics.map(\.key))
    }
  }

  private static func adjusted(_ entries: [Entry]) -> [Entry] {
    zip(entries, ScoreAnalysis.adjustedPValues(entries.map(\.comparison))).map { entry, pValue in
      Entry(
        method: entry.method, publishedName: entry.publishedName, own: entry.own, published: entry.published,
        comparison: entry.comparison, adjustedPValue: pValue)
    }
  }
}
