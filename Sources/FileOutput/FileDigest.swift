import Foundation
import Synchronization

/// SHA-256 of files, and the seals that tell a file from a damaged one.
///
/// A sealed file ends with 80 bytes that are no part of its format: `priorkit seal 1 ` and the digest of all before
/// them, in hexadecimal. HDF5 ignores what follows the end that its header tells, and cuts it off when a program
/// changes the file: a seal that is there was written together with the rest.
///
/// A digest is kept for the life of the process, for as long as the file's size and times of change stay as they
/// are.
public enum FileDigest {
  /// What a seal tells.
  public enum Seal: Sendable, Hashable { case absent, intact, broken }

  /// Bytes that a seal adds to a file.
  public static let sealLength = sealMark.count + 64
  private static let sealMark = Array("priorkit seal 1 ".utf8)

  /// Whether some bytes may be those that a seal begins with.
  public static func isStartOfSeal(_ bytes: [UInt8]) -> Bool {
    !bytes.isEmpty && sealMark.starts(with: bytes.prefix(sealMark.count))
  }

  /// SHA-256 of a file's bytes, in lower-case hexadecimal; memory does not grow with the file.
  ///
  /// - Throws: ``FileReadError``.
  public static func sha256(ofFile path: String) throws -> String { try contents(of: path).whole }

  /// Whether a file is as it was when it was sealed.
  ///
  /// - Throws: ``FileReadError``.
  public static func seal(ofFile path: String) throws -> Seal { try contents(of: path).seal }

  /// Ends a finished file with a seal.
  ///
  /// - Parameters:
  ///   - path: the file, to which the seal is appended.
  ///   - reportedPath: what errors call the file, where it is a temporary one.
  /// - Throws: ``OutputError`` or ``FileReadError``.
  public static func sealFile(_ path: String, reportedPath: String? = nil) throws {
    let digest = try contents(of: path).whole
    let name = reportedPath ?? path
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
    guard descriptor >= 0 else { throw OutputError.system(errno, path: name) }
    do {
      try (sealMark + Array(digest.utf8)).withUnsafeBytes {
        try OutputFile.writeAll($0, to: descriptor, path: name)
      }
    } catch {
      _ = close(descriptor)
      throw error
    }
    guard close(descriptor) == 0 else { throw OutputError.system(errno, path: name) }
  }

  // MARK: - Reading

  private struct Contents {
    var whole: String
    var seal: Seal
  }

  /// What tells one state of a file from the next.
  private struct State: Hashable {
    let device, node, size, seconds, nanoseconds, changeSeconds, changeNanoseconds: Int

    init(_ status: stat) {
      (device, node, size) = (
        Int(truncatingIfNeeded: status.st_dev), Int(truncatingIfNeeded: status.st_ino), status.st_size
      )
      (seconds, nanoseconds) = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
      (changeSeconds, changeNanoseconds) = (status.st_ctim.tv_sec, status.st_ctim.tv_nsec)
    }
  }

  private static let known = Mutex<[State: Contents]>([:])

  private static func contents(of path: String) throws -> Contents {
    guard !FileContents.isPipe(path) else {
      var hash = SHA256()
      hash.update(try FileContents.data(ofFile: path))
      return Contents(whole: hash.hexadecimal(), seal: .absent)
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileReadError.system(errno, path: path) }
    defer { _ = close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileReadError.system(errno, path: path) }
    let state = State(status)
    if let contents = known.withLock({ $0[state] }) { return contents }
    let contents = try read(descriptor, size: status.st_size, path: path)
    // Times of change have a grain of some milliseconds: a file that is being written may look the same twice.
    if Date().timeIntervalSince1970 - Double(state.changeSeconds) > 2 { known.withLock { $0[state] = contents } }
    return contents
  }

  /// One pass over the file: the digest of all of it, and of what lies before its last bytes.
  private static func read(_ descriptor: Int32, size: Int, path: String) throws -> Contents {
    let bodyLength = max(0, size - sealLength)
    var (hash, body) = (SHA256(), SHA256())
    var tail: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    var position = 0
    while true {
      // A part ends where the body does, so that the state there can be kept.
      let wanted = position < bodyLength ? min(buffer.count, bodyLength - position) : buffer.count
      let found = Foundation.read(descriptor, &buffer, wanted)
      if found < 0 {
        if errno == EINTR { continue }
        throw FileReadError.system(errno, path: path)
      }
      if found == 0 { break }
      if position >= bodyLength { tail += buffer.prefix(min(found, sealLength + 1 - tail.count)) }
      buffer.withUnsafeBytes { hash.update(UnsafeRawBufferPointer(rebasing: $0.prefix(found))) }
      position += found
      if position == bodyLength { body = hash }
    }
    let whole = hash.hexadecimal()
    guard bodyLength > 0, tail.count == sealLength, tail.starts(with: sealMark) else {
      return Contents(whole: whole, seal: .absent)
    }
    let isIntact = Array(body.hexadecimal().utf8) == Array(tail.dropFirst(sealMark.count))
    return Contents(whole: whole, seal: isIntact ? .intact : .broken)
  }
}
