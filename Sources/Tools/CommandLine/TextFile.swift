import FileOutput
import Foundation

/// Text files that the user names.
enum TextFile {
  /// - Throws: ``CommandError`` naming the path, if it cannot be read or is not UTF-8.
  static func read(_ path: String) throws -> String {
    let data: Data
    do { data = try FileContents.data(ofFile: path) } catch { throw CommandError(error.description) }
    guard let text = String(data: data, encoding: .utf8) else {
      throw CommandError("The file \(path) is not UTF-8 text: save it as UTF-8.")
    }
    return text
  }
}
