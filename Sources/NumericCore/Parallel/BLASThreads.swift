import COpenBLAS
import Synchronization

/// The threads of the linear algebra library, a setting of the whole process.
public enum BLASThreads {
  private struct State {
    var users = 0
    var saved: Int32 = 1
  }
  private static let state = Mutex(State())

  /// Runs `body` while matrix operations use the calling thread alone: for work that is shared among threads of its
  /// own, which the library's threads would only disturb. Calls may nest and overlap.
  ///
  /// A product is then the same to the last bit whatever the number of processors.
  public static func withOneThread<Result>(_ body: () throws -> Result) rethrows -> Result {
    state.withLock { state in
      if state.users == 0 {
        state.saved = openblas_get_num_threads()
        openblas_set_num_threads(1)
      }
      state.users += 1
    }
    defer {
      state.withLock { state in
        state.users -= 1
        if state.users == 0 { openblas_set_num_threads(state.saved) }
      }
    }
    return try body()
  }
}
