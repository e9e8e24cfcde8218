import Foundation

/// Bytes of an open file, read without moving its position; nil beyond its end.
struct FileBytes {
  let descriptor: Int32

  private func read(at offset: Int, count: Int) -> [UInt8] {
    guard offset >= 0 else { return [] }
    var bytes = [UInt8](repeating: 0, count: count)
    let found = pread(descriptor, &bytes, count, off_t(offset))
    return Array(bytes.prefix(max(0, found)))
  }

  /// Four characters.
  func tag(at offset: Int) -> String? {
    let bytes = read(at: offset, count: 4)
    return bytes.count == 4 ? String(decoding: bytes, as: UTF8.self) : nil
  }

  /// An integer: unsigned, but for one of eight bytes.
  func integer(at offset: Int, width: Int, isBig: Bool = false) -> Int? {
    let bytes = read(at: offset, count: width)
    guard bytes.count == width else { return nil }
    let value = (isBig ? bytes : bytes.reversed()).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Int(Int64(bitPattern: value))
  }

  /// At most `count` bytes as text.
  func text(at offset: Int, count: Int) -> String {
    String(decoding: read(at: offset, count: count), as: UTF8.self)
  }
}
