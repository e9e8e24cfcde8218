import FXParams
import Foundation

/// What the columns of a table of other origin hold: titles of the table, each with the name of a parameter.
///
/// A document in YAML, a line for each column:
///
///     device: label, group                # or one of the two
///     preamp_db: ignore
///     routing: order                      # number of the order of the series, from 1
///     ls_freq: low.frequency              # fixed by the chain: every row must have the fixed value
///     pk{n}_freq: peak{n}.frequency       # {n} is any whole number, the same on both sides
///     pk{n}_width: peak{n}.q
///     hs_khz: high.frequency [kHz]        # in another unit (`ParameterUnit`)
///
/// A column that the document does not name keeps its title as the name of a parameter.
public struct ColumnMap: Sendable, Hashable {
  /// What a column holds.
  enum Target: Sendable, Hashable {
    /// A parameter, or what would be one if it were not fixed.
    case parameter(name: String, unit: String?)
    case roles(label: Bool, group: Bool)
    /// The number of the order of the series, from 1.
    case order
    case ignored
  }

  /// One line of the document.
  struct Entry: Sendable, Hashable {
    /// As it is written.
    let title: String
    fileprivate let value: String
    /// What stands before and after the number; nil for a title without one.
    fileprivate let ends: [String]?

    /// The number that a title has in the place of the entry's, without leading zeros; nil for other titles.
    fileprivate func number(in title: String) -> String? {
      guard let ends, title.hasPrefix(ends[0]), title.hasSuffix(ends[1]),
        title.count > ends[0].count + ends[1].count
      else { return nil }
      let digits = title.dropFirst(ends[0].count).dropLast(ends[1].count)
      guard digits.count <= 9, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
      return Int(digits).map(String.init)
    }
  }

  static let placeholder = "{n}"
  /// The document, as errors name it.
  let path: String
  let entries: [Entry]

  /// Reads a document.
  ///
  /// - Throws: ``DataError`` for a file that is no such mapping, and with a sentence for each line that misuses the
  ///   placeholder.
  public init(path: String) throws {
    try self.init(yaml: String(decoding: contents(ofFile: path), as: UTF8.self), path: path)
  }

  init(yaml: String, path: String) throws {
    let mapping: TextMapping
    do {
      mapping = try TextMapping(yaml: yaml)
    } catch let error as TextMapping.Malformed {
      throw DataError(.malformed, path, "\(path) \(error.reason).")
    }
    self.path = path
    entries = mapping.entries.map { entry in
      let ends = entry.key.components(separatedBy: Self.placeholder)
      return Entry(title: entry.key, value: entry.value, ends: ends.count == 2 ? ends : nil)
    }
    let faults = entries.compactMap { $0.fault(path: path) }
    guard faults.isEmpty else { throw DataError(.malformed, path, faults.joined(separator: " ")) }
  }

  /// The entries that a title fits and what each says of it, those that name the title itself first.
  func matches(_ title: String) -> [(entry: Int, target: Target)] {
    let own = entries.indices.filter { entries[$0].ends == nil && entries[$0].title == title }
      .map { ($0, Self.target(entries[$0].value)) }
    return own
      + entries.indices.compactMap { index in
        entries[index].number(in: title).map { number in
          (index, Self.target(entries[index].value.replacingOccurrences(of: Self.placeholder, with: number)))
        }
      }
  }

  private static func target(_ value: String) -> Target {
    switch value {
    case "label": return .roles(label: true, group: false)
    case "group": return .roles(label: false, group: true)
    case "label, group", "group, label": return .roles(label: true, group: true)
    case CSVColumns.orderTitle: return .order
    case "ignore": return .ignored
    default:
      let parts = ColumnTitle(value)
      return .parameter(name: parts.name, unit: parts.unit)
    }
  }
}

extension ColumnMap.Entry {
  /// A sentence on the misuse of `{n}`; nil where there is none.
  fileprivate func fault(path: String) -> String? {
    let mark = ColumnMap.placeholder
    let inTitle = title.components(separatedBy: mark).count - 1
    let inValue = value.components(separatedBy: mark).count - 1
    if inTitle > 1 || inValue > 1 {
      return "\(path) has \(mark) twice in `\(title): \(value)`: one number is all that a title may vary in."
    }
    if inValue > inTitle {
      return "\(path) has \(mark) in the parameter of `\(title): \(value)`, but not in the title: write it in both."
    }
    if inTitle > inValue, value != "ignore" {
      return
        "\(path) has \(mark) in the title of `\(title): \(value)`, which several columns have: write it in the "
        + "parameter too."
    }
    return nil
  }
}
