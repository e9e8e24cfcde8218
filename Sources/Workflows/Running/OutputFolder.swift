import FileOutput
import Foundation

/// A folder that some work fills: checked before the work, made when there is something to put into it, and gone
/// again if that fails.
package struct OutputFolder: Sendable {
  package let path: String

  package init(path: String) { self.path = path }

  package func file(_ name: String) -> String { path + "/" + name }

  /// The folder and those above it that are not there, the innermost first.
  package var missing: [String] {
    let ends = path.indices.filter { path[$0] == "/" && $0 > path.startIndex } + [path.endIndex]
    return ends.map { String(path[..<$0]) }.filter { !FileManager.default.fileExists(atPath: $0) }.reversed()
  }

  /// Checks that every file can be written; leaves nothing behind.
  package func check(_ names: [String], overwrite: Bool) throws {
    let made = try make()
    defer { Self.remove(made) }
    for name in names { try OutputFile.check(file(name), overwrite: overwrite) }
  }

  /// Makes the folder, and those above it, where they are missing.
  ///
  /// - Returns: the folders that were made, the innermost first.
  @discardableResult
  package func make() throws -> [String] {
    let missing = missing
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      return missing
    } catch {
      Self.remove(missing)
      throw WorkflowError(
        .unwritableOutput, "The folder \(path) cannot be made: choose a place that can be written to.")
    }
  }

  /// Makes the folder and runs `body`, which writes the named files; if it fails, those that are new are removed.
  package func fill(_ names: [String], _ body: () throws -> Void) throws {
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
  package static func remove(_ folders: some Sequence<String>) {
    for folder in folders { rmdir(folder) }
  }
}
