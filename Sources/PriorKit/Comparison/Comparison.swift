import Dispatch
public import NumericCore
import Synchronization

/// Estimators, the presets they are compared on, and the splits of these into training and held-out presets.
///
/// Every split scores presets that its fit has not seen. Estimators choose their hyper-parameters within the
/// training presets, so the cross-validation is nested. Presets of varying shape are scored by the log probability
/// of their pattern, refitted in each split and the same for all estimators, and the log density of what they have.
public struct Comparison: Sendable {
  /// Compared on every split; their names are distinct.
  public let estimators: [any ComparedEstimator]
  /// The rows of all splits, with names and blocks.
  public let data: EstimationData
  /// One fit of every estimator each, by rows of ``data``: one per fold, then that of the test presets if there are
  /// any.
  public let splits: [Fold]

  /// Cross-validation of a collection.
  ///
  /// - Precondition: the folds are of the collection's presets.
  public init(_ estimators: [any ComparedEstimator], data: EstimationData, folds: FoldAssignment) {
    precondition(folds.foldOfPreset.count == data.rows.rows, "Folds of other presets")
    self.estimators = estimators
    self.data = data
    splits = folds.folds
  }

  /// Adds one split: fitted to all presets of a collection, scored on the presets of another. Without folds it is
  /// the only one. Rows of `test` follow those of `data`.
  ///
  /// - Precondition: both have the same columns.
  public init(
    _ estimators: [any ComparedEstimator], data: EstimationData, folds: FoldAssignment? = nil, test: EstimationData
  ) {
    precondition(test.rows.columns == data.rows.columns, "Test presets of other parameters")
    let (count, testCount) = (data.rows.rows, test.rows.rows)
    let inner = folds.map { Comparison(estimators, data: data, folds: $0).splits } ?? []
    self.estimators = estimators
    self.data = data.followed(by: test)
    splits = inner + [Fold(training: Array(0..<count), heldOut: Array(count..<count + testCount))]
  }

  /// The same with complete test presets, as rows of logits.
  public init(
    _ estimators: [any ComparedEstimator], data: EstimationData, folds: FoldAssignment? = nil, test: Matrix
  ) {
    self.init(
      estimators, data: data, folds: folds,
      test: EstimationData(rows: test, names: data.names, blocks: data.blocks))
  }

  // MARK: - Rows

  /// How many fits there are: a row for each estimator and split, the splits of the first estimator first.
  public var rowCount: Int { estimators.count * splits.count }

  /// The row of an estimator on a split; nil for an estimator of another name.
  public func row(of estimator: String, split: Int) -> Int? {
    estimators.firstIndex { $0.name == estimator }.map { $0 * splits.count + split }
  }

  // MARK: - Running

  /// Fits and scores what `completed` does not hold yet, in parallel over estimators and splits.
  ///
  /// - Parameters:
  ///   - rows: the fits that are wanted; nil for all.
  ///   - threads: how many fits run at a time; linear algebra uses one thread in each.
  ///   - completed: outcomes of an earlier run, which are returned as they are.
  ///   - isCancelled: asked before each fit; once true, no more begin.
  ///   - onOutcome: called with each new outcome, one at a time, from any thread.
  /// - Returns: the outcomes, in no particular order; fewer than all if cancelled.
  public func run(
    rows: Set<Int>? = nil, threads: Int, completed: [FitOutcome] = [],
    isCancelled: @Sendable () -> Bool = { false },
    onOutcome: @Sendable (FitOutcome) -> Void = { _ in }
  ) -> [FitOutcome] {
    precondition(threads > 0, "\(threads) threads")
    let done = Set(completed.map { Task(estimator: $0.estimator, split: $0.split) })
    let tasks = splits.indices.flatMap { split in
      estimators.map { Task(estimator: $0.name, split: split) }
    }.filter { task in
      !done.contains(task)
        && (rows.map { rows in row(of: task.estimator, split: task.split).map(rows.contains) ?? false } ?? true)
    }
    let byName = Dictionary(uniqueKeysWithValues: estimators.map { ($0.name, $0) })
    let next = Atomic<Int>(0)
    let outcomes = Mutex(completed)
    DispatchQueue.concurrentPerform(iterations: min(threads, max(tasks.count, 1))) { _ in
      while !isCancelled() {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < tasks.count, let estimator = byName[tasks[index].estimator] else { return }
        let outcome = outcome(of: estimator, on: tasks[index].split)
        outcomes.withLock {
          $0.append(outcome)
          onOutcome(outcome)
        }
      }
    }
    return outcomes.withLock { $0 }
  }

  private struct Task: Hashable {
    let estimator: String
    let split: Int
  }

  private func outcome(of estimator: any ComparedEstimator, on index: Int) -> FitOutcome {
    let split = splits[index]
    let clock = ContinuousClock()
    let start = clock.now
    let result: FitOutcome.Result
    do {
      let (training, heldOut) = (data.selecting(rows: split.training), data.scored(rows: split.heldOut))
      var scores = try estimator.heldOutScores(of: heldOut, fittedTo: training)
      if let shares = try training.patternScores(of: heldOut) { scores = zip(scores, shares).map(+) }
      if let worst = scores.firstIndex(where: { !$0.isFinite }) {
        result = .failure("the log density of held-out preset \(split.heldOut[worst]) is \(scores[worst])")
      } else {
        result = .scores(scores)
      }
    } catch {
      result = .failure(String(describing: error))
    }
    return FitOutcome(
      estimator: estimator.name, split: index, seconds: start.duration(to: clock.now) / .seconds(1), result: result)
  }
}
