import Evaluation
import PresetStore

extension RunDescription {
  /// What tells how a shard ran, not what it computed.
  private static let incidental: Set = ["threads", "seconds"]
  private static let provenance = "provenance"

  /// `run.json` of the whole: what all shards say of the work. The command line is that of the whole work; inputs
  /// are those of all shards, by path; a list of tracks of which each shard has its own is that of all, in order of
  /// the work; the date is empty, as in all that is put together, and how a shard ran is left out.
  ///
  /// - Throws: ``WorkflowError`` for shards that contradict one another.
  static func merged(_ shards: [EvaluationShard], tracks order: [TrackName: Int]) throws -> [String: JSONValue] {
    var whole = try merged(shards, of: shards.map(\.description), order)
    let inner = shards.map { $0.description[provenance]?.object ?? [:] }
    if !inner[0].isEmpty { whole[provenance] = .object(try merged(shards, of: inner, order)) }
    whole["shard"] = .null
    whole["tracks"] = .list(shards[0].tracks.map { .object(["song": .text($0.song), "stem": .text($0.stem)]) })
    return whole
  }

  private static func merged(
    _ shards: [EvaluationShard], of objects: [[String: JSONValue]], _ order: [TrackName: Int]
  ) throws -> [String: JSONValue] {
    var whole: [String: JSONValue] = [:]
    for key in Set(objects.flatMap(\.keys)) where !incidental.contains(key) && key != "shard" && key != provenance {
      let values = objects.map { $0[key] ?? .null }
      switch key {
      case "date": whole[key] = .text("")
      case "command": whole[key] = .text(shards[0].record.command)
      case "inputs": whole[key] = try inputs(values, of: shards)
      default:
        if let odd = values.indices.first(where: { values[$0] != values[0] }) {
          guard let all = tracks(values, of: shards, order) else {
            throw WorkflowError(
              .wrongContents,
              "\(shards[odd].path) and \(shards[0].path) differ in \(key): merge the shards of one run.")
          }
          whole[key] = all
        } else {
          whole[key] = tracks(values, of: shards, order) ?? values[0]
        }
      }
    }
    return whole
  }

  /// The entries of lists of tracks, each of the shard that the track is of; nil for other values.
  private static func tracks(
    _ values: [JSONValue], of shards: [EvaluationShard], _ order: [TrackName: Int]
  ) -> JSONValue? {
    var entries: [(track: Int, value: JSONValue)] = []
    for (shard, value) in zip(shards, values) {
      guard let list = value.list else { return nil }
      for entry in list {
        guard let song = entry.object?["song"]?.text, let stem = entry.object?["stem"]?.text,
          let track = order[TrackName(song: song, stem: stem)], shard.owns(track)
        else { return nil }
        entries.append((track, entry))
      }
    }
    return .list(
      entries.enumerated().sorted { ($0.element.track, $0.offset) < ($1.element.track, $1.offset) }
        .map(\.element.value))
  }

  private static func inputs(_ values: [JSONValue], of shards: [EvaluationShard]) throws -> JSONValue {
    var digests: [String: (value: JSONValue, shard: String)] = [:]
    for (shard, value) in zip(shards, values) {
      for input in value.list ?? [] {
        let path = input.object?["path"]?.text ?? ""
        if let known = digests[path], known.value != input {
          throw WorkflowError(
            .wrongContents,
            "\(path) was another file for \(shard.path) than for \(known.shard): "
              + "run the shards again with the same one.")
        }
        digests[path] = digests[path] ?? (input, shard.path)
      }
    }
    return .list(digests.sorted { $0.key < $1.key }.map(\.value.value))
  }
}
