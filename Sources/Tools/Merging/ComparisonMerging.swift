import FileOutput
import PresetStore
import Workflows

/// Shards of `compare`, which give a checkpoint that has every fit.
enum ComparisonMerging: ShardMerger {
  static let kinds: Set<ShardRecord.Kind> = [.comparison]

  static func merge(_ request: MergeRequest) throws {
    try OutputFile.check(request.output, overwrite: request.overwrite)
    let merge = try ComparisonMerge(paths: request.paths)
    try merge.write(to: request.output, overwrite: request.overwrite)
    request.console.message(
      "\(request.output): \(merge.fitCount) fits, from \(request.paths.count) shards; "
        + "compare --checkpoint \(request.output) prints the comparison")
  }
}
