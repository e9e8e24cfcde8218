/// Text for HTML pages.
enum HTML {
  static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }

  /// A part of a page; its content is markup, which is taken as it is.
  static func section(_ title: String, _ content: String) -> String {
    "<section>\n<h2>\(escaped(title))</h2>\n\(content)</section>\n"
  }

  static func list(_ sentences: [String]) -> String {
    "<ul>\n" + sentences.map { "<li>\(escaped($0))</li>\n" }.joined() + "</ul>\n"
  }

  /// A table whose columns, but for the first, hold numbers; the last may hold words.
  static func table(_ header: [String], _ rows: [[String]], lastIsText: Bool = false) -> String {
    func row(_ cells: [String], _ tag: String) -> String {
      "<tr>" + cells.map { "<\(tag)>\(escaped($0))</\(tag)>" }.joined() + "</tr>\n"
    }
    let open = lastIsText ? "<table class=\"words\">" : "<table>"
    let body = rows.map { row($0, "td") }.joined()
    return "\(open)\n<thead>\(row(header, "th"))</thead>\n<tbody>\n\(body)</tbody>\n</table>\n"
  }

  /// Patches of colour, by hexadecimal name and opacity, with what they stand for.
  static func legend(_ entries: [(colour: String, opacity: Double, words: String)]) -> String {
    let items = entries.map { entry in
      "<span><i style=\"background:\(entry.colour);opacity:\(entry.opacity)\"></i>\(escaped(entry.words))</span>"
    }
    return "<p class=\"legend\">\(items.joined(separator: " "))</p>\n"
  }

  /// What opens on a click.
  static func details(_ summary: String, _ content: String) -> String {
    "<details><summary>\(escaped(summary))</summary>\n\(content)</details>\n"
  }
}
