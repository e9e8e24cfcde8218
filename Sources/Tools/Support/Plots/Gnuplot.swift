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
    guard let program = Self.program else {
      throw CommandError("Plots need gnuplot, which is not in PATH: install gnuplot-nox, or leave the plots out.")
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    let (input, output, errors) = (Pipe(), Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let image = Pending { output.fileHandleForReading.readDataToEndOfFile() }
    let complaint = Pending { errors.fileHandleForReading.readDataToEndOfFile() }
    try? input.fileHandleForWriting.write(contentsOf: Data(script.utf8))
    try? input.fileHandleForWriting.close()
    let (svg, words) = (try image.value(), try complaint.value())
    process.waitUntilExit()
    guard process.terminationStatus == 0, !svg.isEmpty else {
      let reason =
        String(decoding: words, as: UTF8.self).split(whereSeparator: \.isNewline).first ?? "no reason given"
      throw CommandError("gnuplot could not draw \(path) (\(reason)): check its version, or leave the plots out.")
    }
    try OutputFile.write(svg, to: path, overwrite: overwrite)
  }

  /// Where gnuplot is.
  static var program: String? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { $0 + "/gnuplot" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
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
