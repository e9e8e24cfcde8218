import Foundation

/// The iterations of one chain on disk, appended as they are made: whatever ends the process, all but the one in the
/// making are there.
///
/// A file is the text `priorkit draws 1`, the run it belongs to and the numbers in a row, each a line, and an empty line;
/// then rows of doubles, little-endian. A last row that is not whole is cut off when the file is opened again.
public final class DrawLog {
  public let path: String
  private let width: Int
  private let handle: FileHandle

  /// Opens a log, with the rows that are in it.
  ///
  /// - Parameters:
  ///   - problem: one line that tells runs apart.
  ///   - isResuming: whether an existing file is gone on with; otherwise it is begun anew.
  /// - Throws: ``DrawLogError`` if it belongs to another run or cannot be read or written.
  public static func open(
    _ path: String, problem: String, width: Int, isResuming: Bool
  ) throws -> (log: DrawLog, rows: [[Double]]) {
    let header = Data("priorkit draws 1\n\(problem.replacing("\n", with: " "))\n\(width)\n\n".utf8)
    guard isResuming, FileManager.default.fileExists(atPath: path) else {
      guard FileManager.default.createFile(atPath: path, contents: header) else {
        throw DrawLogError.unwritable(path)
      }
      return (try DrawLog(path, width: width, length: header.count), [])
    }
    guard let data = FileManager.default.contents(atPath: path) else { throw DrawLogError.unreadable(path) }
    guard data.starts(with: header) else { throw DrawLogError.otherRun(path) }
    let rowBytes = width * MemoryLayout<Double>.size
    let count = (data.count - header.count) / rowBytes
    let rows = (0..<count).map { row in
      let start = header.count + row * rowBytes
      return data[start..<start + rowBytes].withUnsafeBytes { bytes in
        (0..<width).map {
          Double(bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self)))
        }
      }
    }
    return (try DrawLog(path, width: width, length: header.count + count * rowBytes), rows)
  }

  private init(_ path: String, width: Int, length: Int) throws {
    guard let handle = FileHandle(forUpdatingAtPath: path) else { throw DrawLogError.unwritable(path) }
    self.path = path
    self.width = width
    self.handle = handle
    do {
      try handle.truncate(atOffset: UInt64(length))
      try handle.seekToEnd()
    } catch {
      throw DrawLogError.unwritable(path)
    }
  }

  deinit { try? handle.close() }

  /// Adds a row.
  public func append(_ row: [Double]) throws {
    precondition(row.count == width, "A row of \(row.count) numbers in a log of \(width)")
    do {
      try handle.write(contentsOf: row.map(\.bitPattern.littleEndian).withUnsafeBytes { Data($0) })
    } catch {
      throw DrawLogError.unwritable(path)
    }
  }
}

/// What can be wrong with a log of draws.
public enum DrawLogError: Error, Sendable, Hashable, CustomStringConvertible {
  case otherRun(String)
  case unreadable(String)
  case unwritable(String)

  public var description: String {
    switch self {
    case .otherRun(let path):
      "The draws in \(path) belong to another run: resume with the settings and inputs they were made with, or start "
        + "anew with --force."
    case .unreadable(let path): "The draws in \(path) cannot be read: start anew with --force."
    case .unwritable(let path):
      "Draws cannot be written to \(path): make room on the disk, then go on with --resume."
    }
  }
}
