import Foundation

/// Whether a conditional prior is as sure as it should be, in figures.
struct CalibrationFigures {
  /// How many pairs were looked at.
  let pairs: Int

  /// Of a normal distribution: the band that holds 99 % of what a calibrated prior gives, pointwise.
  private static let deviations = 2.576

  private func band(_ level: Double) -> Double {
    Self.deviations * (level * (1 - level) / Double(pairs)).squareRoot()
  }

  /// The share of pairs inside the region of highest density of each level, over the diagonal.
  func coverage(levels: [Double], shares: [Double]) -> Figure {
    var figure = Figure("Expected coverage", panelWidth: 520, panelHeight: 480)
    figure.name(Figure.Colour.posterior, "found on \(pairs) pairs")
    figure.name(Figure.Colour.prior, "99 % if calibrated, about the diagonal")
    let grid = (0...100).map { Double($0) / 100 }
    let calibrated = figure.data([
      grid, grid.map { max(0, $0 - band($0)) }, grid.map { min(1, $0 + band($0)) },
    ])
    let found = figure.data([levels, shares])
    figure.panel(
      "Expected coverage", x: "level of the region of highest density", y: "share of pairs inside",
      ["set xrange [0:1]", "set yrange [0:1]", "set xtics 0.2", "set ytics 0.2", "set size ratio 1"],
      plot: [
        "\(calibrated) using 1:2:3 with filledcurves fs transparent solid 0.35 noborder lc rgb "
          + "'\(Figure.Colour.prior)' notitle",
        "x with lines dt 2 lw 1 lc rgb '\(Figure.Colour.reference)' notitle",
        "\(found) using 1:2 with lines lw 2.2 lc rgb '\(Figure.Colour.posterior)' notitle",
      ])
    return figure
  }

  /// How far the distribution of each parameter's ranks is from the uniform one.
  ///
  /// - Parameter deviations: for each parameter, of the distribution function at 0, 1/n, 2/n, ..., 1.
  func ranks(_ deviations: [[Double]], draws: Int) -> Figure {
    var figure = Figure("Ranks of the truth", panelWidth: 640, panelHeight: 440)
    figure.name(Figure.Colour.posterior, "one line per parameter (\(deviations.count))")
    figure.name(Figure.Colour.prior, "99 % if calibrated, pointwise")
    let grid = (0...100).map { Double($0) / 100 }
    let calibrated = figure.data([grid, grid.map { -band($0) }, grid.map { band($0) }])
    let lines = deviations.map { values in
      let places = values.indices.map { Double($0) / Double(max(values.count - 1, 1)) }
      let table = figure.data([places, values])
      return "\(table) using 1:2 with lines lw 0.8 lc rgb '#90\(Figure.Colour.posterior.dropFirst())' notitle"
    }
    figure.panel(
      "Ranks of the truth among \(draws) draws, \(pairs) pairs", x: "rank / \(draws + 1)",
      y: "distribution function less uniform", ["set xrange [0:1]", "set xtics 0.2"],
      plot: [
        "\(calibrated) using 1:2:3 with filledcurves fs transparent solid 0.5 noborder lc rgb "
          + "'\(Figure.Colour.prior)' notitle",
        "0 with lines dt 2 lw 1 lc rgb '\(Figure.Colour.reference)' notitle",
      ] + lines)
    return figure
  }
}
