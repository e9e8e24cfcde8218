/// A plain table for the terminal: a header, columns aligned, two spaces between them, no rules.
package struct TextTable: Sendable {
  package enum Alignment: Sendable { case left, right }

  private let titles: [String]
  private let alignments: [Alignment]
  private var rows: [[String]] = []

  package init(_ columns: [(title: String, alignment: Alignment)]) {
    titles = columns.map(\.title)
    alignments = columns.map(\.alignment)
  }

  /// - Precondition: one cell per column.
  package mutating func append(_ cells: [String]) {
    precondition(cells.count == titles.count, "A row of \(cells.count) cells in a table of \(titles.count) columns")
    rows.append(cells.map { PrintableText.escaped($0).replacing("\n", with: " ").replacing("\t", with: " ") })
  }

  /// The table in Markdown, as GitHub reads it.
  package var markdown: String {
    let rule = alignments.map { $0 == .left ? "---" : "---:" }
    let cells = ([titles] + rows).map { $0.map { $0.replacing("|", with: "\\|") } }
    return ([cells[0], rule] + cells.dropFirst()).map { "| \($0.joined(separator: " | ")) |\n" }.joined()
  }

  /// The table with a newline at the end of each line, and no spaces there.
  package var text: String {
    let lines = [titles] + rows
    let widths = titles.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { cells in
      var line = titles.indices.map { column in
        let padding = String(repeating: " ", count: widths[column] - cells[column].count)
        return alignments[column] == .left ? cells[column] + padding : padding + cells[column]
      }.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }
}
