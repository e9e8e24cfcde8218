import Dispatch
import Foundation
import Synchronization

/// Work on numbered blocks, shared among threads; each thread owns one workspace.
public enum ParallelBlocks {
  /// Runs `process` for each of `count` blocks on `threads` threads at most, in any order.
  public static func run<Workspace>(
    count: Int, threads: Int, makeWorkspace: @Sendable () -> Workspace,
    process: @Sendable (Int, inout Workspace) -> Void
  ) {
    precondition(threads > 0, "Blocks need at least one thread, not \(threads)")
    let next = Atomic<Int>(0)
    @Sendable func work() {
      var workspace = makeWorkspace()
      while true {
        let block = next.add(1, ordering: .relaxed).oldValue
        guard block < count else { return }
        process(block, &workspace)
      }
    }
    let lanes = min(threads, count)
    if lanes <= 1 { work() } else { DispatchQueue.concurrentPerform(iterations: lanes) { _ in work() } }
  }

  /// Runs three steps for each block: `fetch` (in order, one block at a time: reading a file), `process` (in
  /// parallel) and `deliver` (in order, one block at a time: adding to a sum, writing a file).
  ///
  /// What is delivered does therefore not depend on the number of threads.
  /// - Throws: the first error of any step; blocks that were not yet begun are then left out.
  public static func runInOrder<Workspace>(
    count: Int, threads: Int, makeWorkspace: @Sendable () throws -> Workspace,
    fetch: @Sendable (Int, inout Workspace) throws -> Void = { _, _ in },
    process: @Sendable (Int, inout Workspace) throws -> Void,
    deliver: @Sendable (Int, inout Workspace) throws -> Void = { _, _ in }
  ) throws {
    precondition(threads > 0, "Blocks need at least one thread, not \(threads)")
    let lanes = min(threads, max(count, 1))
    let fetching = Turn()
    let delivering = Turn()
    let failure = Mutex<(any Error)?>(nil)

    @Sendable func work() {
      do {
        var workspace = try makeWorkspace()
        while let block = try fetching.takeNext(below: count, { try fetch($0, &workspace) }) {
          try process(block, &workspace)
          guard try delivering.take(block, { try deliver($0, &workspace) }) else { return }
        }
      } catch {
        failure.withLock { if $0 == nil { $0 = error } }
        fetching.stop()
        delivering.stop()
      }
    }

    // A lane waits only for blocks that others are at work on, so that any number of threads in fact will do.
    if lanes == 1 { work() } else { DispatchQueue.concurrentPerform(iterations: lanes) { _ in work() } }
    if let failure = failure.withLock({ $0 }) { throw failure }
  }
}

/// A door that lets blocks through one at a time, in the order of their numbers.
private final class Turn: Sendable {
  private let condition = NSCondition()
  /// Guarded by the condition.
  nonisolated(unsafe) private var next = 0
  nonisolated(unsafe) private var isBusy = false
  nonisolated(unsafe) private var isStopped = false

  /// Takes the next number, if it is below the limit, and runs `body` before anybody else takes one.
  func takeNext(below limit: Int, _ body: (Int) throws -> Void) throws -> Int? {
    condition.lock()
    while isBusy { condition.wait() }
    guard !isStopped, next < limit else {
      condition.unlock()
      return nil
    }
    let block = next
    isBusy = true
    condition.unlock()
    defer { finish() }
    try body(block)
    return block
  }

  /// Waits for the turn of a number and runs `body`; false if the work was stopped.
  func take(_ block: Int, _ body: (Int) throws -> Void) throws -> Bool {
    condition.lock()
    while next != block, !isStopped { condition.wait() }
    guard !isStopped else {
      condition.unlock()
      return false
    }
    condition.unlock()
    defer { finish() }
    try body(block)
    return true
  }

  func stop() {
    condition.lock()
    isStopped = true
    condition.broadcast()
    condition.unlock()
  }

  private func finish() {
    condition.lock()
    next += 1
    isBusy = false
    condition.broadcast()
    condition.unlock()
  }
}
