import Foundation

/// Which recording belongs to which preset.
public struct AudioList: Sendable, Hashable {
  /// The recording of one preset.
  public struct Entry: Sendable, Hashable {
    /// Row of the presets.
    public let row: Int
    /// As the list names it.
    public let file: String
    /// Frames that the file is moved to the right by, cyclically.
    public let shiftFrames: Int
  }

  /// In the order of the presets; a preset that the list does not name has none.
  public let entries: [Entry]

  // MARK: - Tables

  /// A table with the columns `file`, `label` or `row` (from 0), and optionally `shift` (in frames).
  ///
  /// - Throws: ``DataError`` for a table without these columns, a line that names no preset or one that was named
  ///   before, or a number that is none.
  public init(csv path: String, presets: PresetCollection) throws {
    let table = try CSVTable(contents(ofFile: path), path: path)
    guard let header = table.records.first?.fields, let file = header.firstIndex(of: "file"),
      let key = header.firstIndex(where: { $0 == "label" || $0 == "row" })
    else {
      throw DataError(
        .malformed, path, "\(path) needs a header with the columns file and label (or row): give it one.")
    }
    let shift = header.firstIndex(of: "shift")
    let byLabel = Dictionary(
      (presets.labels ?? []).enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    var found: [Int: Entry] = [:]
    for record in table.records.dropFirst() {
      func malformed(_ sentence: String) -> DataError {
        DataError(.malformed, path, "Line \(record.line) of \(path) \(sentence)")
      }
      guard record.fields.count == header.count else {
        throw malformed("has \(record.fields.count) fields where the header has \(header.count): correct it.")
      }
      let name = record.fields[key]
      let row =
        header[key] == "label" ? byLabel[name] : Int(name).flatMap { $0 < presets.count && $0 >= 0 ? $0 : nil }
      guard let row else {
        throw malformed("names \(name), which is no \(header[key]) of the presets: correct it.")
      }
      guard found[row] == nil else { throw malformed("names \(name) once more: name each preset once.") }
      guard let frames = shift.map({ Int(record.fields[$0]) }) ?? 0 else {
        throw malformed("has a shift that is no whole number of frames: correct it.")
      }
      found[row] = Entry(row: row, file: record.fields[file], shiftFrames: frames)
    }
    entries = found.values.sorted { $0.row < $1.row }
  }

  // MARK: - DiffVox

  /// The recordings of a DiffVox folder, matched by the labels that ``DiffVoxImport`` gives: `dry_files` with
  /// `alignment_shifts`, or `wet_files`. `runs` has other rows and is not used.
  ///
  /// - Throws: ``DataError`` for an `info.json` without these lists or with lists of different lengths, and for
  ///   presets that are not of this folder.
  public init(diffVoxFolder folder: String, source: FeatureRecord.Source, presets: PresetCollection) throws {
    let path = folder.hasSuffix("/") ? folder + "info.json" : folder + "/info.json"
    let data = try contents(ofFile: path)
    guard let content = try? JSONDecoder().decode(Content.self, from: data),
      content.dry.count == content.wet.count, content.dry.count == content.shifts.count
    else {
      throw DataError(
        .malformed, path,
        "\(path) has no dry_files, wet_files and alignment_shifts of one length: give a folder of the release.")
    }
    let rows = Dictionary(
      uniqueKeysWithValues: DiffVoxImport.uniqueLabels(content.dry).enumerated().map { ($1, $0) })
    entries = try (0..<presets.count).map { row in
      guard let label = presets.labels?[row], let index = rows[label] else {
        throw DataError(
          .wrongKind, path,
          "Preset \(row) (\(presets.labels?[row] ?? "no label")) is not in \(path): give presets imported from "
            + "there."
        )
      }
      return Entry(
        row: row, file: source == .dry ? content.dry[index] : content.wet[index],
        shiftFrames: source == .dry ? content.shifts[index] : 0)
    }
  }

  private struct Content: Decodable {
    let dry: [String]
    let wet: [String]
    let shifts: [Int]

    enum CodingKeys: String, CodingKey {
      case dry = "dry_files"
      case wet = "wet_files"
      case shifts = "alignment_shifts"
    }
  }

  // MARK: - Files

  /// The path of an existing file; nil if there is none.
  ///
  /// - Parameters:
  ///   - file: a path as a list names it; an empty one is not found.
  ///   - root: a folder, below which the longest end of `file` that exists is taken, so that the paths of another
  ///     machine are found too; without it `file` is taken as it stands.
  public static func resolve(_ file: String, root: String?) -> String? {
    guard !file.isEmpty else { return nil }
    let exists = { (path: String) in
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
    }
    guard let root else { return exists(file) ? file : nil }
    let parts = file.split(separator: "/")
    return parts.indices.lazy.map { root + "/" + parts[$0...].joined(separator: "/") }.first(where: exists)
  }
}
