import FileOutput
import Foundation
import Synchronization
import Workflows

/// Ctrl-C. A loop that can stop in good order polls; everything else ends at once.
///
/// While at least one ``polling(_:)`` block runs, the first SIGINT only raises ``isRequested`` and the second ends
/// the process. Outside such a block the first one ends it. Either way the exit code is 130.
package enum Interruption {
  private static let requested = Atomic<Bool>(false)
  private static let pollers = Atomic<Int>(0)

  /// Whether the user has asked to stop.
  package static var isRequested: Bool { requested.load(ordering: .relaxed) }

  /// Handles SIGINT from here on.
  package static func install() {
    // Lazy statics must not be made for the first time in the handler.
    _ = isRequested
    _ = pollers.load(ordering: .relaxed)
    _ = Console.diagnostics
    // Also removes temporaries on SIGTERM and SIGHUP; SIGINT is ours.
    OutputFile.removeTemporariesOnInterrupt()
    signal(SIGINT) { _ in Interruption.handle() }
    // A batch system asks to end before it kills: work that can stop in good order does, and what it has is kept.
    for number in [SIGTERM, SIGHUP] { signal(number) { Interruption.handle(ending: $0) } }
    // A parent may have started us with the signals blocked, as threads of its work queues have them.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, number) }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// Runs a loop that polls ``isRequested`` or calls ``check()``.
  package static func polling<Result>(_ body: () throws -> Result) rethrows -> Result {
    pollers.add(1, ordering: .relaxed)
    defer { pollers.subtract(1, ordering: .relaxed) }
    return try body()
  }

  /// Throws ``InterruptedError`` if the user has asked to stop.
  package static func check() throws {
    if isRequested { throw InterruptedError() }
  }

  /// As ``handle()``, but outside a poll, and the second time, the process ends by the signal, as its parent
  /// expects.
  private static func handle(ending number: Int32) {
    let isRepeated = requested.exchange(true, ordering: .relaxed)
    guard isRepeated || pollers.load(ordering: .relaxed) == 0 else { return }
    OutputFile.removeTemporaries()
    signal(number, SIG_DFL)
    raise(number)
  }

  /// Atomic operations, `unlink`, `write` and `_exit` only: nothing else is allowed in a signal handler.
  private static func handle() {
    let isRepeated = requested.exchange(true, ordering: .relaxed)
    guard isRepeated || pollers.load(ordering: .relaxed) == 0 else { return }
    OutputFile.removeTemporaries()
    let message: StaticString = "priorkit: error: Interrupted: nothing more was written.\n"
    _ = write(Console.diagnostics, message.utf8Start, message.utf8CodeUnitCount)
    _exit(ExitStatus.interrupted.rawValue)
  }
}
