import Foundation

/// Errors as one line of text.
package enum ErrorText {
  /// What every error line begins with.
  static func prefix(isColoured: Bool) -> String {
    isColoured ? "priorkit: \u{1B}[1;31merror:\u{1B}[0m " : "priorkit: error: "
  }

  /// The description of an error on one line, whatever it contains.
  package static func sentence(_ error: any Error) -> String {
    description(of: error).split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
      .joined(separator: " ")
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
