import FXParams
import Foundation

/// The filters of a text configuration of an equaliser, and what else the text has.
struct EqualiserText: Sendable {
  let path: String
  /// The name of the file without its extension and AutoEq's " ParametricEQ"; that of the folder for a file of
  /// which nothing else remains.
  let label: String
  /// Those that are ON, in order.
  let filters: [EqualiserFilter]
  /// The number of those that are OFF.
  let offCount: Int
  /// As written, such as `-6.6 dB`; nil where there is none.
  let preamp: String?
  /// Commands that say nothing of a band, such as `Channel`, each with its line.
  let ignored: [(command: String, line: Int)]

  /// Reads a file.
  ///
  /// - Parameter sampleRate: in Hz, for widths in octaves.
  /// - Throws: ``DataError`` naming the line of a filter that cannot be used, and for a file without filters.
  init(path: String, sampleRate: Double) throws {
    let data = try contents(ofFile: path)
    // Configurations are UTF-8 or in a code page of Windows; only comments have other letters.
    guard let text = String(validating: data, as: UTF8.self) ?? String(data: data, encoding: .isoLatin1),
      !text.contains("\0")
    else { throw DataError(.malformed, path, "\(path) is no text: give a configuration of Equalizer APO.") }
    try self.init(text, path: path, sampleRate: sampleRate)
  }

  init(_ text: String, path: String, sampleRate: Double) throws {
    self.path = path
    label = Self.label(of: path)
    var filters: [EqualiserFilter] = []
    var offCount = 0
    var preamp: String?
    var ignored: [(command: String, line: Int)] = []
    let lines = text.replacing("\u{FEFF}", with: "").replacing("\u{A0}", with: " ")
      .split(omittingEmptySubsequences: false) { $0.isNewline }
    for (index, line) in lines.enumerated() {
      let content = line.trimmingCharacters(in: .whitespaces)
      guard !content.isEmpty, !content.hasPrefix("#") else { continue }
      guard let colon = content.firstIndex(of: ":") else {
        ignored.append((String(content.prefix { !$0.isWhitespace }), index + 1))
        continue
      }
      let command = content[..<colon].trimmingCharacters(in: .whitespaces)
      let rest = content[content.index(after: colon)...].trimmingCharacters(in: .whitespaces)
      switch command.lowercased().prefix(6) {
      case "preamp": preamp = rest
      case "filter":
        if let filter = try Self.filter(rest, command, line: index + 1, path: path, sampleRate: sampleRate) {
          filters.append(filter)
        } else {
          offCount += 1
        }
      default: ignored.append((command, index + 1))
      }
    }
    (self.filters, self.offCount, self.preamp, self.ignored) = (filters, offCount, preamp, ignored)
    guard !filters.isEmpty else {
      throw DataError(
        .empty, path,
        "\(path) has no filter that is ON: give a configuration with lines such as Filter 1: ON PK Fc 105 Hz Gain "
          + "-3.6 dB Q 0.37.")
    }
  }

  /// Nil for a filter that is OFF.
  private static func filter(
    _ text: String, _ command: String, line: Int, path: String, sampleRate: Double
  ) throws -> EqualiserFilter? {
    let words = text.split(maxSplits: 1, whereSeparator: \.isWhitespace)
    let rest = words.count > 1 ? String(words[1]) : ""
    switch words.first?.lowercased() {
    case "off": return nil
    case "on" where rest.lowercased().hasPrefix("none"): return nil
    case "on": break
    default:
      throw DataError(
        .malformed, path, "\(command) on line \(line) of \(path) is neither ON nor OFF: write one of them.")
    }
    do {
      return try EqualiserFilter(rest, line: line, sampleRate: sampleRate)
    } catch let refusal as EqualiserFilter.Refusal {
      throw DataError(.malformed, path, "\(command) on line \(line) of \(path) \(refusal.reason).")
    }
  }

  private static func label(of path: String) -> String {
    let url = URL(fileURLWithPath: path)
    let name = url.deletingPathExtension().lastPathComponent
    if name == "ParametricEQ" { return url.deletingLastPathComponent().lastPathComponent }
    return name.hasSuffix(" ParametricEQ") ? String(name.dropLast(" ParametricEQ".count)) : name
  }
}
