import FileOutput
import Foundation
import PresetStore
import Workflows

/// Shards of `recommend`, which give the distances of all presets.
enum RecommendationMerging: ShardMerger {
  static let kinds: Set<ShardRecord.Kind> = [.recommendation]

  private struct Part: ShardPart {
    let path: String
    let record: ShardRecord
    let content: Recommendation
  }

  static func merge(_ request: MergeRequest) throws {
    try OutputFile.check(request.output, overwrite: request.overwrite)
    let parts = try ShardSet.ordered(
      request.paths.map { path in
        let content = try Recommendation(path: path)
        guard let record = content.shard else {
          throw CommandError("\(path) is no shard: name the files that recommend --shard wrote.")
        }
        return Part(path: path, record: record, content: content)
      })
    let provenance = try Provenance(
      ofShards: parts.map { ($0.path, $0.content.provenance) }, command: parts[0].record.command)
    let whole = Recommendation(merging: parts.map(\.content), provenance: provenance)
    try OutputFile.write(Data(JSONText.text(whole).utf8), to: request.output, overwrite: request.overwrite)
    request.console.message(
      "\(request.output): distances of \(whole.presets.count) presets, from \(request.paths.count) shards")
  }
}
