import PresetStore
import PriorKit

/// Shards of a comparison, put together: a checkpoint that has every fit.
package struct ComparisonMerge {
  private struct Part: ShardPart {
    let path: String
    let record: ShardRecord
    let content: ComparisonCheckpoint.Content
  }

  private let problem: String
  private let outcomes: [FitOutcome]
  private let provenance: Provenance
  /// How many fits there are.
  package var fitCount: Int { outcomes.count }

  /// Reads shards and puts their fits in order, without the time that each took: it is another on every machine.
  ///
  /// - Throws: ``WorkflowError`` for shards that are not those of one run; `ComparisonError`, `DataError` or
  ///   `HDF5Error` for a file that cannot be read.
  package init(paths: [String]) throws {
    let parts = try ShardSet.ordered(
      paths.map { path in
        let content = try ComparisonCheckpoint.Content(path)
        guard let record = content.record else {
          throw ComparisonError.otherComparison(path: path, what: "its shard")
        }
        return Part(path: path, record: record, content: content)
      })
    problem = parts[0].content.problem
    if let other = parts.first(where: { [problem] in $0.content.problem != problem }) {
      throw WorkflowError(
        .wrongContents, "\(other.path) is of another comparison than \(parts[0].path): run that shard again.")
    }
    outcomes = parts.flatMap(\.content.outcomes)
      .map { FitOutcome(estimator: $0.estimator, split: $0.split, seconds: nil, result: $0.result) }
      .sorted { ($0.estimator, $0.split) < ($1.estimator, $1.split) }
    provenance = try Provenance(
      ofShards: parts.map { ($0.path, $0.content.provenance) }, command: parts[0].record.command)
  }

  /// Writes the whole.
  package func write(to path: String, overwrite: Bool) throws {
    try ComparisonCheckpoint(path: path, problem: problem).write(
      outcomes, provenance: provenance, overwrite: overwrite)
  }
}
