import FileOutput
import Foundation

/// The start of an HDF5 file (format specification, II.A), read without the library.
enum Superblock {
  /// Where the file ends by its own account; nil for a file that does not begin with a superblock.
  static func endOfFile(_ path: String) -> UInt64? {
    guard let file = FileHandle(forReadingAtPath: path), let bytes = try? file.read(upToCount: 64) else {
      return nil
    }
    let head = [UInt8](bytes)
    guard head.count == 64, head.starts(with: [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]) else { return nil }
    // By version: where the size of addresses stands, and where the third address does.
    let layout: (size: Int, end: Int)? =
      switch head[8] {
      case 0: (13, 40)
      case 1: (13, 44)
      case 2, 3: (9, 28)
      default: nil
      }
    guard let layout, head[layout.size] == 8 else { return nil }
    return head[layout.end..<layout.end + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Whether a file that was sealed is no longer what it was.
  static func isDamaged(_ path: String) -> Bool {
    // What cannot be read here will be told by the library.
    guard let seal = try? FileDigest.seal(ofFile: path) else { return false }
    guard seal == .absent else { return seal == .broken }
    // What is left of one: as many bytes beyond the end as it has, or its first ones.
    var status = stat()
    guard stat(path, &status) == 0, let end = endOfFile(path), let size = UInt64(exactly: status.st_size), end > 0,
      size > end
    else { return false }
    let rest = tail(path, from: end)
    return size - end == UInt64(FileDigest.sealLength) || FileDigest.isStartOfSeal(rest)
  }

  private static func tail(_ path: String, from position: UInt64) -> [UInt8] {
    guard let file = FileHandle(forReadingAtPath: path), (try? file.seek(toOffset: position)) != nil else {
      return []
    }
    return [UInt8]((try? file.read(upToCount: 16)) ?? Data())
  }
}
