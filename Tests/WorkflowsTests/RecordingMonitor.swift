import Synchronization
import Workflows

/// Keeps what it is told, and cancels after some steps.
final class RecordingMonitor: WorkMonitor {
  private struct Heard {
    var messages: [String] = []
    var warnings: [String] = []
    var steps = 0
    var finished = 0
  }

  private let heard = Mutex(Heard())
  private let stepLimit: Int

  init(cancellingAfter steps: Int = .max) { stepLimit = steps }

  var messages: [String] { heard.withLock { $0.messages } }
  var warnings: [String] { heard.withLock { $0.warnings } }
  var steps: Int { heard.withLock { $0.steps } }
  var finished: Int { heard.withLock { $0.finished } }

  func message(_ text: String) { heard.withLock { $0.messages.append(text) } }
  func warning(_ text: String) { heard.withLock { $0.warnings.append(text) } }
  var isCancelled: Bool { steps >= stepLimit }
  func progress(_: String, total _: Int, isLimit _: Bool) -> any WorkProgress { Counter(monitor: self) }

  private struct Counter: WorkProgress {
    let monitor: RecordingMonitor

    func advance(note _: String) { monitor.heard.withLock { $0.steps += 1 } }
    func finish() { monitor.heard.withLock { $0.finished += 1 } }
  }
}
