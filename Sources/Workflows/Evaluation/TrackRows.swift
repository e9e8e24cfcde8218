import Evaluation
import FileOutput
import Foundation
import PresetStore

/// The rows of a table of tracks (`track_id`, `stem_id` and, for tables with a row for each method, `model`) from
/// all shards of an evaluation, in the order of the work: by track, then by method.
///
/// Rows stay in their files, of which the places are known, and are copied as they are: memory does not grow with
/// their length.
struct TrackRows {
  private struct Row {
    let track: Int32
    let method: Int32
    let file: Int32
    let start: Int
    let end: Int
  }

  private var header = Data()
  private var files: [Data] = []
  private var rows: [Row] = []

  /// - Parameters:
  ///   - name: the table's name in the folders; a shard without it has no rows.
  ///   - shards: all of a run, in order.
  ///   - tracks: the index of each track.
  ///   - needsAll: whether each method must be there for each track, where the run does not say that it is done.
  /// - Throws: ``WorkflowError`` for tables that differ in their columns, rows of tracks that are of another shard,
  ///   and for missing rows; `DataError` for what is no table.
  init(_ name: String, of shards: [EvaluationShard], tracks: [TrackName: Int], needsAll: Bool) throws {
    var first: String?
    for shard in shards {
      let path = shard.file(name)
      var own: [Row] = []
      var seen = Set<Int>()
      if shard.has(name) {
        let content = try Self.mapped(path)
        let records = CSVRecords(content)
        guard let top = records.next(after: 0) else {
          throw WorkflowError(.wrongContents, "\(path) is empty: run that shard again.")
        }
        if let first, content[top] != header {
          throw WorkflowError(
            .wrongContents, "\(path) has other columns than \(first): run that shard again.")
        }
        (header, first) = (content[top], first ?? path)
        let columns = try Columns(records.fields(of: top, path: path), path: path)
        var position = top.upperBound
        while let range = records.next(after: position) {
          position = range.upperBound
          let fields = try records.fields(of: range, leading: columns.leading, path: path)
          let (track, method) = try columns.place(
            fields, shard: shard, tracks: tracks, path: path)
          guard columns.model == nil || seen.insert(track * shard.methods.count + method).inserted else {
            throw WorkflowError(
              .wrongContents,
              "\(path) has two rows of \(shard.methods[method]) on \(shard.tracks[track].stem) of "
                + "\(shard.tracks[track].song): run that shard again.")
          }
          own.append(
            Row(
              track: Int32(track), method: Int32(method), file: Int32(files.count), start: range.lowerBound,
              end: range.upperBound))
        }
        files.append(content)
      }
      if needsAll, !shard.isComplete { try Self.requireAll(own, of: shard, name: name) }
      rows += own
    }
    rows.sort { ($0.track, $0.method, $0.file, $0.start) < ($1.track, $1.method, $1.file, $1.start) }
  }

  /// Writes the table, completely or not at all.
  func write(to path: String, overwrite: Bool) throws {
    try OutputFile.write(to: path, overwrite: overwrite) { temporary in
      guard let file = FileHandle(forWritingAtPath: temporary) else {
        throw WorkflowError(.unwritableOutput, "\(path) cannot be written: choose a place that can be written to.")
      }
      defer { try? file.close() }
      var block = header
      for row in rows {
        block += files[Int(row.file)][row.start..<row.end]
        guard block.count > 1 << 20 else { continue }
        try file.write(contentsOf: block)
        block.removeAll(keepingCapacity: true)
      }
      try file.write(contentsOf: block)
    }
  }

  /// The bytes of a file, of which the system keeps in memory what is looked at; the last line ends as all do.
  private static func mapped(_ path: String) throws -> Data {
    guard let content = try? Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe) else {
      throw WorkflowError(.wrongContents, "\(path) cannot be read: check its permissions.")
    }
    return content.last == 0x0A || content.isEmpty ? content : content + [0x0A]
  }

  private static func requireAll(_ rows: [Row], of shard: EvaluationShard, name: String) throws {
    let found = Set(rows.map { Int($0.track) * shard.methods.count + Int($0.method) })
    for track in shard.tracks.indices where shard.owns(track) {
      for method in shard.methods.indices where !found.contains(track * shard.methods.count + method) {
        throw WorkflowError(
          .wrongContents,
          "\(shard.file(name)) has no row of \(shard.methods[method]) on \(shard.tracks[track].stem) of "
            + "\(shard.tracks[track].song): resume that shard, then merge.")
      }
    }
  }
}

/// Which fields of a row say where it belongs.
private struct Columns {
  let song: Int
  let stem: Int
  let model: Int?

  init(_ names: [String], path: String) throws {
    guard let song = names.firstIndex(of: "track_id"), let stem = names.firstIndex(of: "stem_id") else {
      throw WorkflowError(
        .wrongContents, "\(path) has no columns track_id and stem_id: run that shard again.")
    }
    (self.song, self.stem, model) = (song, stem, names.firstIndex(of: "model"))
  }

  /// How many fields hold them all.
  var leading: Int { max(song, stem, model ?? 0) + 1 }

  func place(
    _ fields: [String], shard: EvaluationShard, tracks: [TrackName: Int], path: String
  ) throws -> (track: Int, method: Int) {
    guard fields.count == leading else {
      throw WorkflowError(
        .wrongContents, "\(path) has a row of \(fields.count) cells: run that shard again.")
    }
    guard let track = tracks[TrackName(song: fields[song], stem: fields[stem])], shard.owns(track) else {
      throw WorkflowError(
        .wrongContents,
        "\(path) has a row of \(fields[stem]) of \(fields[song]), which is not of shard "
          + "\(shard.record.shardText): run that shard again.")
    }
    guard let model else { return (track, 0) }
    guard let method = shard.methods.firstIndex(of: fields[model]) else {
      throw WorkflowError(
        .wrongContents,
        "\(path) has a row of the method \(fields[model]), which the run does not have: run that shard again.")
    }
    return (track, method)
  }
}
