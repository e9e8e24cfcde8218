import Foundation
import PresetStore

/// The pairs of a collection of recordings: a table with the columns `dry` and `wet`, and optionally `name` and
/// `group` (the song, so that its presets stay together in cross-validation).
public struct RetrievalList: Sendable {
  /// One pair.
  public struct Entry: Sendable, Hashable {
    /// Of the preset and its folder.
    public let name: String
    /// The song, say.
    public let group: String?
    /// The dry recording.
    public let dry: String
    /// The processed recording.
    public let wet: String

    /// One pair.
    public init(name: String, group: String? = nil, dry: String, wet: String) {
      (self.name, self.group, self.dry, self.wet) = (name, group, dry, wet)
    }
  }

  /// In the order of the table.
  public let entries: [Entry]

  /// Reads a table; relative paths are looked for beside it.
  ///
  /// - Throws: `DataError` for a table without these columns or without a pair, a line with an empty cell, or a
  ///   name that is there twice or no name of a folder.
  public init(csv path: String) throws {
    let table = try CSVTable(path: path)
    guard let header = table.records.first?.fields, let dry = header.firstIndex(of: "dry"),
      let wet = header.firstIndex(of: "wet")
    else {
      throw DataError(.malformed, path, "\(path) needs a header with the columns dry and wet: give it one.")
    }
    let (name, group) = (header.firstIndex(of: "name"), header.firstIndex(of: "group"))
    let root = (path as NSString).deletingLastPathComponent
    func resolved(_ file: String) -> String { file.hasPrefix("/") || root.isEmpty ? file : root + "/" + file }
    var seen: Set<String> = []
    entries = try table.records.dropFirst().map { record in
      func malformed(_ sentence: String) -> DataError {
        DataError(.malformed, path, "Line \(record.line) of \(path) \(sentence)")
      }
      guard record.fields.count == header.count else {
        throw malformed("has \(record.fields.count) fields where the header has \(header.count): correct it.")
      }
      guard !record.fields[dry].isEmpty, !record.fields[wet].isEmpty else {
        throw malformed("has no dry or no wet recording: name both.")
      }
      let stem = ((record.fields[wet] as NSString).lastPathComponent as NSString).deletingPathExtension
      let label = name.map { record.fields[$0] } ?? stem
      guard !label.isEmpty, !label.contains("/"), label != ".", label != ".." else {
        throw malformed("has the name \"\(label)\", which a folder cannot have: give it another.")
      }
      guard seen.insert(label).inserted else {
        throw malformed("has the name \(label) of an earlier line: give each pair a name of its own.")
      }
      let song = group.map { record.fields[$0] }
      return Entry(
        name: label, group: song?.isEmpty == false ? song : nil, dry: resolved(record.fields[dry]),
        wet: resolved(record.fields[wet]))
    }
    guard !entries.isEmpty else { throw DataError(.empty, path, "\(path) names no pair: give it a line each.") }
  }
}
