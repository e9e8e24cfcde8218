public import NumericCore
import Statistics

/// The held-out log densities of every estimator on one set of presets, with their summaries.
public struct ComparisonTable: Sendable {
  /// One estimator.
  public struct Row: Sendable {
    /// The name of the estimator.
    public let name: String
    /// The log density of each preset of the table, in nats; nil if a split failed.
    public let scores: [Double]?
    /// Of the scores, in nats per preset; its error allows for clusters.
    public let mean: MeanEstimate?
    /// Of the scores, in nats per preset.
    public let median: Double?
    /// This estimator less the baseline, preset by preset; nil where either failed.
    public let difference: MeanEstimate?
    /// The estimator with the highest mean less this one, preset by preset; nil where it failed.
    public internal(set) var behindBest: MeanEstimate?
    /// Positions in ``ComparisonTable/presets`` of the least plausible presets, worst first.
    public let worst: [Int]
    /// Seconds that all fits and scores took; nil where those of one are not known.
    public let seconds: Double?
    /// The number of failed splits, of how many, and the reason of the first; nil if none failed.
    public let failure: (count: Int, of: Int, reason: String)?
  }

  /// The rows of the comparison's data that are scored, in ascending order.
  public let presets: [Int]
  /// The name of the estimator that the others are compared with.
  public let baseline: String
  /// Best mean first, then those that failed, in the order of the comparison.
  public let rows: [Row]

  /// The estimator with the highest mean.
  public var best: Row? { rows.first { $0.mean != nil } }

  /// - Parameters:
  ///   - comparison: what was compared: the estimators, the presets and their splits.
  ///   - outcomes: those of a run; an estimator without one for each of these splits counts as failed.
  ///   - splits: which splits of the comparison the table is of, for instance all folds.
  ///   - baseline: the name of the estimator that the others are compared with.
  ///   - clusters: a name for each row of the comparison's data, where rows of one name depend on each other; nil
  ///     where all are independent.
  ///   - worst: how many of the least plausible presets each row lists.
  /// - Throws: ``ComparisonError/unknownBaseline(name:compared:)``.
  public init(
    _ comparison: Comparison, outcomes: [FitOutcome], splits: Range<Int>, baseline: String,
    clusters: [String]? = nil,
    worst: Int = 5
  ) throws(ComparisonError) {
    let names = comparison.estimators.map(\.name)
    guard names.contains(baseline) else { throw .unknownBaseline(name: baseline, compared: names) }
    let presets = splits.flatMap { comparison.splits[$0].heldOut }.sorted()
    let positions = Dictionary(uniqueKeysWithValues: presets.enumerated().map { ($1, $0) })
    let groups = clusters.map { clusters in presets.map { clusters[$0] } }

    func scores(of name: String) -> (scores: [Double]?, failures: [String], seconds: Double?) {
      var scores = [Double](repeating: .nan, count: presets.count)
      let own = outcomes.filter { $0.estimator == name && splits.contains($0.split) }.sorted { $0.split < $1.split }
      var failures: [String] = []
      for outcome in own {
        switch outcome.result {
        case .failure(let reason): failures.append(reason)
        case .scores(let values):
          for (preset, value) in zip(comparison.splits[outcome.split].heldOut, values) {
            if let position = positions[preset] { scores[position] = value }
          }
        }
      }
      let isComplete = failures.isEmpty && own.count == splits.count
      if !isComplete, failures.isEmpty { failures.append("it was not run on every split") }
      return (isComplete ? scores : nil, failures, Self.sum(own.map(\.seconds)))
    }

    let reference = scores(of: baseline).scores
    let unsorted = names.map { name -> Row in
      let (scores, failures, seconds) = scores(of: name)
      return Row(
        name: name, scores: scores, mean: scores.map { MeanEstimate($0, clusters: groups) },
        median: scores.map { SortedQuantiles($0).median },
        difference: scores.flatMap { own in
          reference.map { MeanEstimate.difference(own, $0, clusters: groups) }
        },
        worst: scores.map { own in Array(own.indices.sorted { (own[$0], $0) < (own[$1], $1) }.prefix(worst)) }
          ?? [],
        seconds: seconds, failure: failures.first.map { (failures.count, splits.count, $0) })
    }
    self.presets = presets
    self.baseline = baseline
    let ordered =
      unsorted.enumerated().sorted { first, second in
        let (one, other) = (first.element.mean?.mean, second.element.mean?.mean)
        if let one, let other, one != other { return one > other }
        if (one == nil) != (other == nil) { return one != nil }
        return first.offset < second.offset
      }.map(\.element)
    let leading = ordered.first?.scores
    rows = ordered.map { row in
      var row = row
      row.behindBest = row.scores.flatMap { own in
        leading.map { MeanEstimate.difference($0, own, clusters: groups) }
      }
      return row
    }
  }

  private static func sum(_ seconds: [Double?]) -> Double? {
    seconds.contains(nil) ? nil : seconds.reduce(0) { $0 + ($1 ?? 0) }
  }
}
