import Dispatch
import Glibc
import Synchronization

/// How many threads a renderer may use, and the loop that uses them.
final class Workers: Sendable {
  let count: Int
  private let next = Atomic(0)

  init(count: Int) { self.count = max(1, count) }

  /// Runs `body(0 ..< tasks)` on up to `count` threads. Tasks are started in order, so that a task may wait for
  /// earlier ones (``Countdown``) and short tasks fill the time that long ones leave. One call at a time.
  func run(_ tasks: Int, _ body: @Sendable (Int) -> Void) {
    guard count > 1, tasks > 1 else {
      for task in 0..<tasks { body(task) }
      return
    }
    next.store(0, ordering: .sequentiallyConsistent)
    DispatchQueue.concurrentPerform(iterations: min(count, tasks)) { _ in
      while true {
        let task = next.wrappingAdd(1, ordering: .sequentiallyConsistent).oldValue
        guard task < tasks else { return }
        body(task)
      }
    }
  }
}

/// A number of tasks that others wait for.
final class Countdown: Sendable {
  private let remaining = Atomic(0)

  func start(_ count: Int) { remaining.store(count, ordering: .sequentiallyConsistent) }

  func finishOne() { remaining.wrappingSubtract(1, ordering: .sequentiallyConsistent) }

  /// Waits, actively, until all tasks have finished: they were started before the one that waits.
  func wait() { while remaining.load(ordering: .sequentiallyConsistent) > 0 { sched_yield() } }
}
