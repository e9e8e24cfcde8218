import HDF5Store
public import PresetStore

/// The outcomes of a comparison in a file, from which a later run goes on.
///
/// `problem` must identify everything that outcomes depend on except the estimators: digests of the presets, the
/// splits, the version. Outcomes are kept by the estimator's name, so that a run with more estimators goes on from
/// one with fewer. Failures are not kept: they are tried again.
public struct ComparisonCheckpoint: Sendable {
  /// The HDF5 file.
  public let path: String
  /// A text that is equal only for equal presets, splits and versions.
  public let problem: String

  private static let format = "priorkit comparison checkpoint 1"

  public init(path: String, problem: String) {
    self.path = path
    self.problem = problem
  }

  // MARK: - Writing

  /// Replaces the file by one with these outcomes, completely or not at all.
  ///
  /// - Parameters:
  ///   - outcomes: every fit that was made.
  ///   - provenance: how it was made, for a file that is more than a state to go on from.
  ///   - record: which shard of the comparison the outcomes are.
  ///   - overwrite: whether an existing file is replaced.
  public func write(
    _ outcomes: [FitOutcome], provenance: Provenance? = nil, record: ShardRecord? = nil, overwrite: Bool = true
  ) throws {
    var finished: [(outcome: FitOutcome, scores: [Double])] = []
    for outcome in outcomes {
      if case .scores(let scores) = outcome.result { finished.append((outcome, scores)) }
    }
    let names: [String] = finished.map(\.outcome.estimator)
    let splits: [Int] = finished.map(\.outcome.split)
    let seconds: [Double] = finished.map { $0.outcome.seconds ?? .nan }
    // The scores of all outcomes one after another.
    let counts: [Int] = finished.map(\.scores.count)
    let scores: [Double] = finished.flatMap(\.scores)
    try HDF5Writer.create(path, overwrite: overwrite) { writer in
      try writer.set(Self.format, attribute: "format")
      try provenance?.write(to: writer)
      if let record { try writer.set(record) }
      try writer.set(problem, attribute: "problem")
      try writer.write(names, to: "/estimator")
      try writer.write(splits, shape: [splits.count], to: "/split")
      try writer.write(seconds, shape: [seconds.count], to: "/seconds")
      try writer.write(counts, shape: [counts.count], to: "/score_count")
      try writer.write(scores, shape: [scores.count], to: "/scores")
    }
  }

  // MARK: - Reading

  /// The outcomes in the file that belong to a comparison.
  ///
  /// - Throws: ``ComparisonError/otherComparison(path:what:)`` if the file is of another comparison or of none,
  ///   `HDF5Error` if it cannot be read.
  public func read(for comparison: Comparison) throws -> [FitOutcome] {
    let content = try Content(path)
    guard content.problem == problem else {
      throw ComparisonError.otherComparison(path: path, what: difference(content.problem))
    }
    let known = Set(comparison.estimators.map(\.name))
    return try content.outcomes.filter { outcome in
      guard known.contains(outcome.estimator), case .scores(let values) = outcome.result else { return false }
      guard comparison.splits.indices.contains(outcome.split),
        values.count == comparison.splits[outcome.split].heldOut.count
      else { throw ComparisonError.otherComparison(path: path, what: "the size of its folds") }
      return true
    }
  }

  /// All that a file of outcomes holds.
  public struct Content: Sendable {
    /// ``ComparisonCheckpoint/problem``.
    public let problem: String
    /// Those that were fitted, in the order of the file.
    public let outcomes: [FitOutcome]
    /// Which shard of the comparison they are; nil where they are of a whole one.
    public let record: ShardRecord?
    /// How the file was made, where it says so.
    public let provenance: Provenance

    /// - Throws: ``ComparisonError/otherComparison(path:what:)`` if the file is of no comparison, `HDF5Error` or
    ///   `DataError` if it cannot be read.
    public init(_ path: String) throws {
      let reader = try HDF5Reader(path: path)
      guard try reader.textIfPresent(attribute: "format") == ComparisonCheckpoint.format else {
        throw ComparisonError.otherComparison(path: path, what: "its format")
      }
      problem = try reader.text(attribute: "problem")
      record = try reader.shardRecord()
      provenance = try Provenance(ofFile: path)
      let names = try reader.strings("/estimator")
      let splits = try reader.integers("/split").values
      let seconds = try reader.doubles("/seconds").values
      let counts = try reader.integers("/score_count").values
      let scores = try reader.doubles("/scores").values
      guard [splits.count, seconds.count, counts.count].allSatisfy({ $0 == names.count }),
        counts.allSatisfy({ (0...scores.count).contains($0) }), counts.reduce(0, +) == scores.count,
        scores.allSatisfy(\.isFinite)
      else { throw ComparisonError.otherComparison(path: path, what: "the length of its parts") }
      var start = 0
      outcomes = names.indices.map { index in
        defer { start += counts[index] }
        return FitOutcome(
          estimator: names[index], split: splits[index], seconds: seconds[index].isNaN ? nil : seconds[index],
          result: .scores(Array(scores[start..<start + counts[index]])))
      }
    }
  }

  /// The first line in which two problems differ.
  private func difference(_ other: String) -> String {
    let lines = zip(problem.split(separator: "\n"), other.split(separator: "\n"))
    return lines.first { $0 != $1 }.map { "\($0.1) instead of \($0.0)" } ?? "its problem"
  }
}
