import Evaluation
import Foundation
import PresetStore

/// What a folder of an evaluation says of itself, in `run.json`.
struct EvaluationRecord: Codable, Equatable {
  /// `priorkit evaluation`.
  var kind = Self.kindName
  /// The version of this layout.
  var format = 1
  /// The methods, in the order in which a track's rows stand.
  var methods: [String]
  /// Digests of the files that methods read, by method.
  var methodFiles: [String: String]
  /// All tracks of the work, also those of other shards, in order.
  var tracks: [Track]
  /// The columns of scores.
  var metrics: [String]
  /// Everything else that scores depend on.
  var terms: [ShardRecord.Term]
  /// Which share of the tracks is here; nil for all.
  var shard: ShardRecord?
  /// Whether every row is there that can be: false while the run is on, and after failures.
  var complete = false
  /// Where the folder comes from.
  var provenance: Provenance

  static let kindName = "priorkit evaluation"

  struct Track: Codable, Equatable {
    let song: String
    let stem: String
  }

  /// Reads `run.json`.
  ///
  /// - Throws: `DataError` for a file that is none.
  static func read(_ path: String) throws -> Self {
    let data: Data
    do { data = try Data(contentsOf: URL(fileURLWithPath: path)) } catch {
      throw DataError(.malformed, path, "There is no \(path): name the folder of an evaluation.")
    }
    guard let record = try? JSONText.decoder.decode(Self.self, from: data), record.kind == kindName else {
      throw DataError(.wrongKind, path, "\(path) does not describe an evaluation: name the folder of one.")
    }
    return record
  }

  /// Why rows of another record cannot be gone on with; nil if they can. Methods may be added.
  func difference(from other: Self) -> String? {
    if terms != other.terms { return "other settings or inputs" }
    if tracks != other.tracks { return "other tracks" }
    if metrics != other.metrics { return "other metrics" }
    if shard?.shardText != other.shard?.shardText {
      return other.shard.map { "shard \($0.shardText)" } ?? "all tracks"
    }
    let digests = other.provenance.digests
    if let input = provenance.inputs.first(where: { (digests[$0.path] ?? $0.sha256) != $0.sha256 }) {
      return "another file \(input.path)"
    }
    let changed = methodFiles.keys.first {
      other.methodFiles[$0] != nil && other.methodFiles[$0] != methodFiles[$0]
    }
    return changed.map { "another file of \($0)" }
  }
}
