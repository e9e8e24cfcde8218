import Glibc
import Synchronization

/// A number of tasks that others wait for.
final class CountdownLatch: Sendable {
  private let remaining = Atomic(0)

  func start(_ count: Int) { remaining.store(count, ordering: .sequentiallyConsistent) }

  func finishOne() { remaining.wrappingSubtract(1, ordering: .sequentiallyConsistent) }

  /// Waits, actively, until all tasks have finished: they were started before the one that waits.
  func wait() { while remaining.load(ordering: .sequentiallyConsistent) > 0 { sched_yield() } }
}
