public import Foundation

/// Writing of output files that are either complete or absent.
///
/// The content goes to a temporary file in the folder of the output, is forced to the disk, and takes the output's
/// name in one step: a reader, a crash or a full disk never sees half a file, and an existing output survives a
/// failure.
public enum OutputFile {
  // MARK: - Checking

  /// Checks before long work that `path` can be written: its folder exists and is writable, and nothing is in the
  /// way.
  ///
  /// - Throws: ``OutputError``.
  public static func check(_ path: String, overwrite: Bool) throws {
    guard try kind(of: path, overwrite: overwrite) != .device else { return }
    let temporary = try createTemporary(for: path)
    unlink(temporary)
  }

  // MARK: - Writing

  /// Runs `body` with the path of an empty temporary file, then moves that file to `path`.
  ///
  /// The temporary has the file extension of the output. An existing output keeps its permissions, and a symbolic
  /// link is followed. A device such as `/dev/stdout` is handed to `body` as it is.
  ///
  /// - Parameters:
  ///   - path: the output.
  ///   - overwrite: whether an existing file may be replaced.
  ///   - body: writes and closes the file; what it returns is returned, what it throws is thrown on.
  /// - Throws: ``OutputError``; before `body` runs if the output exists or its folder is missing or read-only.
  public static func write<Result>(
    to path: String, overwrite: Bool, _ body: (_ temporaryPath: String) throws -> Result
  ) throws -> Result {
    guard try kind(of: path, overwrite: overwrite) != .device else { return try body(path) }
    let destination = destination(path)
    let temporary = try createTemporary(for: path)
    let entry = LiveTemporaries.insert(temporary)
    defer { LiveTemporaries.remove(entry) }
    do {
      let result = try body(temporary)
      try synchronise(temporary, path: path)
      try move(temporary, to: destination, overwrite: overwrite, path: path)
      synchroniseFolder(of: destination)
      return result
    } catch {
      unlink(temporary)
      throw error
    }
  }

  /// Writes bytes to `path`, as ``write(to:overwrite:_:)`` does.
  public static func write(_ data: Data, to path: String, overwrite: Bool) throws {
    try write(to: path, overwrite: overwrite) { temporary in
      let descriptor = open(temporary, O_WRONLY | O_TRUNC | O_CLOEXEC)
      guard descriptor >= 0 else { throw OutputError.system(errno, path: path) }
      do {
        try data.withUnsafeBytes { try writeAll($0, to: descriptor, path: path) }
      } catch {
        _ = close(descriptor)
        throw error
      }
      guard close(descriptor) == 0 else { throw OutputError.system(errno, path: path) }
    }
  }

  // MARK: - Interruption

  /// Deletes the temporary files of outputs being written; safe to call in a signal handler of a process that
  /// called ``removeTemporariesOnInterrupt()`` or began to write any output before.
  public static func removeTemporaries() { LiveTemporaries.unlinkAll() }

  /// Makes SIGINT, SIGTERM and SIGHUP delete the temporary files of outputs being written, then end the process as
  /// they do by default.
  public static func removeTemporariesOnInterrupt() {
    LiveTemporaries.prepare()
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number) { number in
        OutputFile.removeTemporaries()
        signal(number, SIG_DFL)
        raise(number)
      }
    }
  }
}

// MARK: - System calls

extension OutputFile {
  private enum Kind { case absent, file, device }

  /// What is at `path` now.
  private static func kind(of path: String, overwrite: Bool) throws -> Kind {
    var status = stat()
    guard stat(path, &status) == 0 else {
      if errno == ENOENT, !path.isEmpty { return .absent }
      throw OutputError.system(errno, path: path)
    }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: throw OutputError.isFolder(path: path)
    case S_IFREG:
      guard overwrite else { throw OutputError.exists(path: path) }
      guard access(path, W_OK) == 0 else { throw OutputError.readOnly(path: path, folder: path) }
      return .file
    default: return .device
    }
  }

  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The path that an output takes behind symbolic links, also where a link leads to a file that is not there yet.
  public static func destination(_ path: String) -> String {
    if let real = realpath(path, nil) {
      defer { free(real) }
      return String(cString: real)
    }
    var current = path
    // As many as the system follows.
    for _ in 0..<40 {
      var target = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
      let length = readlink(current, &target, Int(PATH_MAX))
      guard length > 0 else { break }
      let name = String(decoding: target.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
      current = name.hasPrefix("/") ? name : folder(of: current) + "/" + name
    }
    guard let folder = realpath(folder(of: current), nil) else { return current }
    defer { free(folder) }
    return String(cString: folder) + "/" + (current.split(separator: "/").last.map(String.init) ?? "")
  }

  /// Creates an empty file beside the output: the one test of a writable folder that holds for every user.
  private static func createTemporary(for path: String) throws -> String {
    let destination = destination(path)
    var status = stat()
    let mode = stat(destination, &status) == 0 ? status.st_mode & 0o777 : nil
    let url = URL(fileURLWithPath: destination)
    let suffix = url.pathExtension.isEmpty ? "" : "." + url.pathExtension
    while true {
      let tag = String(UInt64.random(in: 0...UInt64.max), radix: 36)
      let temporary = folder(of: destination) + "/.priorkit-" + tag + suffix
      let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor < 0 {
        if errno == EEXIST { continue }
        throw OutputError.system(errno, path: path)
      }
      if let mode { _ = fchmod(descriptor, mode) }
      _ = close(descriptor)
      return temporary
    }
  }

  private static func synchronise(_ temporary: String, path: String) throws {
    let descriptor = open(temporary, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw OutputError.system(errno, path: path) }
    let failure = fsync(descriptor) == 0 ? nil : errno
    _ = close(descriptor)
    if let failure { throw OutputError.system(failure, path: path) }
  }

  private static func move(_ temporary: String, to destination: String, overwrite: Bool, path: String) throws {
    // A link fails where a rename would replace a file that another process has written in the meantime.
    if !overwrite {
      if link(temporary, destination) == 0 {
        unlink(temporary)
        return
      }
      // File systems without hard links are left to the rename.
      if errno == EEXIST { throw OutputError.exists(path: path) }
    }
    guard rename(temporary, destination) == 0 else { throw OutputError.system(errno, path: path) }
  }

  /// Makes the new name survive a power failure; file systems that cannot do this are not asked again.
  private static func synchroniseFolder(of destination: String) {
    let descriptor = open(folder(of: destination), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = fsync(descriptor)
    _ = close(descriptor)
  }

  static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = Foundation.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if written < 0 {
        if errno == EINTR { continue }
        throw OutputError.system(errno, path: path)
      }
      rest = rest.dropFirst(written)
    }
  }
}
