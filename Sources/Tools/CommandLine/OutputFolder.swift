import FileOutput
import Foundation

/// A folder that a command fills: checked before the work, made when there is something to put into it, and gone
/// again if that fails.
struct OutputFolder {
  let path: String

  func file(_ name: String) -> String { path + "/" + name }

  /// Checks that every file can be written; leaves nothing behind.
  func check(_ names: [String], overwrite: Bool) throws {
    let made = try make()
    defer { Self.remove(made) }
    for name in names { try OutputFile.check(file(name), overwrite: overwrite) }
  }

  /// Makes the folder, and those above it, where they are missing.
  ///
  /// - Returns: the folders that were made, the innermost first.
  @discardableResult
  func make() throws -> [String] {
    let ends = path.indices.filter { path[$0] == "/" && $0 > path.startIndex } + [path.endIndex]
    let missing = ends.map { String(path[..<$0]) }.filter { !FileManager.default.fileExists(atPath: $0) }.reversed()
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      return Array(missing)
    } catch {
      Self.remove(missing)
      throw CommandError("The folder \(path) cannot be made: choose a place that can be written to.")
    }
  }

  /// Makes the folder and runs `body`, which writes the named files; if it fails, those that are new are removed.
  func fill(_ names: [String], _ body: () throws -> Void) throws {
    let new = names.map(file).filter { !FileManager.default.fileExists(atPath: $0) }
    let made = try make()
    do {
      try body()
    } catch {
      for file in new { unlink(file) }
      Self.remove(made)
      throw error
    }
  }

  /// Removes folders that are empty.
  static func remove(_ folders: some Sequence<String>) {
    for folder in folders { rmdir(folder) }
  }
}
