import PresetStore
import PriorKit
import Workflows

extension Compare {
  /// Everything that scores depend on except the families.
  func problem() throws -> String {
    """
    priorkit \(Version.current)
    presets \(try Provenance.sha256(ofFile: presets))
    test \(try test.map { try Provenance.sha256(ofFile: $0) } ?? "none")
    folds \(folds)
    grouped \(group != nil)\(symmetry.overOrbit ? " over orbits" : "")
    given \(conditional.given ?? "nothing") \(conditional.candidates) \
    \(try conditional.files.map { try "\($0.role)\(Provenance.sha256(ofFile: $0.path))" }.joined(separator: " "))\
    \(conditional.inflation.map { " inflation \($0)" } ?? "")
    seed \(random.seed)
    """
  }

  /// What the file of a shard says of itself; nil without one.
  func record(of comparison: Comparison) throws -> ShardRecord? {
    let lines = try problem().split(separator: "\n").dropFirst()
    let terms = lines.map { line in
      let words = line.split(separator: " ", maxSplits: 1)
      return ShardRecord.Term(String(words[0]), words.count > 1 ? String(words[1]) : "")
    }
    return sharding.record(
      .comparison, rowCount: comparison.rowCount,
      terms: terms + [.init("families", comparison.estimators.map(\.name).joined(separator: ","))])
  }

  /// Writes the fits of a shard. Those that failed are told of and left out: the comparison tries them again.
  func save(_ outcomes: [FitOutcome], _ record: ShardRecord, of comparison: Comparison, to output: String) throws {
    let ordered = outcomes.sorted { ($0.estimator, $0.split) < ($1.estimator, $1.split) }
    let failures = ordered.filter { if case .failure = $0.result { true } else { false } }
    if let first = failures.first, case .failure(let reason) = first.result {
      global.console.warning(
        "\(failures.count) of \(outcomes.count) fits failed, first \(first.estimator): \(reason)")
    }
    let inputs = [presets, test].compactMap { $0 } + conditional.paths
    try ComparisonCheckpoint(path: output, problem: try problem()).write(
      ordered, provenance: try .ofThisCommand(seed: random.seed, inputs: inputs), record: record,
      overwrite: overwriting.force)
    global.console.message("\(output): \(outcomes.count - failures.count) fits, shard \(record.shardText)")
  }
}
