import FileOutput
import PresetStore
import Workflows

/// Shards of `simulate` and `features`, which give a preset file.
enum PresetMerging: ShardMerger {
  static let kinds: Set<ShardRecord.Kind> = [.pairs, .features]

  static func merge(_ request: MergeRequest) throws {
    try OutputFile.check(request.output, overwrite: request.overwrite)
    let merge = try PresetMerge(paths: request.paths)
    try PresetFile.write(
      merge.presets, to: request.output, provenance: merge.provenance, overwrite: request.overwrite)
    request.console.message(
      "\(request.output): \(merge.presets.count) preset\(merge.presets.count == 1 ? "" : "s") of "
        + "\(merge.presets.dimension) parameters, from \(request.paths.count) shards")
  }
}
