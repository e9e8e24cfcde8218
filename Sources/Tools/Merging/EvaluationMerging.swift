import PresetStore
import Workflows

/// Run folders of the shards of `evaluate`, which give the run folder of the whole.
enum EvaluationMerging: ShardMerger {
  static let kinds: Set<ShardRecord.Kind> = [.evaluation]

  static func merge(_ request: MergeRequest) throws {
    let merge = try EvaluationMerge(paths: request.paths)
    try merge.write(to: request.output, overwrite: request.overwrite)
    request.console.message(
      "\(request.output): \(merge.methodCount) methods on \(merge.trackCount) tracks, from \(request.paths.count) "
        + "shards")
  }
}
