import Evaluation
import PresetStore

/// The rows of a table of tracks (`track_id`, `stem_id` and, for tables with a row for each method, `model`) from all
/// shards of an evaluation, in the order of the work: by track, then by method.
struct TrackRows {
  private struct Row {
    let track: Int
    let method: Int
    let fields: [String]
  }

  /// The table, with its header.
  let text: String

  /// - Parameters:
  ///   - name: the table's name in the folders; a shard without it has no rows.
  ///   - shards: all of a run, in order.
  ///   - needsAll: whether each method must be there for each track, where the run does not say that it is done.
  /// - Throws: ``WorkflowError`` for tables that differ in their columns, rows of tracks that are of another shard,
  ///   and for missing rows; `DataError` for what is no table.
  init(_ name: String, of shards: [EvaluationShard], needsAll: Bool) throws {
    let order = Dictionary(shards[0].tracks.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let methods = Dictionary(
      shards[0].methods.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    var header: (fields: [String], path: String)?
    var rows: [Row] = []
    for shard in shards {
      var own: [Row] = []
      if shard.has(name) {
        let path = shard.file(name)
        let records = try CSVTable(path: path).records
        guard let found = records.first?.fields, header.map({ $0.fields == found }) ?? true else {
          throw WorkflowError(
            .wrongContents,
            "\(path) has other columns than \(header?.path ?? "a table of tracks"): run that shard again.")
        }
        header = header ?? (found, path)
        own = try records.dropFirst().map { record in
          try Self.row(record, columns: found, shard: shard, path: path, order: order, methods: methods)
        }
      }
      if needsAll, !shard.isComplete { try Self.requireAll(own, of: shard, name: name) }
      rows += own
    }
    rows.sort { ($0.track, $0.method) < ($1.track, $1.method) }
    text = ([header?.fields].compactMap { $0 } + rows.map(\.fields))
      .map { $0.map(CSVText.field).joined(separator: ",") + "\n" }.joined()
  }

  private static func row(
    _ record: CSVTable.Record, columns: [String], shard: EvaluationShard, path: String, order: [TrackName: Int],
    methods: [String: Int]
  ) throws -> Row {
    func cell(_ column: String) -> String? {
      columns.firstIndex(of: column).flatMap { record.fields.indices.contains($0) ? record.fields[$0] : nil }
    }
    guard record.fields.count == columns.count, let song = cell("track_id"), let stem = cell("stem_id") else {
      throw WorkflowError(
        .wrongContents, "Line \(record.line) of \(path) has no track_id and stem_id: run that shard again.")
    }
    guard let track = order[TrackName(song: song, stem: stem)], shard.owns(track) else {
      throw WorkflowError(
        .wrongContents,
        "Line \(record.line) of \(path) is of the track \(stem) of \(song), which is not of shard "
          + "\(shard.record.shardText): run that shard again.")
    }
    guard let model = cell("model") else { return Row(track: track, method: 0, fields: record.fields) }
    guard let method = methods[model] else {
      throw WorkflowError(
        .wrongContents,
        "Line \(record.line) of \(path) is of the method \(model), which the run does not have: "
          + "run that shard again.")
    }
    return Row(track: track, method: method, fields: record.fields)
  }

  private static func requireAll(_ rows: [Row], of shard: EvaluationShard, name: String) throws {
    let found = Set(rows.map { $0.track * shard.methods.count + $0.method })
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
