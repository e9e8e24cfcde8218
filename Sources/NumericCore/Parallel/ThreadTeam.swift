import Foundation
import Synchronization

/// Threads that wait for work, for loops that run thousands of times a second and may not allocate.
///
/// The threads are made once and live as long as the team. A call that finds the team busy, from inside its own
/// work or from another thread, does its tasks by itself.
public final class ThreadTeam: Sendable {
  /// One thread, the caller's: all tasks run one after the other.
  public static let alone = ThreadTeam(threads: 1)

  /// Threads that share the tasks, the caller's among them.
  public let threads: Int
  private let core = Core()

  /// - Parameter threads: most threads to use; below 1 counts as 1.
  public init(threads: Int) {
    self.threads = max(1, threads)
    for _ in 1..<self.threads {
      let thread = Thread { [core] in core.serve() }
      thread.name = "priorkit worker"
      // As much as the main thread has.
      thread.stackSize = 8 << 20
      thread.start()
    }
  }

  deinit { core.stop() }

  /// Runs `job(0 ..< tasks)` on the team and returns when all are done. Tasks are started in order, so that a task
  /// may wait for earlier ones and short tasks fill the time that long ones leave. Allocates nothing.
  ///
  /// - Parameters:
  ///   - tasks: how many tasks there are; 0 runs nothing.
  ///   - job: one task, by its number; made beforehand by callers that may not allocate: a closure that captures is
  ///     itself an object.
  public func run(_ tasks: Int, _ job: @escaping @Sendable (Int) -> Void) {
    guard threads > 1, tasks > 1, core.enter() else {
      for task in 0..<tasks { job(task) }
      return
    }
    core.share(tasks, job, helpers: threads - 1)
  }
}

/// What a team and its threads share; it outlives the team until the last thread has left.
private final class Core: Sendable {
  private let condition = NSCondition()
  private let isBusy = Atomic(false)
  private let next = Atomic(0)
  // Guarded by the condition.
  nonisolated(unsafe) private var job: (@Sendable (Int) -> Void)?
  nonisolated(unsafe) private var tasks = 0
  nonisolated(unsafe) private var round = 0
  nonisolated(unsafe) private var working = 0
  nonisolated(unsafe) private var isStopped = false

  /// False if somebody is at work.
  func enter() -> Bool {
    isBusy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
  }

  func share(_ tasks: Int, _ job: @escaping @Sendable (Int) -> Void, helpers: Int) {
    condition.lock()
    (self.job, self.tasks) = (job, tasks)
    next.store(0, ordering: .relaxed)
    working = helpers
    round += 1
    condition.broadcast()
    condition.unlock()
    work(tasks, job)
    condition.lock()
    while working > 0 { condition.wait() }
    self.job = nil
    condition.unlock()
    isBusy.store(false, ordering: .releasing)
  }

  /// The life of a thread of the team.
  func serve() {
    var seen = 0
    condition.lock()
    while true {
      while round == seen, !isStopped { condition.wait() }
      guard !isStopped else { break }
      seen = round
      let (job, tasks) = (job, tasks)
      condition.unlock()
      if let job { work(tasks, job) }
      condition.lock()
      working -= 1
      if working == 0 { condition.broadcast() }
    }
    condition.unlock()
  }

  func stop() {
    condition.lock()
    isStopped = true
    condition.broadcast()
    condition.unlock()
  }

  private func work(_ tasks: Int, _ job: @Sendable (Int) -> Void) {
    while true {
      let task = next.add(1, ordering: .relaxed).oldValue
      guard task < tasks else { return }
      job(task)
    }
  }
}
