import Foundation
import PresetStore

/// The places of records in a table of comma-separated values.
struct CSVRecords {
  private let content: Data

  init(_ content: Data) { self.content = content }

  /// The record that begins at a place, with its end of line; nil at the end.
  func next(after start: Int) -> Range<Int>? {
    guard start < content.count else { return nil }
    return content.withUnsafeBytes { (bytes: UnsafeRawBufferPointer) in
      var isQuoted = false
      for index in start..<bytes.count {
        if bytes[index] == UInt8(ascii: "\"") { isQuoted.toggle() }
        if bytes[index] == 0x0A, !isQuoted { return start..<index + 1 }
      }
      return start..<bytes.count
    }
  }

  /// The first fields of a record, or all.
  ///
  /// - Throws: `DataError`.
  func fields(of range: Range<Int>, leading: Int? = nil, path: String) throws -> [String] {
    var end = range.upperBound
    if let leading {
      var (isQuoted, count) = (false, 0)
      content.withUnsafeBytes { (bytes: UnsafeRawBufferPointer) in
        for index in range {
          if bytes[index] == UInt8(ascii: "\"") { isQuoted.toggle() }
          if bytes[index] == UInt8(ascii: ","), !isQuoted { count += 1 }
          guard count < leading else {
            end = index
            return
          }
        }
      }
    }
    return try CSVTable(content[range.lowerBound..<end], path: path).records.first?.fields ?? []
  }
}
