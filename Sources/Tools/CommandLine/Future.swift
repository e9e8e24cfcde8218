import Dispatch
import Synchronization
import Workflows

/// A value that is computed on a thread of its own while the caller goes on.
final class Future<Value: Sendable>: Sendable {
  private let result = Mutex<Result<Value, any Error>?>(nil)
  private let group = DispatchGroup()

  init(_ body: @escaping @Sendable () throws -> Value) {
    DispatchQueue.global().async(group: group) { [self] in
      let outcome = Result { try body() }
      result.withLock { $0 = outcome }
    }
  }

  /// Waits for the value, or throws what its computation threw.
  func value() throws -> Value {
    group.wait()
    guard let result = result.withLock({ $0 }) else { preconditionFailure("A result is absent after its end") }
    return try result.get()
  }
}
