import Foundation
import Synchronization

/// Keeps a library's remarks from standard error: mpg123 writes there what it thinks of a file, and errors that we
/// throw say it again in a sentence.
///
/// Descriptor 2 belongs to the process, so what others write to it meanwhile is lost too. The command line
/// therefore writes to a descriptor of its own.
enum Quiet {
  private struct State {
    var depth = 0
    /// Standard error, put aside.
    var kept: Int32 = -1
  }

  private static let state = Mutex(State())

  static func around<Result>(_ isNoisy: Bool, _ body: () -> Result) -> Result {
    guard isNoisy else { return body() }
    state.withLock { state in
      state.depth += 1
      guard state.depth == 1 else { return }
      state.kept = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
      let nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC)
      guard nowhere >= 0 else { return }
      if state.kept >= 0 { dup2(nowhere, STDERR_FILENO) }
      close(nowhere)
    }
    defer {
      state.withLock { state in
        state.depth -= 1
        guard state.depth == 0, state.kept >= 0 else { return }
        dup2(state.kept, STDERR_FILENO)
        close(state.kept)
        state.kept = -1
      }
    }
    return body()
  }
}
