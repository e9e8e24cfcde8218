import FXParams
import FileOutput
import Foundation
import HDF5Store
import NumericCore
import Synchronization

/// Rows of features, computed one by one on several threads, with progress, cancellation and a checkpoint to go on
/// from.
struct FeatureRows {
  /// What became of one row.
  enum Row: Sendable, Equatable {
    case features([Double])
    /// It has none, for a reason that was told.
    case skipped
  }

  let title: String
  let count: Int
  let featureCount: Int
  /// Where rows are kept; nil to keep none.
  let checkpoint: String?
  /// Everything that the rows depend on: a checkpoint of other rows is refused.
  let problem: String
  let threads: Int

  private static let format = "priorkit features checkpoint 1"

  /// - Throws: the first error of `compute`; ``InterruptedError``, once the checkpoint is written.
  func compute<Workspace>(
    monitor: some WorkMonitor,
    makeWorkspace: @Sendable () throws -> Workspace,
    _ compute: @Sendable (Int, inout Workspace) throws -> Row
  ) throws -> [Row] {
    let start = try resumed(monitor)
    let pending = start.indices.filter { start[$0] == nil }
    let progress = monitor.progress(title, total: pending.count)
    let state = Mutex(State(rows: start))
    monitor.cancellable {
      ParallelBlocks.run(count: pending.count, threads: threads) {
        Result { try makeWorkspace() }
      } process: { position, workspace in
        guard !monitor.isCancelled, state.withLock({ $0.failure == nil }) else { return }
        do {
          var own = try workspace.get()
          let row = try compute(pending[position], &own)
          workspace = .success(own)
          try state.withLock {
            $0.rows[pending[position]] = row
            try $0.saveIfDue { try save($0) }
          }
          progress.advance()
        } catch {
          state.withLock { $0.failure = $0.failure ?? error }
        }
      }
    }
    progress.finish()
    let (rows, failure) = state.withLock { ($0.rows, $0.failure) }
    let finished = rows.compactMap { $0 }
    if let failure {
      // A bad row must not cost the good ones, nor hide behind a disk that is full.
      if finished.count > 0 { try? save(rows) }
      throw failure
    }
    guard finished.count == count else {
      try save(rows)
      throw InterruptedError(
        checkpoint.map { "Interrupted: \(finished.count) of \(count) rows are in \($0); run again to go on." }
          ?? "Interrupted: no output was written; a checkpoint would have kept the rows.",
        remedy: checkpoint == nil ? .checkpoint : .none)
    }
    return finished
  }

  private struct State {
    var rows: [Row?]
    var failure: (any Error)?
    private let clock = ContinuousClock()
    private var lastWrite: ContinuousClock.Instant

    init(rows: [Row?]) {
      self.rows = rows
      lastWrite = clock.now
    }

    mutating func saveIfDue(_ save: ([Row?]) throws -> Void) throws {
      guard clock.now - lastWrite > .seconds(10) else { return }
      try save(rows)
      lastWrite = clock.now
    }
  }

  // MARK: - Checkpoint

  private func save(_ rows: [Row?]) throws {
    guard let checkpoint else { return }
    let done = rows.indices.filter { rows[$0] != nil }
    let values = done.flatMap { index -> [Double] in
      if case .features(let values)? = rows[index] { return values }
      return []
    }
    let counts = done.map { if case .features? = rows[$0] { featureCount } else { 0 } }
    try HDF5Writer.create(checkpoint, overwrite: true) { writer in
      try writer.set(Self.format, attribute: "format")
      try writer.set(problem, attribute: "problem")
      try writer.write(done, shape: [done.count], to: "/rows")
      try writer.write(counts, shape: [counts.count], to: "/counts")
      try writer.write(values, shape: [values.count], to: "/features")
    }
  }

  private func resumed(_ monitor: some WorkMonitor) throws -> [Row?] {
    var rows = [Row?](repeating: nil, count: count)
    guard let checkpoint else { return rows }
    guard !FileContents.isUnwritten(checkpoint) else {
      try OutputFile.check(checkpoint, overwrite: true)
      return rows
    }
    let reader = try HDF5Reader(path: checkpoint)
    guard try reader.textIfPresent(attribute: "format") == Self.format,
      try reader.textIfPresent(attribute: "problem") == problem
    else {
      throw WorkflowError(
        .unusableState, "The checkpoint \(checkpoint) is of other work: name another file, or delete it.")
    }
    let done = try reader.integers("/rows").values
    let counts = try reader.integers("/counts").values
    let values = try reader.doubles("/features").values
    guard done.count == counts.count, done.allSatisfy(rows.indices.contains),
      counts.allSatisfy({ $0 == 0 || $0 == featureCount }), counts.reduce(0, +) == values.count
    else {
      throw WorkflowError(.unusableState, "The checkpoint \(checkpoint) is damaged: delete it to start anew.")
    }
    var position = 0
    for (row, length) in zip(done, counts) {
      rows[row] = length == 0 ? .skipped : .features(Array(values[position..<position + length]))
      position += length
    }
    monitor.message("\(checkpoint): going on after \(done.count) of \(count) rows")
    return rows
  }
}
