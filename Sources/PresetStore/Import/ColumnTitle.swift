import Foundation

/// The title of a column: `NAME`, `NAME [UNIT]` or `NAME (UNIT)`.
struct ColumnTitle {
  let name: String
  /// The symbol; nil where none is given.
  let unit: String?

  init(_ title: String) {
    let brackets: [Character: Character] = ["]": "[", ")": "("]
    guard let opening = title.last.flatMap({ brackets[$0] }), let start = title.firstIndex(of: opening) else {
      (name, unit) = (title, nil)
      return
    }
    name = title[..<start].trimmingCharacters(in: .whitespaces)
    unit = title[title.index(after: start)...].dropLast().trimmingCharacters(in: .whitespaces)
  }
}
