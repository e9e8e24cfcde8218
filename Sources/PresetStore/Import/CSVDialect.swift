/// How a table separates its cells.
public enum CSVSeparator: String, Sendable, CaseIterable {
  /// What CSV has (RFC 4180).
  case comma = ","
  /// What spreadsheets write where decimal numbers have commas.
  case semicolon = ";"
  case tab

  var byte: UInt8 {
    switch self {
    case .comma: UInt8(ascii: ",")
    case .semicolon: UInt8(ascii: ";")
    case .tab: 9
    }
  }

  /// For messages: "cells are separated by ...".
  var words: String {
    switch self {
    case .comma: "commas"
    case .semicolon: "semicolons"
    case .tab: "tabs"
    }
  }
}

/// What stands between the whole and the broken part of a number in a table.
public enum DecimalMark: String, Sendable, CaseIterable {
  case point
  case comma
}

extension CSVTable {
  /// The separator of a header: commas if there are any outside quotes, otherwise what it has more of, semicolons
  /// or tabs; commas for a header of one cell.
  static func separator(ofHeader header: some Sequence<UInt8>) -> CSVSeparator {
    var counts: [CSVSeparator: Int] = [:]
    var isQuoted = false
    for byte in header {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      guard !isQuoted, let separator = CSVSeparator.allCases.first(where: { $0.byte == byte }) else { continue }
      counts[separator, default: 0] += 1
    }
    let (semicolons, tabs) = (counts[.semicolon] ?? 0, counts[.tab] ?? 0)
    guard counts[.comma] == nil, semicolons + tabs > 0 else { return .comma }
    return semicolons >= tabs ? .semicolon : .tab
  }

  /// Tells separators other than the expected one, with which the header would be read as a single cell.
  static func requireSeparator(_ expected: CSVSeparator, inHeader header: some Sequence<UInt8>, path: String) throws
  {
    let found = Set(header)
    guard !found.contains(expected.byte) else { return }
    let others = CSVSeparator.allCases.map { ($0.byte, $0.words) } + [(UInt8(ascii: "|"), "vertical bars")]
    guard let (_, words) = others.first(where: { found.contains($0.0) }) else { return }
    throw DataError(
      .malformed, path,
      "The cells of \(path) are separated by \(words) where "
        + (expected == .comma
          ? "CSV has commas: save it with commas, and with points in decimal numbers."
          : "\(expected.words) were expected: leave the separator to be found, or save the table with "
            + "\(expected.words)."))
  }
}
