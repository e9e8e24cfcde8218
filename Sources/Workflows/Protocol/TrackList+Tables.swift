import Evaluation
import Foundation
import NumericCore
public import PresetStore

extension TrackList {
  /// The tracks of a table with the columns `track_id` (the song), `stem_id`, `dry`, `wet`, and optionally `shift`
  /// (frames by which the dry vocal is moved to the right) and `preset_row` (from 0).
  ///
  /// - Parameters:
  ///   - path: the table.
  ///   - presets: what `preset_row` counts; nil where there are none.
  ///   - root: where the files are: the longest end of each name that exists there; nil for names as they are.
  /// - Throws: `DataError` for a table without these columns, a stem that is named twice, a shift or a row that is
  ///   none.
  public init(csv path: String, presets: PresetCollection?, root: String? = nil) throws {
    func malformed(_ sentence: String) -> DataError { DataError(.malformed, path, sentence) }
    let records = try CSVTable(path: path).records
    let needed = ["track_id", "stem_id", "dry", "wet"]
    let header = records.first?.fields ?? []
    if let absent = needed.first(where: { !header.contains($0) }) {
      throw malformed(
        "\(path) has no column \(absent): a list of tracks needs \(needed.joined(separator: ", ")), and may have "
          + "shift and preset_row.")
    }
    var names = Set<String>()
    var (tracks, missing): ([EvaluationTrack], [String]) = ([], [])
    for record in records.dropFirst() {
      guard record.fields.count == header.count else {
        throw malformed(
          "Line \(record.line) of \(path) has \(record.fields.count) cells where the header has \(header.count): "
            + "correct it.")
      }
      let cells = Dictionary(zip(header, record.fields), uniquingKeysWith: { first, _ in first })
      let name = TrackName(song: cells["track_id"] ?? "", stem: cells["stem_id"] ?? "")
      guard !name.stem.isEmpty, names.insert(name.stem).inserted else {
        throw malformed(
          "Line \(record.line) of \(path) has the stem_id \"\(name.stem)\", which must be there and occur once: "
            + "give each stem a name of its own.")
      }
      let shift = cells["shift"].flatMap { $0.isEmpty ? nil : $0 } ?? "0"
      guard let frames = Int(shift) else {
        throw malformed(
          "Line \(record.line) of \(path) has the shift \(shift), which is no whole number of frames: correct it.")
      }
      let preset = try cells["preset_row"].flatMap { $0.isEmpty ? nil : $0 }.map { cell in
        guard let presets, let row = Int(cell), (0..<presets.count).contains(row) else {
          throw malformed(
            "Line \(record.line) of \(path) has the preset_row \(cell), but there are \(presets?.count ?? 0) "
              + "presets: correct it, or give the presets.")
        }
        return presets.theta.row(row)
      }
      let files = (cells["dry"] ?? "", cells["wet"] ?? "")
      guard let dry = AudioList.resolve(files.0, root: root), let wet = AudioList.resolve(files.1, root: root)
      else {
        missing.append("\(name.stem) (\(AudioList.resolve(files.0, root: root) == nil ? files.0 : files.1))")
        continue
      }
      tracks.append(
        EvaluationTrack(
          name: name, audio: .recordings(dry: dry, wet: wet, shiftFrames: frames), preset: preset))
    }
    self.init(tracks, missing: missing)
  }

  /// The tracks of a DiffVox folder: one per preset, named after its dry file as the published scores are.
  ///
  /// - Parameters:
  ///   - folder: with `info.json`.
  ///   - presets: those of the folder.
  ///   - root: where the recordings are; nil for names as they are.
  /// - Throws: `DataError` for an `info.json` without the lists, or presets that are not of this folder.
  public init(diffVoxFolder folder: String, presets: PresetCollection, root: String? = nil) throws {
    let dry = try AudioList(diffVoxFolder: folder, source: .dry, presets: presets).entries
    let wet = try AudioList(diffVoxFolder: folder, source: .wet, presets: presets).entries
    var (tracks, missing): ([EvaluationTrack], [String]) = ([], [])
    for (dry, wet) in zip(dry, wet) {
      let stem = presets.label(of: dry.row)
      let files = (AudioList.resolve(dry.file, root: root), AudioList.resolve(wet.file, root: root))
      guard let dryPath = files.0, let wetPath = files.1 else {
        missing.append("\(stem) (\(files.0 == nil ? dry.file : wet.file))")
        continue
      }
      tracks.append(
        EvaluationTrack(
          name: TrackName(song: Self.folderName(of: dry.file), stem: stem),
          audio: .recordings(dry: dryPath, wet: wetPath, shiftFrames: dry.shiftFrames),
          preset: presets.theta.row(dry.row)))
    }
    self.init(tracks, missing: missing)
  }

  /// Tracks made of dry vocals and hidden presets: every preset on every vocal.
  ///
  /// A stem is called `preset@vocal`. The song is the group of the preset, where it has one, else the preset
  /// itself: renderings of one preset are not independent.
  ///
  /// - Parameters:
  ///   - presets: what is hidden.
  ///   - rows: which of them.
  ///   - dry: the vocals.
  /// - Throws: ``WorkflowError`` for two vocals of one name.
  public init(hidden presets: PresetCollection, rows: [Int], dry: [String]) throws {
    let vocals = dry.map { URL(fileURLWithPath: $0).deletingPathExtension().lastPathComponent }
    if let twice = vocals.first(where: { name in vocals.count { $0 == name } > 1 }) {
      throw WorkflowError(
        .wrongContents, "Two dry vocals are called \(twice), which names their tracks: rename one of them.")
    }
    self.init(
      rows.flatMap { row in
        let label = presets.label(of: row)
        return zip(dry, vocals).map { path, vocal in
          EvaluationTrack(
            name: TrackName(song: presets.groups?[row] ?? label, stem: "\(label)@\(vocal)"),
            audio: .hidden(dry: path), preset: presets.theta.row(row))
        }
      })
  }

  /// The folder that a file lies in, by its path.
  private static func folderName(of path: String) -> String {
    path.split(separator: "/").dropLast().last.map { String($0) } ?? path
  }
}
