import Foundation
import Workflows

/// Long-term spectra of recordings at one loudness, in third-octave bands.
enum SpectrumFigure {
  static func figure(_ copies: [ListeningCopy]) -> Figure {
    var figure = Figure("Spectra", panelWidth: 1040, panelHeight: 320)
    let plots = copies.enumerated().map { index, copy in
      let colour = Figure.Colour.series(index)
      figure.name(colour, copy.role)
      let table = figure.data([copy.centresHz.map(log10), copy.levelsDB])
      return "\(table) using 1:2 with linespoints pt 7 ps 0.4 lw 1.8 lc rgb '\(colour)' notitle"
    }
    let levels = copies.flatMap(\.levelsDB)
    let top = (levels.max() ?? 0) + 3
    figure.panel(
      "Spectra at one loudness, in third-octave bands", x: "frequency (Hz)", y: "level (dB of full scale)",
      [
        AxisText.logarithmicHz, "set xrange [\(log10(20.0)):\(log10(20_000.0))]",
        // What is 70 dB below the loudest band is not heard beside it.
        "set yrange [\(max(levels.min() ?? -70, top - 70)):\(top)]",
      ], plot: plots)
    return figure
  }
}
