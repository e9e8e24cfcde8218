import FXParams
import Foundation
import Statistics

/// Presets as curves: some of them as a line each, or many as a fan of the median and the bands that hold 50 % and
/// 90 % of them.
struct CurveFigure {
  /// What is drawn in one colour.
  struct Series {
    let name: String
    let colour: String
    /// Of the median of a fan.
    var medianColour: String?
    /// Constrained values of the whole chain, in flat order: one preset for a line, or several for a fan.
    let presets: [[Double]]
    /// The band of 90 % alone.
    var isBackground = false
  }

  let chain: ChainDescription
  /// Drawn in this order.
  let series: [Series]

  // MARK: - Figures

  /// A figure for each curve, without a legend of its own.
  func separate() -> [Figure] {
    ChainCurve.all(of: chain).map { curve in
      var figure = Figure(curve.title, panelWidth: 360, panelHeight: 300)
      add(curve, to: &figure)
      return figure
    }
  }

  /// All curves and the echoes in one figure with a legend; nil for a chain that has none.
  func together() -> Figure? {
    let curves = ChainCurve.all(of: chain)
    let taps = EchoTaps(chain)
    let count = curves.count + (taps == nil ? 0 : 1)
    guard count > 0 else { return nil }
    let columns = min(count, 2)
    var figure = Figure(
      "Presets", rows: (count + columns - 1) / columns, columns: columns, panelWidth: 520, panelHeight: 320)
    for entry in series { figure.name(entry.colour, entry.name) }
    for curve in curves { add(curve, to: &figure) }
    if let taps { add(taps, to: &figure) }
    return figure
  }

  // MARK: - Panels

  private func add(_ curve: ChainCurve, to figure: inout Figure) {
    var plots: [String] = []
    func band(_ quantiles: [[Double]], _ lower: Int, _ upper: Int, _ colour: String, _ opacity: Double) {
      let table = figure.data([curve.abscissae, quantiles[lower], quantiles[upper]])
      plots.append(
        "\(table) using 1:2:3 with filledcurves fs transparent solid \(opacity) noborder lc rgb '\(colour)' "
          + "notitle")
    }
    func line(_ ordinates: [Double], _ colour: String) {
      let table = figure.data([curve.abscissae, ordinates])
      plots.append("\(table) using 1:2 with lines lw 2 lc rgb '\(colour)' notitle")
    }
    for entry in series {
      guard entry.presets.count > 1 else {
        if let preset = entry.presets.first { line(Self.drawable(curve.ordinates(preset)), entry.colour) }
        continue
      }
      let quantiles = Self.quantiles(entry.presets.map(curve.ordinates))
      band(quantiles, 0, 4, entry.colour, entry.isBackground ? 0.3 : 0.25)
      guard !entry.isBackground else { continue }
      band(quantiles, 1, 3, entry.colour, 0.45)
      line(quantiles[2], entry.medianColour ?? entry.colour)
    }
    figure.panel(curve.title, x: curve.x, y: curve.y, curve.commands, plot: plots + curve.reference)
  }

  /// All echoes of a preset; of a fan the first echo of each.
  private func add(_ taps: EchoTaps, to figure: inout Figure) {
    let plots = series.compactMap { entry -> String? in
      let echoes =
        entry.presets.count > 1
        ? entry.presets.compactMap { taps.echoes(values: $0, count: 1).first }
        : entry.presets.first.map { taps.echoes(values: $0) } ?? []
      guard !echoes.isEmpty else { return nil }
      let table = figure.data([echoes.map(\.milliseconds), echoes.map(\.levelDB)])
      let style =
        entry.presets.count > 1
        ? "points pt 7 ps 0.3 lc rgb '#80\(entry.colour.dropFirst())'" : "impulses lw 2.5 lc rgb '\(entry.colour)'"
      // Impulses start at 0: levels are drawn above the floor, and the ticks say what they are.
      return "\(table) using 1:($2 - \(EchoTaps.floorDB)) with \(style) notitle"
    }
    let ticks = stride(from: EchoTaps.floorDB, through: 0, by: 20).map { "'\(Int($0))' \($0 - EchoTaps.floorDB)" }
    figure.panel(
      series.contains { $0.presets.count > 1 } ? "Echoes (of many presets: the first)" : "Echoes",
      x: "time (ms)", y: "level below the send (dB)",
      [
        "set xrange [0:\(2.5 * taps.longestMilliseconds)]", "set yrange [0:\(-EchoTaps.floorDB)]",
        "set ytics (\(ticks.joined(separator: ", ")))",
      ], plot: plots.isEmpty ? ["-1 notitle"] : plots)
  }

  // MARK: - Numbers

  /// Far outside every panel.
  private static let largest = 1e6

  /// Settings that no engineer would choose make levels that are infinite, or no number where they meet: these lie
  /// far outside the panel.
  private static func drawable(_ values: [Double]) -> [Double] {
    values.map { $0.isNaN ? largest : min(max($0, -largest), largest) }
  }

  /// The 5, 25, 50, 75 and 95 % quantiles of curves, point by point.
  private static func quantiles(_ curves: [[Double]]) -> [[Double]] {
    let drawn = curves.map(drawable)
    let columns = (drawn.first ?? []).indices.map { point in SortedQuantiles(drawn.map { $0[point] }) }
    return [0.05, 0.25, 0.5, 0.75, 0.95].map { probability in columns.map { $0.value(at: probability) } }
  }
}
