import Foundation

/// A folder for one test, removed with its content.
package struct Scratch: ~Copyable {
  package let path: String

  package init() throws {
    path = NSTemporaryDirectory() + "priorkit-test-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  package func file(_ name: String) -> String { path + "/" + name }
  package func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
}
