/// Text that may hold what a file holds, as a terminal can show it.
package enum PrintableText {
  /// The text without what a terminal would obey, and without what nobody reads to its end: control characters
  /// become `\u{1B}` and so on, words of more than 200 characters are cut.
  package static func escaped(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isControl) || text.utf8.count > 200 else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      result += isControl(scalar) ? "\\u{\(String(scalar.value, radix: 16, uppercase: true))}" : String(scalar)
    }
    return result.split(separator: " ", omittingEmptySubsequences: false)
      .map { $0.count > 200 ? $0.prefix(120) + "..." + $0.suffix(40) : $0 }.joined(separator: " ")
  }

  /// Control characters, except those that lay out text, and the marks that turn the direction of writing.
  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control: scalar != "\n" && scalar != "\t"
    case .format: (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
    default: false
    }
  }
}
