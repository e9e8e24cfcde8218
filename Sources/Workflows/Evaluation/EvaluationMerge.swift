import Evaluation
import FileOutput
import Foundation
import PresetStore

/// Run folders of the shards of an evaluation, put together: a run folder of the whole.
///
/// `scores.csv`, `presets.csv` and `run.json` are the same for any number of shards. `timings.csv` has the times of
/// all shards, which differ from run to run. The files of `audio/` are linked where the file system can, else
/// copied.
package struct EvaluationMerge {
  private static let timings = "timings.csv"
  private static let audio = "audio"

  private let shards: [EvaluationShard]
  private let description: String
  private let tables: [(name: String, rows: TrackRows)]
  private let timings: String?
  /// Files below `audio/`, with the file that each comes from.
  private let recordings: [(name: String, source: String)]
  /// Tracks of the whole work.
  package var trackCount: Int { shards[0].tracks.count }
  package var methodCount: Int { shards[0].methods.count }

  /// Reads descriptions, and finds the rows of tables and the recordings.
  ///
  /// - Throws: ``WorkflowError`` for folders that are not the finished shards of one run, `DataError` for a table
  ///   that cannot be read.
  package init(paths: [String]) throws {
    var read: [EvaluationShard] = []
    for path in paths { read.append(try EvaluationShard(path, beside: read.first)) }
    let shards = try ShardSet.ordered(read)
    for shard in shards.dropFirst() where (shard.tracks, shard.methods) != (shards[0].tracks, shards[0].methods) {
      throw WorkflowError(
        .wrongContents,
        "\(shard.path) lists other tracks or methods than \(shards[0].path): merge the shards of one run.")
    }
    self.shards = shards
    let order = Dictionary(shards[0].tracks.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    description = try JSONText.text(JSONValue.object(try RunDescription.merged(shards, tracks: order)))
    tables = try ["scores.csv", "presets.csv"].compactMap { name in
      guard name == "scores.csv" || shards.contains(where: { $0.has(name) }) else { return nil }
      return (name, try TrackRows(name, of: shards, tracks: order, needsAll: name == "scores.csv"))
    }
    timings = shards.contains { $0.has(Self.timings) } ? try Self.timings(of: shards) : nil
    recordings = try Self.recordings(of: shards)
  }

  /// Writes the whole.
  ///
  /// - Throws: `OutputError`, ``WorkflowError``.
  package func write(to folder: String, overwrite: Bool) throws {
    let output = OutputFolder(path: folder)
    let texts = [(RunDescription.fileName, description)] + (timings.map { [(Self.timings, $0)] } ?? [])
    let names = texts.map(\.0) + tables.map(\.name)
    try output.check(names, overwrite: overwrite)
    for recording in recordings where !overwrite {
      guard !FileManager.default.fileExists(atPath: output.file(recording.name)) else {
        throw OutputError.exists(path: output.file(recording.name))
      }
    }
    try output.fill(names + recordings.map(\.name)) {
      for recording in recordings { try Self.place(recording.source, at: output.file(recording.name)) }
      for (name, rows) in tables { try rows.write(to: output.file(name), overwrite: overwrite) }
      for (name, text) in texts {
        try OutputFile.write(Data(text.utf8), to: output.file(name), overwrite: overwrite)
      }
    }
  }

  // MARK: - Parts

  /// The lines of all shards, one after another.
  private static func timings(of shards: [EvaluationShard]) throws -> String {
    var lines: [[String]] = []
    for shard in shards where shard.has(timings) {
      let records = try CSVTable(path: shard.file(timings)).records.map(\.fields)
      lines += lines.isEmpty ? records : Array(records.dropFirst())
    }
    return lines.map { $0.map(CSVText.field).joined(separator: ",") + "\n" }.joined()
  }

  private static func recordings(of shards: [EvaluationShard]) throws -> [(name: String, source: String)] {
    var sources: [String: String] = [:]
    for shard in shards where shard.has(audio) {
      for name in try FileManager.default.subpathsOfDirectory(atPath: shard.file(audio)) {
        let source = shard.file(audio) + "/" + name
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: source, isDirectory: &isFolder), !isFolder.boolValue else {
          continue
        }
        if let other = sources[audio + "/" + name] {
          throw WorkflowError(
            .wrongContents, "\(source) and \(other) are one recording of the whole: run one of their shards again.")
        }
        sources[audio + "/" + name] = source
      }
    }
    return sources.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private static func place(_ source: String, at path: String) throws {
    let files = FileManager.default
    do {
      try files.createDirectory(
        at: URL(fileURLWithPath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
      if files.fileExists(atPath: path) { try files.removeItem(atPath: path) }
      guard link(source, path) != 0 else { return }
      try files.copyItem(atPath: source, toPath: path)
    } catch {
      throw WorkflowError(.unwritableOutput, "\(path) cannot be written: choose a place that can be written to.")
    }
  }
}
