import Evaluation
import FileOutput
import Foundation
import PresetStore

/// The run folder of one shard of an evaluation (docs/file-formats.md).
///
/// `run.json` lists the tracks and methods of the whole work; the tables have the rows of the shard's own tracks,
/// track t, from 0, being of shard t modulo the number of shards, plus 1.
struct EvaluationShard: ShardPart {
  let path: String
  let record: ShardRecord
  /// What `run.json` says besides its tracks.
  let description: [String: JSONValue]
  /// Of the whole work, in its order.
  let tracks: [TrackName]
  let methods: [String]

  /// `run.json`, of which the tracks may be many.
  private struct Content: Decodable {
    struct Track: Decodable {
      let song: String
      let stem: String
    }
    struct Key: CodingKey {
      let stringValue: String
      var intValue: Int? { nil }
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue _: Int) { nil }
    }
    let tracks: [Track]
    let methods: [String]
    let rest: [String: JSONValue]

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      tracks = try container.decode([Track].self, forKey: Key(stringValue: "tracks"))
      methods = try container.decode([String].self, forKey: Key(stringValue: "methods"))
      rest = try Dictionary(
        uniqueKeysWithValues: container.allKeys.filter { $0.stringValue != "tracks" }.map {
          ($0.stringValue, try container.decode(JSONValue.self, forKey: $0))
        })
    }
  }

  /// - Parameter other: a shard of the same run, perhaps, whose list of tracks is then kept for both.
  /// - Throws: ``WorkflowError`` for a folder that is no shard of an evaluation, or that is not finished.
  init(_ path: String, beside other: EvaluationShard? = nil) throws {
    let file = path + "/" + RunDescription.fileName
    guard let record = try RunDescription.shard(in: path), record.kind == .evaluation else {
      throw WorkflowError(.wrongContents, "\(path) is no shard of an evaluation: name the folders of its shards.")
    }
    let data = try FileContents.data(ofFile: file)
    guard let content = try? JSONDecoder().decode(Content.self, from: data),
      content.tracks.count == record.rowCount, !content.methods.isEmpty
    else {
      throw WorkflowError(
        .wrongContents,
        "\(file) has no list of methods, or none of the \(record.rowCount) tracks of the run: run that shard again."
      )
    }
    guard content.rest["complete"] != .boolean(false) else {
      throw WorkflowError(.wrongContents, "\(path) is not finished: resume that shard, then merge.")
    }
    (self.path, self.record, description) = (path, record, content.rest)
    let own = content.tracks.map { TrackName(song: $0.song, stem: $0.stem) }
    tracks = other.flatMap { $0.tracks == own ? $0.tracks : nil } ?? own
    methods = content.methods
  }

  func file(_ name: String) -> String { path + "/" + name }
  func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name)) }

  /// Whether a track, by its index, is of this shard.
  func owns(_ track: Int) -> Bool { track % record.count == record.index - 1 }

  /// Whether the run says that it is done, so that what is missing was left out by it.
  var isComplete: Bool { description["complete"] == .boolean(true) }
}
