import PresetStore
import Workflows

/// A picture of ratings: a line per stimulus with the listeners' means, their quartiles as a box, and the median
/// with its interval.
struct ListeningFigure {
  private let report: ListeningReport
  private let provenance: Provenance

  init(_ report: ListeningReport, provenance: Provenance) { (self.report, self.provenance) = (report, provenance) }

  /// The picture as a file of its own, which records how it was made.
  func svg(by program: GnuplotProgram) throws -> String {
    let stimuli = report.stimuli
    var figure = Figure(
      "Ratings of \(stimuli.count) stimuli by \(report.keptCount) listeners", panelWidth: 720,
      panelHeight: 110 + 34 * stimuli.count)
    let places = stimuli.indices.map(Double.init)
    let boxes = figure.data([
      places, stimuli.map(\.median), stimuli.map { $0.medianInterval[0] }, stimuli.map { $0.medianInterval[1] },
      stimuli.map { $0.quartiles[0] }, stimuli.map { $0.quartiles[1] },
    ])
    // Listeners stand beside each other, in their order, so that equal ratings can be told apart.
    let offsets = (0..<report.keptCount).map { 0.36 * ((Double($0) + 0.5) / Double(report.keptCount) - 0.5) }
    let points = figure.data([
      stimuli.flatMap(\.listenerMeans), places.flatMap { place in offsets.map { place + $0 } },
    ])
    let level = NumberText.short(100 * report.level)
    let colour = Figure.Colour.posterior
    figure.panel(
      "Ratings of \(report.keptCount) listeners, averaged over \(report.trials) "
        + (report.trials == 1 ? "page" : "pages"),
      x: "", y: "",
      [
        "set xrange [0:100]", "set yrange [\(stimuli.count).0 - 0.4:-0.6]", "set ytics (\(ticks))",
        "set grid noytics", "set key outside bottom center horizontal",
      ],
      plot: [
        "\(boxes) using 2:1:5:6:($1-0.28):($1+0.28) with boxxyerror fs transparent solid 0.25 noborder "
          + "lc rgb '\(Figure.Colour.prior)' title 'quartiles'",
        "\(points) using 1:2 with points pt 7 ps 0.3 lc rgb '\(Figure.Colour.series(1))' title 'listeners'",
        "\(boxes) using 2:1:3:4 with xerrorbars pt 7 ps 0.6 lw 1.6 lc rgb '\(colour)' "
          + "title 'median, \(level) % interval'",
      ])
    return try figure.svgDocument(by: program, id: "ratings", provenance: provenance)
  }

  private var ticks: String {
    report.stimuli.enumerated().map { index, stimulus in
      let name = PrintableText.escaped(stimulus.name).replacing("\n", with: " ")
      return "\(Figure.quoted(AxisText.shortened(name, to: 30))) \(index)"
    }.joined(separator: ", ")
  }
}
