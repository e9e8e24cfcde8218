import Foundation
import PresetStore
import Workflows

/// A figure of one or more panels in a grid, as a gnuplot script in the style of the reports.
struct Figure {
  /// What it shows, for those who do not see it.
  let title: String
  private let rows: Int
  private let columns: Int
  private let panelWidth: Int
  private let panelHeight: Int
  private var legend: [(colour: String, words: String)] = []
  private var tables = ""
  private var panels = ""
  private var tableCount = 0

  init(_ title: String, rows: Int = 1, columns: Int = 1, panelWidth: Int = 340, panelHeight: Int = 220) {
    self.title = title
    self.rows = rows
    self.columns = columns
    self.panelWidth = panelWidth
    self.panelHeight = panelHeight
  }

  // MARK: - Building

  /// Makes columns of equal length a table of the script, and gives its name.
  mutating func data(_ columns: [[Double]]) -> String {
    tableCount += 1
    let name = "$data\(tableCount)"
    tables += name + " << END\n"
    for row in (columns.first ?? []).indices {
      tables += columns.map { String(format: "%.6g", $0[row]) }.joined(separator: " ") + "\n"
    }
    tables += "END\n"
    return name
  }

  /// Adds a panel: its title, labels of the axes, further commands, then what it plots.
  mutating func panel(_ title: String, x: String, y: String, _ commands: [String] = [], plot: [String]) {
    let labels = [
      "set title \(Self.quoted(title))", "set xlabel \(Self.quoted(x))", "set ylabel \(Self.quoted(y))",
    ]
    // The next panel starts from the style alone.
    let lines = labels + commands + ["plot " + plot.joined(separator: ", \\\n  "), "reset", Self.style]
    panels += lines.joined(separator: "\n") + "\n"
  }

  /// Adds a panel that says that there is nothing to draw.
  mutating func empty(_ title: String) {
    panel(
      title, x: "", y: "",
      [
        "unset border", "unset tics", "unset grid", "set xrange [0:1]", "set yrange [0:1]",
        "set label 100 'nothing to draw: no variation' at graph 0.5, graph 0.5 center",
      ], plot: ["-1 notitle"])
  }

  /// A text as a string of a script. A line break, of any kind, would end the string and begin a command.
  static func quoted(_ text: String) -> String {
    let line = String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { scalar in
          CharacterSet.controlCharacters.contains(scalar) || CharacterSet.newlines.contains(scalar) ? " " : scalar
        }))
    return "'" + line.replacing("'", with: "''") + "'"
  }

  /// Names a colour at the top of the figure, for a curve of that colour in every panel.
  mutating func name(_ colour: String, _ words: String) {
    legend.append((colour, AxisText.shortened(words, to: 48)))
  }

  // MARK: - Drawing

  /// The figure as an `svg` element for a page, which scales with it.
  func svg(by program: GnuplotProgram, id: String) throws -> String {
    let terminal =
      "svg size \(width),\(height) fixed noenhanced font 'Helvetica,11' background '#ffffff' dashlength 0.6 name "
      + "'\(id)'"
    let text = String(decoding: try program.image(script(terminal), figure: title), as: UTF8.self)
    guard let start = text.range(of: "<svg") else { return text }
    return String(text[start.lowerBound...])
      // gnuplot calls the image, and each curve in it, by the name of the terminal: browsers show that on hovering.
      .replacing("<title>\(id)</title>", with: "<title>\(HTML.escaped(title))</title>", maxReplacements: 1)
      .replacing(#/<title>[^<]*_plot_[^<]*<\/title>/#, with: "")
      .replacing(#/ width="\d+" height="\d+"/#, with: "", maxReplacements: 1)
      .replacing("<desc>Produced by GNUPLOT", with: "<desc>By GNUPLOT")
  }

  /// The figure as a file of its own, which records how it was made.
  func svgDocument(by program: GnuplotProgram, id: String, provenance: Provenance) throws -> String {
    let svg = try svg(by: program, id: id)
    guard let end = svg.firstIndex(of: ">") else { return svg }
    // Outside a page nothing else gives it a size.
    let size = " width=\"\(width)\" height=\"\(height)\">\n"
    return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" + svg[..<end] + size
      + "<metadata>\(HTML.escaped(PrintableText.escaped(provenance.text)))</metadata>"
      + svg[svg.index(after: end)...]
  }

  /// The figure in pixels, two for each unit of length, with the same record.
  func png(by program: GnuplotProgram, provenance: Provenance) throws -> Data {
    let terminal =
      "pngcairo size \(2 * width),\(2 * height) noenhanced font 'Helvetica,11' fontscale 2 linewidth 2 "
      + "pointscale 2 background '#ffffff' dashlength 0.6"
    return PNGText.adding(provenance.text, to: try program.image(script(terminal), figure: title))
  }

  private var width: Int { columns * panelWidth }
  private var height: Int { rows * panelHeight + Self.legendHeight * legendRows.count }
  /// Room at the top for a row of names of colours.
  private static let legendHeight = 26

  /// Entries of the legend by row, each with its place from the left.
  private var legendRows: [[(x: Double, entry: (colour: String, words: String))]] {
    var rows: [[(x: Double, entry: (colour: String, words: String))]] = []
    var x = 14.0
    for entry in legend {
      // A letter of this size is seven to eight units wide.
      let own = 34 + 7.6 * Double(entry.words.count)
      if rows.isEmpty || x + own > Double(width) {
        rows.append([])
        x = 14
      }
      rows[rows.count - 1].append((x, entry))
      x += own
    }
    return rows
  }

  private func script(_ terminal: String) -> String {
    // Tables cannot stand inside a multiplot. A title keeps room at the top, as many lines as there are names.
    let title = legendRows.map { _ in "' '" }.joined(separator: ".\"\\n\".")
    return "set terminal \(terminal)\n\(Self.style)\n" + tables + "set multiplot layout \(rows),\(columns)"
      + (legend.isEmpty ? "" : " title \(title)") + "\n" + legendCommands + panels + "unset multiplot\n"
  }

  /// A square of each colour and its name, side by side.
  private var legendCommands: String {
    legendRows.enumerated().flatMap { row, entries in
      entries.enumerated().map { column, place -> String in
        let number = 100 * (row + 1) + 2 * column + 200
        let y = 1 - (14 + Double(row * Self.legendHeight)) / Double(height)
        func label(_ tag: Int, _ text: String, _ x: Double, _ colour: String) -> String {
          "set label \(tag) \(text) at " + String(format: "screen %.5f, screen %.5f", x / Double(width), y)
            + " left textcolor rgb '\(colour)'\n"
        }
        return label(number, "'■'", place.x, place.entry.colour)
          + label(number + 1, Self.quoted(place.entry.words), place.x + 15, "#1f2933")
      }
    }.joined()
  }

  // MARK: - Style

  private static let style = """
    set border 3 lc rgb '#8a94a0' lw 0.8
    set tics nomirror out scale 0.5 textcolor rgb '#4a5560'
    set grid lc rgb '#e8ecef' lt 1 lw 0.7
    set title font ',12' textcolor rgb '#1f2933' offset 0,-0.3
    set xlabel textcolor rgb '#4a5560' offset 0,0.3
    set ylabel textcolor rgb '#4a5560' offset 0.6,0
    set key textcolor rgb '#4a5560' samplen 1.5 spacing 1.0 noopaque
    set samples 200
    """

  /// Colours that readers with any colour vision tell apart (Okabe and Ito 2008).
  enum Colour {
    static let posterior = "#0072b2"
    static let prior = "#8c96a0"
    /// Of a line through the middle of `posterior`.
    static let median = "#00385a"
    static let reference = "#4a5560"
    /// Blue, orange, green, purple, vermilion, sky blue, then again.
    static func series(_ index: Int) -> String {
      ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9"][index % 6]
    }
  }
}
