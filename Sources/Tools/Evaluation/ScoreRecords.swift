import Workflows

/// Scores as comma-separated values: a line per metric and method, numbers in full, empty where there is none.
struct ScoreRecords {
  private let report: ScoreReport

  init(_ report: ScoreReport) { self.report = report }

  var text: String {
    let header =
      ["metric", "method"] + Self.summaryNames("") + ["baseline"] + Self.differenceNames("")
      + (report.against == nil
        ? []
        : ["published_name"] + Self.summaryNames("own_") + Self.summaryNames("published_")
          + Self.differenceNames("published_"))
    let lines = report.metrics.flatMap { metric in
      metric.methods.map { row in
        [metric.key, row.method] + cells(row.scores) + [report.baseline] + cells(row.difference)
          + (report.against.map { cells(metric: metric.key, method: row.method, $0) } ?? [])
      }
    }
    return ([header] + lines).map(CSVText.line).joined()
  }

  private static func summaryNames(_ prefix: String) -> [String] {
    ["tracks", "songs", "mean", "mean_lower", "mean_upper", "trimmed_mean", "median"].map { prefix + $0 }
  }

  private static func differenceNames(_ prefix: String) -> [String] {
    [
      "pairs", "difference_mean", "difference_median", "difference_lower", "difference_upper", "p", "p_holm",
      "rank_biserial",
    ].map { prefix + $0 }
  }

  private func cells(metric: String, method: String, _ published: ScoreReport.Published) -> [String] {
    let row = published.metrics.first { $0.key == metric }?.methods.first { $0.method == method }
    return [row?.publishedName ?? ""] + cells(row?.own) + cells(row?.published) + cells(row?.difference)
  }

  private func cells(_ summary: ScoreReport.Summary?) -> [String] {
    guard let summary else { return Array(repeating: "", count: Self.summaryNames("").count) }
    return ["\(summary.tracks)", "\(summary.songs)", NumberText.full(summary.mean)]
      + ends(summary.meanInterval)
      + [NumberText.full(summary.trimmedMean), NumberText.full(summary.median)]
  }

  private func cells(_ difference: ScoreReport.Difference?) -> [String] {
    guard let difference else { return Array(repeating: "", count: Self.differenceNames("").count) }
    return ["\(difference.pairs)", NumberText.full(difference.mean), NumberText.full(difference.median)]
      + ends(difference.medianInterval)
      + [difference.pValue, difference.adjustedPValue, difference.rankBiserial].map(NumberText.full)
  }

  private func ends(_ interval: [Double]?) -> [String] { interval.map { $0.map(NumberText.full) } ?? ["", ""] }
}
