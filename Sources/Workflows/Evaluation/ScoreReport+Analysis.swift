import Evaluation
import Statistics

// A report from the statistics of a table.

extension ScoreReport {
  init(
    files: [String], table: ScoreTable, analysis: ScoreAnalysis, settings: ScoreAnalysis.Settings,
    against: (file: String, scores: ScoresBesidePublished)?
  ) {
    self.files = files
    methods = table.methods
    tracks = table.tracks.count
    songs = Set(table.tracks.map(\.song)).count
    sharesTracks = settings.sharesTracks
    baseline = analysis.baseline
    unit = settings.unit.rawValue
    (level, resamples) = (settings.bootstrap.level, settings.bootstrap.resamples)
    seed = settings.bootstrap.seed
    metrics = analysis.columns.map { column in
      Metric(
        key: column.metric.key, label: column.metric.label, isPublished: column.metric.isPublished,
        tracks: column.tracks, songs: column.songs,
        methods: column.entries.map {
          Row(
            method: $0.method, scores: Summary($0.summary),
            difference: Difference($0.comparison, adjustedPValue: $0.adjustedPValue))
        })
    }
    self.against = against.map { file, scores in
      Published(
        file: file,
        metrics: scores.columns.map { column in
          PublishedMetric(
            key: column.metric.key, label: column.metric.label, methods: column.entries.map(PublishedRow.init))
        })
    }
    joined = ScoreFile.text(table)
  }
}

extension ScoreReport.PublishedRow {
  fileprivate init(_ entry: ScoresBesidePublished.Entry) {
    self.init(
      method: entry.method, publishedName: entry.publishedName, sharesTracks: entry.comparison != nil,
      own: .init(entry.own), published: .init(entry.published),
      difference: .init(entry.comparison, adjustedPValue: entry.adjustedPValue))
  }
}

extension ScoreReport.Summary {
  fileprivate init(_ summary: ScoreSummary) {
    self.init(
      tracks: summary.tracks, songs: summary.songs, mean: summary.mean,
      meanInterval: summary.meanInterval.map { [$0.lowerBound, $0.upperBound] },
      trimmedMean: summary.trimmedMean, median: summary.median)
  }
}

extension ScoreReport.Difference {
  fileprivate init?(_ comparison: ScoreComparison?, adjustedPValue: Double?) {
    guard let comparison, let adjustedPValue else { return nil }
    let test = comparison.test
    self.init(
      pairs: comparison.pairs, mean: comparison.meanDifference, median: comparison.medianDifference,
      medianInterval: comparison.medianInterval.map { [$0.lowerBound, $0.upperBound] },
      positiveRankSum: test.positiveRankSum, negativeRankSum: test.negativeRankSum, pValue: test.pValue,
      isExact: test.isExact, adjustedPValue: adjustedPValue, rankBiserial: test.rankBiserial)
  }
}
