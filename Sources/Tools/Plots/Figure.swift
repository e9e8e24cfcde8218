import Foundation

/// A figure of one or more panels in a grid, as a gnuplot script in the style of the reports.
struct Figure {
  /// What it shows, for those who do not see it.
  let title: String
  private let rows: Int
  private let columns: Int
  private let panelWidth: Int
  private let panelHeight: Int
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

  static func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }

  // MARK: - Drawing

  /// The figure as an `svg` element for a page, which scales with it.
  func svg(by program: GnuplotProgram, id: String) throws -> String {
    let size = "\(columns * panelWidth),\(rows * panelHeight)"
    let script = """
      set terminal svg size \(size) fixed noenhanced font 'Helvetica,11' background '#ffffff' dashlength 0.6 \
      name '\(id)'
      \(Self.style)

      """
    // Tables cannot stand inside a multiplot.
    let all = script + tables + "set multiplot layout \(rows),\(columns)\n" + panels + "unset multiplot\n"
    let text = try program.svg(all, figure: title)
    guard let start = text.range(of: "<svg") else { return text }
    return String(text[start.lowerBound...])
      // gnuplot calls the image, and each curve in it, by the name of the terminal: browsers show that on hovering.
      .replacing("<title>\(id)</title>", with: "<title>\(HTML.escaped(title))</title>", maxReplacements: 1)
      .replacing(#/<title>[^<]*_plot_[^<]*<\/title>/#, with: "")
      .replacing(#/ width="\d+" height="\d+"/#, with: "", maxReplacements: 1)
      .replacing("<desc>Produced by GNUPLOT", with: "<desc>By GNUPLOT")
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

  enum Colour {
    static let posterior = "#2f6690"
    static let prior = "#9aa5b1"
    /// Blue, orange, green, purple, then again.
    static func chain(_ index: Int) -> String { ["#2f6690", "#d1813b", "#4f8a5b", "#8a5a9c"][index % 4] }
  }
}
