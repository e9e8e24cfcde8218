public import Foundation

/// Writing of folders that are either complete or absent, as ``OutputFile`` does for files.
///
/// The files go to a folder with a temporary name beside the output, are forced to the disk, and the folder takes
/// the output's name when all are there. An existing folder is replaced as a whole, and only one that holds nothing
/// but files of the same kind.
public enum OutputBundle {
  /// Checks that `path` can be written, without writing.
  ///
  /// - Parameters:
  ///   - path: the folder; the one above it exists.
  ///   - overwrite: whether an existing folder may be replaced.
  ///   - isOwn: whether a name in the existing folder is of such a folder; any other forbids replacing it.
  /// - Throws: ``OutputError``.
  public static func check(_ path: String, overwrite: Bool, isOwn: (String) -> Bool) throws {
    let path = trimmed(path)
    guard try exists(path, overwrite: overwrite, isOwn: isOwn) else {
      try OutputFile.check(path, overwrite: false)
      return
    }
  }

  /// Writes a folder of files.
  ///
  /// - Parameters:
  ///   - files: names without slashes, and bytes.
  ///   - path: the folder; the one above it exists.
  ///   - overwrite: whether an existing folder may be replaced.
  ///   - isOwn: as for ``check(_:overwrite:isOwn:)``.
  /// - Throws: ``OutputError``; nothing is changed then.
  public static func write(
    _ files: [(name: String, content: Data)], to path: String, overwrite: Bool, isOwn: (String) -> Bool
  ) throws {
    let path = trimmed(path)
    let replaces = try exists(path, overwrite: overwrite, isOwn: isOwn)
    let destination = OutputFile.destination(path)
    let staging = try makeFolder(beside: destination, path: path)
    do {
      for (name, content) in files { try store(content, at: staging + "/" + name, path: path) }
      try move(staging, to: destination, replaces: replaces, path: path)
    } catch {
      try? FileManager.default.removeItem(atPath: staging)
      throw error
    }
  }

  // MARK: - Checking

  private static func trimmed(_ path: String) -> String {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path
  }

  /// Whether a folder is there that may be replaced.
  private static func exists(_ path: String, overwrite: Bool, isOwn: (String) -> Bool) throws -> Bool {
    var status = stat()
    guard stat(path, &status) == 0 else {
      if errno == ENOENT, !path.isEmpty { return false }
      throw OutputError.system(errno, path: path)
    }
    guard status.st_mode & S_IFMT == S_IFDIR else { throw OutputError.isFile(path: path) }
    guard overwrite else { throw OutputError.exists(path: path) }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    if let foreign = names.sorted().first(where: { !isOwn($0) }) {
      throw OutputError.foreignContent(path: path, name: foreign)
    }
    return true
  }

  // MARK: - Writing

  private static func makeFolder(beside destination: String, path: String) throws -> String {
    while true {
      let folder = temporaryName(beside: destination)
      if mkdir(folder, 0o777) == 0 { return folder }
      if errno != EEXIST { throw OutputError.system(errno, path: path) }
    }
  }

  private static func temporaryName(beside destination: String) -> String {
    OutputFile.folder(of: destination) + "/.priorkit-" + String(UInt64.random(in: 0...UInt64.max), radix: 36)
  }

  private static func store(_ content: Data, at file: String, path: String) throws {
    let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw OutputError.system(errno, path: path) }
    do {
      try content.withUnsafeBytes { try OutputFile.writeAll($0, to: descriptor, path: path) }
      guard fsync(descriptor) == 0 else { throw OutputError.system(errno, path: path) }
    } catch {
      _ = close(descriptor)
      throw error
    }
    guard close(descriptor) == 0 else { throw OutputError.system(errno, path: path) }
  }

  /// The old folder keeps a temporary name until the new one is in its place.
  private static func move(_ staging: String, to destination: String, replaces: Bool, path: String) throws {
    guard replaces else {
      if rename(staging, destination) == 0 { return }
      throw errno == ENOTEMPTY ? OutputError.exists(path: path) : OutputError.system(errno, path: path)
    }
    let old = temporaryName(beside: destination)
    guard rename(destination, old) == 0 else { throw OutputError.system(errno, path: path) }
    guard rename(staging, destination) == 0 else {
      let code = errno
      _ = rename(old, destination)
      throw OutputError.system(code, path: path)
    }
    try? FileManager.default.removeItem(atPath: old)
  }
}
