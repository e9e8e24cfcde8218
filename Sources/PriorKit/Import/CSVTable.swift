import Foundation

/// The records of a CSV text (RFC 4180): quoted fields may hold commas, doubled quotes and line breaks.
struct CSVTable {
  struct Record {
    /// Number of the line it begins on, from 1.
    let line: Int
    var fields: [String]
  }

  let records: [Record]

  /// - Throws: ``DataError`` for text that is not UTF-8 or a quote that is never closed.
  init(_ data: Data, path: String) throws {
    let content = data.starts(with: [0xEF, 0xBB, 0xBF]) ? data.dropFirst(3) : data[...]
    guard String(validating: content, as: UTF8.self) != nil else {
      throw DataError(.malformed, path, "\(path) is not UTF-8 text: save it as CSV in UTF-8.")
    }
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
      } else if byte == UInt8(ascii: ",") {
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

  /// A field as CSV: quoted where it must be.
  static func encoded(_ field: String) -> String {
    let needsQuotes = field.utf8.contains { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
    return needsQuotes ? "\"" + field.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : field
  }
}
