import Foundation
import Synchronization

/// Progress on standard error: a bar with the time left on a terminal, a line every tenth of the work elsewhere.
///
/// Steps may be counted from several threads.
package final class ProgressDisplay: Sendable {
  package enum Style: Sendable { case none, lines, bar }

  private struct State {
    var completed = 0
    var shownTenths = 0
    var lastDrawn: Duration = .zero
    var isFinished = false
  }

  private let title: String
  private let total: Int
  private let style: Style
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private let state = Mutex(State())

  init(title: String, total: Int, style: Style) {
    self.title = title
    self.total = max(total, 1)
    self.style = style
    start = clock.now
  }

  /// Counts one step; `note` (the present loss, say) follows the count.
  package func advance(note: String = "") {
    guard style != .none else { return }
    let elapsed = start.duration(to: clock.now)
    state.withLock { state in
      state.completed = min(state.completed + 1, total)
      switch style {
      case .none: break
      case .lines: showLine(&state, elapsed: elapsed, note: note)
      case .bar: draw(&state, elapsed: elapsed, note: note)
      }
    }
  }

  /// Ends the display, so that the next message has a line of its own. Finishing twice does no harm.
  package func finish() {
    state.withLock { state in
      if style == .bar, !state.isFinished, state.lastDrawn > .zero { Console.standardErrorRaw("\r\u{1B}[K") }
      state.isFinished = true
    }
  }

  deinit { finish() }

  // MARK: - Drawing

  private func showLine(_ state: inout State, elapsed: Duration, note: String) {
    let tenths = state.completed * 10 / total
    guard tenths > state.shownTenths else { return }
    state.shownTenths = tenths
    Console.standardError(
      ProgressText.line(title: title, completed: state.completed, total: total, elapsed: elapsed, note: note))
  }

  private func draw(_ state: inout State, elapsed: Duration, note: String) {
    // Ten times a second is all that an eye can use, and a slow terminal must not slow the work.
    guard elapsed - state.lastDrawn > .milliseconds(100), !state.isFinished else { return }
    state.lastDrawn = elapsed
    let text = ProgressText.bar(
      title: title, completed: state.completed, total: total, elapsed: elapsed, note: note, width: Terminal.width)
    Console.standardErrorRaw("\r" + text + "\u{1B}[K")
  }
}
