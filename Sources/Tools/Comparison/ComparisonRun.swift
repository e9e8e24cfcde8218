import FileOutput
import Foundation
import PriorKit
import Synchronization

/// Runs a comparison with progress, Ctrl-C and a checkpoint.
struct ComparisonRun {
  let comparison: Comparison
  let checkpoint: ComparisonCheckpoint?
  let threads: Int
  let console: Console

  /// - Throws: ``InterruptedError`` after Ctrl-C, once the checkpoint is written; what the checkpoint throws.
  func outcomes() throws -> [Outcome] {
    let total = comparison.estimators.count * comparison.splits.count
    let completed = try resumed()
    let progress = console.progress("compare", total: total - completed.count)
    let writer = Mutex(CheckpointState(outcomes: completed))
    let checkpoint = checkpoint
    let outcomes = try Interruption.polling {
      let outcomes = comparison.run(
        threads: threads, completed: completed,
        isCancelled: { Interruption.isRequested || writer.withLock { $0.failure != nil } },
        onOutcome: { outcome in
          writer.withLock { $0.add(outcome, to: checkpoint) }
          progress.advance(note: outcome.estimator)
        })
      // Whatever the loop did not write yet.
      try writer.withLock {
        if let failure = $0.failure { throw failure }
        try checkpoint?.write($0.outcomes)
      }
      return outcomes
    }
    progress.finish()
    guard outcomes.count == total else {
      throw InterruptedError(
        checkpoint.map { "Interrupted: \(outcomes.count) of \(total) fits are in \($0.path); run again to go on." }
          ?? "Interrupted: no output was written; compare --checkpoint keeps the fits of a comparison that can go on."
      )
    }
    return outcomes
  }

  private func resumed() throws -> [Outcome] {
    guard let checkpoint else { return [] }
    guard !FileContents.isUnwritten(checkpoint.path) else {
      try OutputFile.check(checkpoint.path, overwrite: true)
      return []
    }
    let completed = try checkpoint.read(for: comparison)
    console.message("\(checkpoint.path): going on after \(completed.count) fits")
    return completed
  }
}

/// Outcomes on their way to the checkpoint.
private struct CheckpointState {
  var outcomes: [Outcome]
  var failure: (any Error)?
  private let clock = ContinuousClock()
  private var lastWrite: ContinuousClock.Instant

  init(outcomes: [Outcome]) {
    self.outcomes = outcomes
    lastWrite = clock.now
  }

  /// Writes at most once a second: fits may be faster than disks.
  mutating func add(_ outcome: Outcome, to checkpoint: ComparisonCheckpoint?) {
    outcomes.append(outcome)
    guard let checkpoint, failure == nil, clock.now - lastWrite > .seconds(1) else { return }
    do { try checkpoint.write(outcomes) } catch { failure = error }
    lastWrite = clock.now
  }
}
