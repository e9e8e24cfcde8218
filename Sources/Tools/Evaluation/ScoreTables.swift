import Workflows

/// Scores as tables for people, on the terminal or in Markdown.
struct ScoreTables {
  enum Layout { case text, markdown }

  private let report: ScoreReport
  private let layout: Layout

  init(_ report: ScoreReport, _ layout: Layout) { (self.report, self.layout) = (report, layout) }

  var text: String {
    let all = [overview] + report.metrics.map(section) + (report.against.map(besidePublished) ?? [])
    return all.joined(separator: "\n") + "\n" + notes
  }

  // MARK: - Overview

  /// Mean (median) of every method in every metric.
  private var overview: String {
    var table = TextTable([("method", .left)] + report.metrics.map { ($0.label, .right) })
    for method in report.methods {
      table.append(
        [method]
          + report.metrics.map { metric in
            metric.methods.first { $0.method == method }.map { row in
              "\(number(row.scores.mean)) (\(number(row.scores.median)))"
                + (report.sharesTracks ? "" : " [\(row.scores.tracks)]")
            } ?? "-"
          })
    }
    if report.sharesTracks { table.append(["tracks"] + report.metrics.map { "\($0.tracks)" }) }
    return titled(
      "\(count(report.methods.count, "method")) on \(count(report.tracks, "track")) of "
        + "\(count(report.songs, "song")): mean (median)"
        + (report.sharesTracks ? "" : " [tracks]"), table)
  }

  // MARK: - One metric

  private func section(_ metric: ScoreReport.Metric) -> String {
    let isCompared = metric.methods.contains { $0.difference != nil }
    var table = TextTable(
      [("method", .left), ("tracks", .right), ("mean", .right), ("\(level) interval", .right)]
        + [("trimmed", .right), ("median", .right)]
        + (isCompared ? differenceColumns : []))
    for row in metric.methods {
      table.append(
        [row.method, "\(row.scores.tracks)", number(row.scores.mean), interval(row.scores.meanInterval)]
          + [number(row.scores.trimmedMean), number(row.scores.median)]
          + (isCompared ? cells(row.difference) : []))
    }
    let addition = metric.isPublished ? "" : " (not among the published metrics)"
    return titled(
      metric.label + addition + (isCompared ? ", and differences to \(report.baseline)" : ""), table)
  }

  private var differenceColumns: [(title: String, alignment: TextTable.Alignment)] {
    [
      ("difference", .right), ("\(level) interval", .right), ("\(report.unit)s", .right), ("p", .right),
      ("Holm p", .right), ("effect", .right),
    ]
  }

  private func cells(_ difference: ScoreReport.Difference?) -> [String] {
    guard let difference else { return Array(repeating: "-", count: 6) }
    return [
      number(difference.median), interval(difference.medianInterval), "\(difference.pairs)",
      probability(difference.pValue), probability(difference.adjustedPValue),
      NumberText.short((difference.rankBiserial * 100).rounded() / 100),
    ]
  }

  // MARK: - Beside the published numbers

  private func besidePublished(_ published: ScoreReport.Published) -> [String] {
    published.metrics.map { metric in
      let isCompared = metric.methods.contains { $0.difference != nil }
      var table = TextTable(
        [
          ("method", .left), ("tracks", .right), ("mean (median)", .right), ("\(level) interval", .right),
          ("published", .left), ("tracks", .right), ("mean (median)", .right), ("\(level) interval", .right),
        ] + (isCompared ? differenceColumns : []))
      for row in metric.methods {
        table.append(
          [row.method] + cells(row.own) + [row.publishedName] + cells(row.published)
            + (isCompared ? cells(row.difference) : []))
      }
      let shared = metric.methods.count(where: \.sharesTracks)
      let tracks =
        switch shared {
        case metric.methods.count: "both on the tracks that they share"
        case 0: "which are of other tracks"
        default: "which are of other tracks where there is no difference"
        }
      return titled("\(metric.label) beside the scores of \(published.file), \(tracks)", table)
    }
  }

  private func cells(_ summary: ScoreReport.Summary) -> [String] {
    [
      "\(summary.tracks)", "\(number(summary.mean)) (\(number(summary.median)))", interval(summary.meanInterval),
    ]
  }

  // MARK: - Words

  /// What the columns mean.
  private var notes: String {
    let hasDifferences =
      report.metrics.contains { $0.methods.contains { $0.difference != nil } }
      || report.against?.metrics.contains { $0.methods.contains { $0.difference != nil } } == true
    let lines =
      [
        "Less is better. Each track counts the same; intervals are of \(report.resamples) resamples of the songs",
        "(seed \(report.seed)); trimmed: the mean without a tenth of the tracks at either end.",
      ]
      + (hasDifferences
        ? [
          "Differences: the median over \(report.unit)s"
            + (report.unit == "song" ? ", stems averaged first" : "")
            + "; p of Wilcoxon's signed-rank test, and after",
          "Holm's correction for the methods of a metric; effect: the rank-biserial correlation, -1 where the",
          "method is better on every \(report.unit).",
        ] : [])
    return lines.joined(separator: "\n") + "\n"
  }

  private func titled(_ title: String, _ table: TextTable) -> String {
    let title = PrintableText.escaped(title)
    return switch layout {
    case .text: title + "\n\n" + table.text
    case .markdown: "### " + title + "\n\n" + table.markdown
    }
  }

  private var level: String { "\(NumberText.short(report.level * 100)) %" }
  private func number(_ value: Double) -> String { NumberText.short(value) }
  private func probability(_ value: Double) -> String { NumberText.short(value, digits: 2) }
  private func interval(_ ends: [Double]?) -> String {
    ends.map { $0.map { number($0) }.joined(separator: " to ") } ?? "-"
  }
  private func count(_ number: Int, _ thing: String) -> String { "\(number) \(thing)\(number == 1 ? "" : "s")" }
}
