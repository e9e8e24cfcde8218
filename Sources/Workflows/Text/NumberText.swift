import Foundation

/// Numbers as text: in full for machines, in a few digits for people.
package enum NumberText {
  /// The shortest decimal from which every double is read back exactly: at most 17 significant digits.
  package static func full(_ value: Double) -> String { value.description }

  /// A few significant digits, without an exponent where that is short: `0.0312`, `-78.74`, `16070`, `1.2e+07`.
  package static func short(_ value: Double, digits: Int = 4) -> String {
    // Minus zero would puzzle a reader.
    if value == 0 { return "0" }
    let text = String(format: "%.*g", digits, value)
    guard text.contains("e+"), let rounded = Double(text), rounded.magnitude < 1e6 else { return text }
    return String(format: "%.0f", rounded)
  }
}
