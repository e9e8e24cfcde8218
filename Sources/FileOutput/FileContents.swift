public import Foundation
import Synchronization

/// Reading of whole files, and of pipes: `<(command)` in a shell, or a named one.
///
/// A pipe gives its bytes once. They are kept for the life of the process, so that it can be read and hashed like a
/// file.
public enum FileContents {
  /// Bytes that are taken from a pipe at most.
  private static let pipeLimit = min(4 << 30, MemoryLimit.bytes)

  /// How long a named pipe may stay without a program that writes to it.
  private static let patience = Duration.seconds(10)

  private static func isNamedPipe(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO && !path.hasPrefix("/dev/")
      && !path.hasPrefix("/proc/")
  }

  private static let pipes = Mutex<[String: Data]>([:])

  /// Whether a path is that of a pipe, a socket or a terminal, which cannot be read twice.
  public static func isPipe(_ path: String) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0 else { return false }
    return [S_IFIFO, S_IFSOCK, S_IFCHR].contains(status.st_mode & S_IFMT)
  }

  /// Whether a file that keeps the state of a run is absent, empty, or begins with zeros: what is left when the
  /// machine went down before anything was stored. Such a file is as good as none.
  public static func isUnwritten(_ path: String) -> Bool {
    guard let file = FileHandle(forReadingAtPath: path) else { return true }
    defer { try? file.close() }
    let head = (try? file.read(upToCount: 8)) ?? nil
    return head?.allSatisfy { $0 == 0 } ?? true
  }

  /// All bytes of a file or a pipe.
  ///
  /// - Throws: ``FileReadError``.
  public static func data(ofFile path: String) throws(FileReadError) -> Data {
    guard isPipe(path) else { return try regular(path) }
    if let data = pipes.withLock({ $0[path] }) { return data }
    let data = try drained(path)
    pipes.withLock { $0[path] = data }
    return data
  }

  private static func regular(_ path: String) throws(FileReadError) -> Data {
    var status = stat()
    guard stat(path, &status) == 0 else { throw .system(errno, path: path) }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw .system(EISDIR, path: path) }
    guard status.st_size <= MemoryLimit.bytes else { throw .tooLarge(path: path, bytes: status.st_size) }
    do { return try Data(contentsOf: URL(fileURLWithPath: path)) } catch { throw .system(EACCES, path: path) }
  }

  private static func drained(_ path: String) throws(FileReadError) -> Data {
    // Without waiting for a program that writes: there may be none, and opening would never return.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .system(errno, path: path) }
    defer { _ = close(descriptor) }
    var data = Data()
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    var hasWriter = false
    let deadline = ContinuousClock.now + patience
    while true {
      let found = read(descriptor, &buffer, buffer.count)
      if found < 0 {
        if errno == EINTR { continue }
        guard errno == EAGAIN else { throw .system(errno, path: path) }
        hasWriter = true
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        poll(&waiting, 1, 1000)
        continue
      }
      if found == 0 {
        // The end, or nobody has begun.
        if hasWriter || !isNamedPipe(path) { return data }
        guard ContinuousClock.now < deadline else { throw .noWriter(path: path) }
        usleep(20_000)
        continue
      }
      hasWriter = true
      guard data.count + found <= pipeLimit else { throw .tooLarge(path: path, bytes: data.count + found) }
      data.append(contentsOf: buffer.prefix(found))
    }
  }
}

/// Why an input cannot be read: one sentence that names the path and the remedy.
public enum FileReadError: Error, Sendable, Hashable, CustomStringConvertible {
  case missing(path: String)
  case isFolder(path: String)
  case noPermission(path: String)
  /// A pipe where the format needs a file.
  case isPipe(path: String)
  /// A named pipe that nobody writes to.
  case noWriter(path: String)
  case tooLarge(path: String, bytes: Int)
  case failed(path: String, reason: String)

  public var description: String {
    switch self {
    case .missing(let path): "There is no file \(path): check the name."
    case .isFolder(let path): "\(path) is a folder: give the name of a file."
    case .noPermission(let path): "\(path) cannot be read: check who owns it."
    case .isPipe(let path):
      "\(path) is a pipe, which can be read only from its beginning to its end: write its contents to a file first."
    case .noWriter(let path): "\(path) is a pipe that no program writes to: start the one that should."
    case .tooLarge(let path, let bytes):
      "\(path) has \(bytes) bytes or more, beyond the memory of this machine: divide it."
    case .failed(let path, let reason): "\(path) cannot be read (\(reason)): check the disk."
    }
  }

  /// The error of a failed system call, from its `errno`.
  static func system(_ code: Int32, path: String) -> FileReadError {
    switch code {
    case ENOENT, ENOTDIR: .missing(path: path)
    case EISDIR: .isFolder(path: path)
    case EACCES, EPERM: .noPermission(path: path)
    default: .failed(path: path, reason: String(cString: strerror(code)))
    }
  }
}
