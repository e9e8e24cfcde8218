import Foundation

/// The command line as it was typed, as far as a shell lets one know: what output files record as their origin.
package enum CommandRecord {
  /// This process's command line, beginning with `priorkit`.
  package static var current: String { text(["priorkit"] + CommandLine.arguments.dropFirst()) }

  /// Words joined so that a shell splits them the same way again.
  package static func text(_ words: [String]) -> String { words.map(quoted).joined(separator: " ") }

  /// A word in single quotes, if it holds anything that a shell would not take literally.
  static func quoted(_ word: String) -> String {
    let plain = word.unicodeScalars.allSatisfy { safe.contains($0) }
    return plain && !word.isEmpty ? word : "'" + word.replacing("'", with: #"'\''"#) + "'"
  }

  private static let safe = CharacterSet(
    charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=+./,:@%")
}
