import FileOutput
import Foundation
public import PriorKit
import Synchronization

/// Runs a comparison with progress, cancellation and a checkpoint.
public struct ComparisonRun: Sendable {
  private let comparison: Comparison
  private let checkpoint: ComparisonCheckpoint?
  private let shard: Shard
  private let threads: Int

  /// - Parameters:
  ///   - comparison: the estimators, the presets and their folds.
  ///   - checkpoint: where fits are kept to go on from; nil to keep none.
  ///   - shard: which of the comparison's rows are fitted.
  ///   - threads: most threads to use; the result does not depend on them.
  public init(
    _ comparison: Comparison, checkpoint: ComparisonCheckpoint? = nil, shard: Shard = .whole, threads: Int = 1
  ) {
    (self.comparison, self.checkpoint, self.shard, self.threads) = (comparison, checkpoint, shard, threads)
  }

  /// One outcome for every estimator and split of the shard.
  ///
  /// - Throws: ``InterruptedError``, once the checkpoint is written; what the checkpoint throws.
  public func outcomes(monitor: some WorkMonitor = QuietMonitor()) throws -> [FitOutcome] {
    let rows = Set(shard.rows(of: comparison.rowCount))
    let total = rows.count
    let completed = try resumed(rows, monitor)
    let progress = monitor.progress("compare", total: total - completed.count)
    let writer = Mutex(CheckpointState(outcomes: completed))
    let checkpoint = checkpoint
    let outcomes = try monitor.cancellable {
      let outcomes = comparison.run(
        rows: rows, threads: threads, completed: completed,
        isCancelled: { monitor.isCancelled || writer.withLock { $0.failure != nil } },
        onOutcome: { outcome in
          writer.withLock { $0.add(outcome, to: checkpoint) }
          progress.advance(note: outcome.estimator)
        })
      // Whatever the loop did not write yet.
      try writer.withLock {
        if let failure = $0.failure { throw failure }
        if $0.outcomes.count > completed.count { try checkpoint?.write($0.outcomes) }
      }
      return outcomes
    }
    progress.finish()
    guard outcomes.count == total else {
      throw InterruptedError(
        checkpoint.map { "Interrupted: \(outcomes.count) of \(total) fits are in \($0.path); run again to go on." }
          ?? "Interrupted: no output was written; a checkpoint would have kept the fits.",
        remedy: checkpoint == nil ? .checkpoint : .none)
    }
    return outcomes
  }

  private func resumed(_ rows: Set<Int>, _ monitor: some WorkMonitor) throws -> [FitOutcome] {
    guard let checkpoint else { return [] }
    guard !FileContents.isUnwritten(checkpoint.path) else {
      try OutputFile.check(checkpoint.path, overwrite: true)
      return []
    }
    let completed = try checkpoint.read(for: comparison).filter { outcome in
      comparison.row(of: outcome.estimator, split: outcome.split).map(rows.contains) ?? false
    }
    monitor.message("\(checkpoint.path): going on after \(completed.count) fits")
    return completed
  }
}

/// Outcomes on their way to the checkpoint.
private struct CheckpointState {
  var outcomes: [FitOutcome]
  var failure: (any Error)?
  private let clock = ContinuousClock()
  private var lastWrite: ContinuousClock.Instant

  init(outcomes: [FitOutcome]) {
    self.outcomes = outcomes
    lastWrite = clock.now
  }

  /// Writes at most once a second: fits may be faster than disks.
  mutating func add(_ outcome: FitOutcome, to checkpoint: ComparisonCheckpoint?) {
    outcomes.append(outcome)
    guard let checkpoint, failure == nil, clock.now - lastWrite > .seconds(1) else { return }
    do { try checkpoint.write(outcomes) } catch { failure = error }
    lastWrite = clock.now
  }
}
