import FileOutput
import Foundation

/// The iterations of one chain on disk, each appended when it is complete: if the process ends, only the unfinished
/// iteration is lost.
///
/// A file begins with the text `priorkit draws 2`, the run it belongs to and the count of numbers per row, each on
/// a line of its own, and an empty line; then rows of doubles, little-endian, each with the first eight bytes of
/// the SHA-256 of its number and its bytes. When the file is opened again, it is truncated after its last valid
/// row: what follows is an incomplete row, or what a file system leaves after a power failure. The lost rows are
/// drawn again, with the same values.
public final class DrawLog {
  /// The path of the file.
  public let path: String
  private let width: Int
  private let handle: FileHandle
  private var count: Int

  /// Opens a log, with the rows that are in it.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - problem: one line that tells runs apart.
  ///   - width: numbers per row.
  ///   - isResuming: whether to continue an existing file; otherwise it is replaced.
  /// - Throws: ``DrawLogError`` if it belongs to another run or cannot be read or written.
  public static func open(
    _ path: String, problem: String, width: Int, isResuming: Bool
  ) throws -> (log: DrawLog, rows: [[Double]]) {
    let header = header(problem: problem, width: width)
    guard isResuming, FileManager.default.fileExists(atPath: path) else { return try begin(path, header, width) }
    guard let data = FileManager.default.contents(atPath: path) else { throw DrawLogError.unreadable(path) }
    guard data.starts(with: header) else {
      // The process, or the machine, ended while the first lines were written: nothing had been drawn yet.
      if isUnwritten(data, header) { return try begin(path, header, width) }
      throw refusal(of: data, path)
    }
    let rows = Self.rows(data.dropFirst(header.count), width: width)
    let length = header.count + rows.count * (width + 1) * MemoryLayout<UInt64>.size
    return (try DrawLog(path, width: width, count: rows.count, length: length), rows)
  }

  /// Checks that ``open(_:problem:width:isResuming:)`` would continue a file, or begin one; changes nothing.
  ///
  /// - Parameters:
  ///   - path: the file, which need not exist.
  ///   - problem: one line that tells runs apart.
  ///   - width: numbers per row.
  /// - Throws: ``DrawLogError`` if it belongs to another run or cannot be read.
  static func check(_ path: String, problem: String, width: Int) throws {
    guard FileManager.default.fileExists(atPath: path) else { return }
    let header = header(problem: problem, width: width)
    guard let file = FileHandle(forReadingAtPath: path),
      let start = try? file.read(upToCount: header.count) ?? Data()
    else { throw DrawLogError.unreadable(path) }
    defer { try? file.close() }
    guard start == header || isUnwritten(start, header) else { throw refusal(of: start, path) }
  }

  /// Whether a file is a log of draws, of this version or another.
  package static func isOne(path: String) -> Bool {
    guard !FileContents.isPipe(path), let file = FileHandle(forReadingAtPath: path) else { return false }
    defer { try? file.close() }
    return (try? file.read(upToCount: family.utf8.count)) == Data(family.utf8)
  }

  /// What a log holds; nothing is changed.
  ///
  /// - Throws: ``DrawLogError`` for a file that cannot be read, is no log of draws, or has another version.
  public static func content(of path: String) throws -> DrawLogContent {
    guard let data = FileManager.default.contents(atPath: path) else { throw DrawLogError.unreadable(path) }
    // Nothing was drawn yet: the process, or the machine, ended while the first lines were written.
    let nothing = DrawLogContent(problem: nil, rowCount: 0, lostBytes: data.count)
    let first = Data((magic + "\n").utf8)
    guard data.starts(with: first) else {
      if isUnwritten(data, first) { return nothing }
      throw data.starts(with: Data(family.utf8)) ? DrawLogError.otherVersion(path) : .damaged(path)
    }
    guard let end = data.range(of: Data("\n\n".utf8))?.upperBound else { return nothing }
    let lines = String(decoding: data[..<end], as: UTF8.self).split(separator: "\n")
    guard lines.count == 3, let width = Int(lines[2]), (1...mostNumbers).contains(width) else {
      throw DrawLogError.damaged(path)
    }
    let count = rows(data[end...], width: width).count
    return DrawLogContent(
      problem: String(lines[1]), rowCount: count, lostBytes: data.count - end - count * (width + 1) * 8)
  }

  /// Numbers in a row of a log that anything is read of.
  private static let mostNumbers = 1 << 24

  private static func header(problem: String, width: Int) -> Data {
    Data("\(magic)\n\(problem.replacing("\n", with: " "))\n\(width)\n\n".utf8)
  }

  /// Why a file that begins otherwise is not continued.
  private static func refusal(of data: Data, _ path: String) -> DrawLogError {
    data.starts(with: Data(family.utf8)) ? .otherRun(path) : .damaged(path)
  }

  private static let family = "priorkit draws "
  private static let magic = family + "2"

  private static func begin(_ path: String, _ header: Data, _ width: Int) throws -> (log: DrawLog, rows: [[Double]])
  {
    guard FileManager.default.createFile(atPath: path, contents: header) else {
      throw DrawLogError.unwritable(path)
    }
    return (try DrawLog(path, width: width, count: 0, length: header.count), [])
  }

  /// Whether a file ends, or turns to zeros for good, before its first lines do.
  private static func isUnwritten(_ data: Data, _ header: Data) -> Bool {
    let same = zip(data, header).prefix { $0 == $1 }.count
    return same < header.count && data.dropFirst(same).allSatisfy { $0 == 0 }
  }

  /// The rows from the first one on whose digests are right.
  private static func rows(_ data: Data, width: Int) -> [[Double]] {
    let words = data.withUnsafeBytes { bytes in
      (0..<bytes.count / 8).map {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self))
      }
    }
    var rows: [[Double]] = []
    for start in stride(from: 0, through: words.count - width - 1, by: width + 1) {
      let row = words[start..<start + width]
      guard words[start + width] == digest(of: row, number: rows.count) else { break }
      rows.append(row.map { Double(bitPattern: $0) })
    }
    return rows
  }

  /// The number counts too, so that a row does not pass in the place of another.
  private static func digest(of row: some Sequence<UInt64>, number: Int) -> UInt64 {
    var hash = SHA256()
    ([UInt64(number)] + row).map(\.littleEndian).withUnsafeBytes { hash.update($0) }
    return hash.digest().prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private init(_ path: String, width: Int, count: Int, length: Int) throws {
    guard let handle = FileHandle(forUpdatingAtPath: path) else { throw DrawLogError.unwritable(path) }
    self.path = path
    self.width = width
    self.count = count
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
    let words = row.map(\.bitPattern)
    let record = (words + [Self.digest(of: words, number: count)]).map(\.littleEndian)
    do { try handle.write(contentsOf: record.withUnsafeBytes { Data($0) }) } catch {
      throw DrawLogError.unwritable(path)
    }
    count += 1
  }
}

/// What a ``DrawLog`` holds.
public struct DrawLogContent: Sendable, Hashable {
  /// The run that it belongs to, in the line that tells runs apart; nil if not even that was written.
  public let problem: String?
  /// Whole iterations, warm-up included.
  public let rowCount: Int
  /// Bytes after the last whole iteration, of one that is drawn again when the run goes on.
  public let lostBytes: Int
}

/// What can be wrong with a log of draws.
public enum DrawLogError: Error, Sendable, Hashable, CustomStringConvertible {
  case otherRun(String)
  case damaged(String)
  case otherVersion(String)
  case unreadable(String)
  case unwritable(String)

  public var description: String {
    switch self {
    case .otherRun(let path):
      "The draws in \(path) belong to another run: resume with the settings and inputs they were made with, or "
        + "start anew."
    case .damaged(let path): "\(path) is damaged, or holds no draws: start anew."
    case .otherVersion(let path):
      "The draws in \(path) were written by another version of priorkit: use that one, or start anew."
    case .unreadable(let path): "The draws in \(path) cannot be read: start anew."
    case .unwritable(let path): "Draws cannot be written to \(path): make room on the disk, then resume."
    }
  }
}
