import FileOutput
import Foundation

/// Plots by the gnuplot program, as SVG.
struct Gnuplot {
  /// A line, or a band between two lines, of a plot.
  struct Series {
    enum Style {
      case line, points
      /// Between `y` and `upper`.
      case band
    }

    var title: String?
    var style: Style
    var x: [Double]
    var y: [Double]
    var upper: [Double] = []
    /// As gnuplot writes colours: `#1f77b4`.
    var colour: String
  }

  var title: String
  var xLabel: String
  var yLabel: String
  var series: [Series]
  var width = 640
  var height = 480

  /// Writes the plot, completely or not at all.
  ///
  /// - Throws: ``CommandError`` if gnuplot is absent or fails, `OutputError` if the file cannot be written.
  func write(to path: String, overwrite: Bool) throws {
    let image = try GnuplotProgram().svg(script, figure: "plot \(path)")
    try OutputFile.write(Data(image.utf8), to: path, overwrite: overwrite)
  }

  // MARK: - Script

  private var script: String {
    var text = """
      set terminal svg size \(width),\(height) background rgb 'white'
      set title '\(quoted(title))'
      set xlabel '\(quoted(xLabel))'
      set ylabel '\(quoted(yLabel))'
      set grid

      """
    for (index, series) in series.enumerated() {
      text += "$data\(index) << END\n"
      for (position, x) in series.x.enumerated() {
        let upper = series.style == .band ? " \(series.upper[position])" : ""
        text += "\(x) \(series.y[position])\(upper)\n"
      }
      text += "END\n"
    }
    let curves = series.enumerated().map { index, series in
      let title = series.title.map { "title '\(quoted($0))'" } ?? "notitle"
      let style =
        switch series.style {
        case .line: "using 1:2 with lines lw 1.5"
        case .points: "using 1:2 with points pt 7 ps 0.4"
        case .band: "using 1:2:3 with filledcurves fs transparent solid 0.3 noborder"
        }
      return "$data\(index) \(style) lc rgb '\(series.colour)' \(title)"
    }
    return text + "plot " + curves.joined(separator: ", ") + "\n"
  }

  private func quoted(_ text: String) -> String { text.replacing("'", with: "''") }
}
