import Foundation
import PresetStore
import Workflows

/// A picture of scores: a panel per metric, in it a line per method with the mean, its interval and the median.
struct ScoreFigure {
  private let report: ScoreReport
  private let provenance: Provenance

  init(_ report: ScoreReport, provenance: Provenance) { (self.report, self.provenance) = (report, provenance) }

  /// The picture as a file of its own, which records how it was made.
  func svg(by program: GnuplotProgram) throws -> String {
    let columns = report.metrics.count == 1 ? 1 : 2
    let lines = report.metrics.map(\.methods.count).max() ?? 1
    let names = report.methods.map { Self.tick($0).count }.max() ?? 0
    var figure = Figure(
      "Scores of \(report.methods.count) methods on \(report.tracks) tracks: means and medians",
      rows: (report.metrics.count + columns - 1) / columns, columns: columns, panelWidth: 390 + 7 * names,
      panelHeight: report.against == nil ? 95 + 17 * lines : 125 + 26 * lines)
    for metric in report.metrics { add(metric, to: &figure) }
    return try figure.svgDocument(by: program, id: "scores", provenance: provenance)
  }

  private func add(_ metric: ScoreReport.Metric, to figure: inout Figure) {
    let rows = metric.methods
    let published = report.against?.metrics.first { $0.key == metric.key }?.methods ?? []
    let all = rows.map(\.scores) + published.map(\.published)
    var commands = [
      "set yrange [\(rows.count).0 - 0.4:-0.6]", "set ytics (\(ticks(rows)))", "set grid noytics",
      published.isEmpty ? "unset key" : "set key outside bottom center horizontal",
    ]
    commands += axis(all.flatMap { [$0.mean, $0.median] + ($0.meanInterval ?? []) })
    if let baseline = rows.first(where: { $0.method == report.baseline })?.scores.mean, rows.count > 1 {
      let x = String(format: "%.6g", baseline)
      commands.append("set arrow from \(x), graph 0 to \(x), graph 1 nohead dt 2 lc rgb '\(Figure.Colour.prior)'")
    }
    let own = (rows.indices.map(Double.init), rows.map(\.scores))
    var plots = curves(own, isPublished: false, to: &figure)
    if !published.isEmpty {
      let places = published.map { row in
        0.3 + Double(rows.firstIndex { $0.method == row.method } ?? 0)
      }
      plots += curves((places, published.map(\.published)), isPublished: true, to: &figure)
    }
    figure.panel(
      "\(Self.line(metric.label)), \(metric.tracks) track\(metric.tracks == 1 ? "" : "s")",
      x: "mean with \(NumberText.short(report.level * 100)) % interval, median (square)", y: "", commands,
      plot: plots
    )
  }

  /// The range of the axis, which shows all values and nothing below 0 where none is, and its scale.
  private func axis(_ values: [Double]) -> [String] {
    let (low, high) = (values.min() ?? 0, values.max() ?? 1)
    // Nearly mono references give some methods means a hundred times those of others.
    if low > 0, high > 20 * low {
      return ["set logscale x", String(format: "set xrange [%.6g:%.6g]", low / 1.2, high * 1.2)]
    }
    let margin = high > low ? 0.04 * (high - low) : max(0.1 * high.magnitude, 0.1)
    let start = low >= 0 ? max(0, low - margin) : low - margin
    return [String(format: "set xrange [%.6g:%.6g]", start, high + margin)]
  }

  /// Means with their intervals, and medians.
  private func curves(
    _ data: (places: [Double], summaries: [ScoreReport.Summary]), isPublished: Bool, to figure: inout Figure
  ) -> [String] {
    let summaries = data.summaries
    let colour = Figure.Colour.series(isPublished ? 1 : 0)
    let table = figure.data([
      data.places, summaries.map(\.mean), summaries.map { $0.meanInterval?[0] ?? $0.mean },
      summaries.map { $0.meanInterval?[1] ?? $0.mean }, summaries.map(\.median),
    ])
    return [
      "\(table) using 2:1:3:4 with xerrorbars lc rgb '\(colour)' lw 1.4 pt 7 ps 0.45 "
        + "title '\(isPublished ? "published" : "here")'",
      "\(table) using 5:1 with points lc rgb '\(colour)' pt 4 ps 0.5 notitle",
    ]
  }

  private func ticks(_ rows: [ScoreReport.Row]) -> String {
    rows.enumerated().map { "\(Figure.quoted(Self.tick($1.method))) \($0)" }.joined(separator: ", ")
  }

  /// A method in at most 30 characters.
  private static func tick(_ method: String) -> String {
    AxisText.shortened(line(method), to: 30)
  }

  /// A name from a file as gnuplot may see it: a line break would end a string, and begin a command.
  private static func line(_ text: String) -> String {
    PrintableText.escaped(text.split(whereSeparator: \.isNewline).joined(separator: " "))
  }
}
