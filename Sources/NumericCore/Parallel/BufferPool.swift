import Foundation

/// Sets of buffers that tasks need only while they run: one set per thread, which the tasks take in turns.
///
/// What a task finds in a set has no meaning, so that results do not depend on who had it before.
///
/// Unchecked sendable: the sets that nobody has are under a lock, and a set belongs to the task that took it.
public final class BufferPool<Buffers: Sendable>: @unchecked Sendable {
  private let make: @Sendable () -> Buffers
  /// Of ``free``: a lock that the thread sanitizer knows, unlike a Mutex.
  private let lock = NSLock()
  private var free: [Buffers]

  /// - Parameters:
  ///   - count: tasks at the same time; more are served, at the price of a new set.
  ///   - make: a new set.
  public init(count: Int, _ make: @escaping @Sendable () -> Buffers) {
    self.make = make
    free = (0..<max(1, count)).map { _ in make() }
  }

  /// A set that no other task has: a free one, or a new one if all are taken.
  public func take() -> Buffers { lock.withLock { free.popLast() } ?? make() }

  /// Returns a set to the pool; the caller may not use it any more.
  public func give(_ buffers: Buffers) { lock.withLock { free.append(buffers) } }
}
