import Foundation

/// Errors as one line of text.
package enum ErrorText {
  /// What every error line begins with.
  static func prefix(isColoured: Bool) -> String {
    isColoured ? "priorkit: \u{1B}[1;31merror:\u{1B}[0m " : "priorkit: error: "
  }

  /// The description of an error on one line, whatever it contains.
  package static func sentence(_ error: any Error) -> String {
    // Swift tells one NaN from another by its payload.
    printable(
      OptionHint.added(to: description(of: error), for: error).split(whereSeparator: \.isNewline).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      .joined(separator: " ").replacing(/s?nan\(0x[0-9a-f]+\)/, with: "nan"))
  }

  /// Text that may come from a file, made safe and short for a terminal: control characters become `\u{1B}` and so
  /// on, words of more than 200 characters are cut.
  package static func printable(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isControl) || text.utf8.count > 200 else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      result += isControl(scalar) ? "\\u{\(String(scalar.value, radix: 16, uppercase: true))}" : String(scalar)
    }
    return result.split(separator: " ", omittingEmptySubsequences: false)
      .map { $0.count > 200 ? $0.prefix(120) + "..." + $0.suffix(40) : $0 }.joined(separator: " ")
  }

  /// Control characters, but for those that lay out text, and the marks that turn the direction of writing.
  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control: scalar != "\n" && scalar != "\t"
    case .format: (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
    default: false
    }
  }

  private static func description(of error: any Error) -> String {
    switch error {
    case let error as any LocalizedError where error.errorDescription != nil: error.errorDescription ?? ""
    // The plain description of a Foundation error is a dump of its dictionary.
    case let error as CocoaError: error.localizedDescription
    default: String(describing: error)
    }
  }
}
