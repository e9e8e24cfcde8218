import Foundation

/// Fields of comma-separated values (RFC 4180).
package enum CSVText {
  /// A field, in double quotes where a comma, a quote or a line break asks for them.
  package static func field(_ text: String) -> String {
    text.contains { $0 == "," || $0 == "\"" || $0.isNewline }
      ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }

  /// A line of fields, with its end.
  package static func line(_ fields: [String]) -> String { fields.map(field).joined(separator: ",") + "\n" }
}
