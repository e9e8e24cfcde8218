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

  private struct Lists: Decodable {
    struct Track: Decodable {
      let song: String
      let stem: String
    }
    let tracks: [Track]
    let methods: [String]
  }

  /// - Parameter other: a shard of the same run, perhaps, whose list of tracks is then kept for both.
  /// - Throws: ``WorkflowError`` for a folder that is no shard of an evaluation, or that is not finished.
  init(_ path: String, beside other: EvaluationShard? = nil) throws {
    let file = path + "/" + RunDescription.fileName
    guard let record = try RunDescription.shard(in: path), record.kind == .evaluation else {
      throw WorkflowError(.wrongContents, "\(path) is no shard of an evaluation: name the folders of its shards.")
    }
    let data = try FileContents.data(ofFile: file)
    let decoder = JSONDecoder()
    guard let lists = try? decoder.decode(Lists.self, from: data),
      var description = try? decoder.decode(JSONValue.self, from: data).object,
      lists.tracks.count == record.rowCount, !lists.methods.isEmpty
    else {
      throw WorkflowError(
        .wrongContents,
        "\(file) has no list of methods, or none of the \(record.rowCount) tracks of the run: run that shard again."
      )
    }
    guard description["complete"] != .boolean(false) else {
      throw WorkflowError(.wrongContents, "\(path) is not finished: resume that shard, then merge.")
    }
    description["tracks"] = nil
    (self.path, self.record, self.description) = (path, record, description)
    let own = lists.tracks.map { TrackName(song: $0.song, stem: $0.stem) }
    tracks = other.flatMap { $0.tracks == own ? $0.tracks : nil } ?? own
    methods = lists.methods
  }

  func file(_ name: String) -> String { path + "/" + name }
  func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name)) }

  /// Whether a track, by its index, is of this shard.
  func owns(_ track: Int) -> Bool { track % record.count == record.index - 1 }

  /// Whether the run says that it is done, so that what is missing was left out by it.
  var isComplete: Bool { description["complete"] == .boolean(true) }
}
