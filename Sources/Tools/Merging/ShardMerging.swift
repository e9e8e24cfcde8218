import PresetStore
import Workflows

/// What `merge` was asked for.
struct MergeRequest {
  let paths: [String]
  let statisticsOnly: Bool
  let output: String
  let overwrite: Bool
  let console: Console
}

/// The merge of shards of some kinds. One for a further kind is a file in this folder and its line in
/// ``ShardMerging``.
protocol ShardMerger {
  static var kinds: Set<ShardRecord.Kind> { get }
  static func merge(_ request: MergeRequest) throws
}

enum ShardMerging {
  static var all: [any ShardMerger.Type] {
    [
      PresetMerging.self, ComparisonMerging.self, EvaluationMerging.self, RecommendationMerging.self,
    ]
  }
}
