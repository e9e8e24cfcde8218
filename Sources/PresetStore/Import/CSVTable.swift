package import Foundation

/// The records of a CSV text (RFC 4180): quoted fields may hold commas, doubled quotes and line breaks.
package struct CSVTable {
  package struct Record {
    /// Number of the line it begins on, from 1.
    package let line: Int
    package var fields: [String]
  }

  package let records: [Record]
  /// What its cells are separated by.
  package let separator: CSVSeparator

  /// The table in a file, or from a pipe.
  ///
  /// - Throws: ``DataError`` for a file that cannot be read, and as ``init(_:path:)``.
  package init(path: String) throws { try self.init(contents(ofFile: path), path: path) }

  /// - Parameter separator: what its cells are separated by; nil to go by the header.
  /// - Throws: ``DataError`` for text that is not UTF-8, a quote that is never closed, or another separator.
  package init(_ data: Data, path: String, separator: CSVSeparator? = .comma) throws {
    let content = data.starts(with: [0xEF, 0xBB, 0xBF]) ? data.dropFirst(3) : data[...]
    guard String(validating: content, as: UTF8.self) != nil else {
      throw DataError(.malformed, path, "\(path) is not UTF-8 text: save it as CSV in UTF-8.")
    }
    try Self.requireText(content, path: path)
    let header = content.prefix { $0 != 0x0A }
    self.separator = separator ?? Self.separator(ofHeader: header)
    try Self.requireSeparator(self.separator, inHeader: header, path: path)
    let delimiter = self.separator.byte
    let quote = UInt8(ascii: "\"")
    let newline = UInt8(ascii: "\n")
    var records: [Record] = []
    var fields: [String] = []
    var field: [UInt8] = []
    var line = 1
    var recordLine = 1
    var quoteLine: Int?
    var hasQuotes = false

    func endField() {
      fields.append(String(decoding: field, as: UTF8.self))
      field.removeAll(keepingCapacity: true)
    }
    func endRecord() {
      if field.last == UInt8(ascii: "\r") { field.removeLast() }
      // Empty lines separate nothing.
      if !fields.isEmpty || !field.isEmpty || hasQuotes {
        endField()
        records.append(Record(line: recordLine, fields: fields))
      }
      fields = []
      hasQuotes = false
    }

    var bytes = content.makeIterator()
    var pending: UInt8?
    while let byte = pending ?? bytes.next() {
      pending = nil
      if byte == newline { line += 1 }
      if quoteLine != nil {
        guard byte == quote else {
          field.append(byte)
          continue
        }
        pending = bytes.next()
        if pending == quote {
          field.append(quote)
          pending = nil
        } else {
          quoteLine = nil
        }
      } else if byte == quote, field.isEmpty {
        quoteLine = line
        hasQuotes = true
      } else if byte == delimiter {
        endField()
      } else if byte == newline {
        endRecord()
        recordLine = line
      } else {
        field.append(byte)
      }
    }
    if let quoteLine {
      throw DataError(.malformed, path, "The quote on line \(quoteLine) of \(path) is never closed: close it.")
    }
    endRecord()
    self.records = records
  }

  /// Tells what is no text, and line ends that would make one line of all.
  private static func requireText(_ content: Data, path: String) throws {
    if let position = content.firstIndex(of: 0) {
      let line = content[..<position].count { $0 == 0x0A } + 1
      throw DataError(
        .malformed, path,
        "Line \(line) of \(path) holds a NUL byte, which is no text: export the table again, in UTF-8.")
    }
    let hasNewline = content.contains(0x0A)
    if !hasNewline, content.dropLast().contains(0x0D) {
      throw DataError(
        .malformed, path, "The lines of \(path) end in CR alone, as on old Macs: save it with LF or CR LF.")
    }
  }

  /// A field as CSV: quoted where it must be.
  static func encoded(_ field: String) -> String {
    let needsQuotes = field.utf8.contains { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
    return needsQuotes ? "\"" + field.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : field
  }
}
