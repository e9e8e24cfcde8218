import Foundation
import Workflows

/// Errors as one line of text.
package enum ErrorText {
  /// What every error line begins with.
  static func prefix(isColoured: Bool) -> String {
    isColoured ? "priorkit: \u{1B}[1;31merror:\u{1B}[0m " : "priorkit: error: "
  }

  /// The description of an error on one line, whatever it contains.
  package static func sentence(_ error: any Error) -> String {
    // Swift tells one NaN from another by its payload.
    PrintableText.escaped(
      OptionHint.added(to: description(of: error), for: error).split(whereSeparator: \.isNewline).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      .joined(separator: " ").replacing(/s?nan\(0x[0-9a-f]+\)/, with: "nan"))
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
