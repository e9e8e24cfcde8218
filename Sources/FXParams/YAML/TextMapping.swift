import Yams

/// A YAML document that maps texts to texts, one a line.
package struct TextMapping {
  package struct Entry: Sendable, Hashable {
    package let key: String
    package let value: String
    /// From 1; nil where it is not known.
    package let line: Int?
  }

  /// What is wrong with a document, as the end of a sentence that has named the file: `line 3, column 1, ...: ...`.
  package struct Malformed: Error {
    package let reason: String
  }

  /// In the order of the document.
  package let entries: [Entry]

  /// - Throws: ``Malformed`` for text that is no YAML or anything but a mapping of texts.
  package init(yaml: String) throws {
    let root: Node?
    do {
      root = try Yams.compose(yaml: yaml)
    } catch let error as YamlError {
      throw Malformed(reason: "is not YAML, \(explanation(of: error)): correct it there")
    }
    guard let mapping = root?.mapping, !mapping.isEmpty else {
      throw Malformed(reason: "is no mapping of column titles: write `title: parameter` lines")
    }
    entries = try mapping.map { key, value in
      guard let title = key.scalar?.string, let text = value.scalar?.string, !text.isEmpty, !title.isEmpty else {
        let place = (key.mark ?? value.mark).map { "has no text for a column on line \($0.line)" }
        throw Malformed(
          reason: "\(place ?? "has a column without a text"): write `title: parameter`, with quotes around a title "
            + "that begins with a bracket")
      }
      return Entry(key: title, value: text, line: key.mark?.line)
    }
  }
}
