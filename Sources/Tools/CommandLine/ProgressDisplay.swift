import Foundation
import Synchronization
import Workflows

/// Progress on standard error: a bar with the time left on a terminal, a line every tenth of the work elsewhere,
/// as soon as the work has taken five seconds.
///
/// A bar is redrawn four times a second, so that a long step does not look like a program that hangs. Steps may be
/// counted from several threads.
package final class ProgressDisplay: WorkProgress {
  package enum Style: Sendable { case none, lines, bar }

  private struct State {
    var completed = 0
    var pace = ProgressPace()
    var note = ""
    var shownTenths = 0
    var lastDrawn = -1.0
    var isFinished = false
  }

  private let title: String
  /// Steps in all; nil for work that has none to count.
  private let total: Int?
  /// Whether the work may end before `total`.
  private let isLimit: Bool
  private let style: Style
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private let state = Mutex(State())

  init(title: String, total: Int?, isLimit: Bool = false, style: Style) {
    self.title = title
    self.total = total.map { max($0, 1) }
    self.isLimit = isLimit
    self.style = style
    start = clock.now
    if style == .bar { redrawRegularly() }
  }

  /// Counts one step; `note` (the present loss, say) follows the count.
  package func advance(note: String) {
    guard style != .none, let total else { return }
    let elapsed = elapsed
    state.withLock { state in
      state.completed = min(state.completed + 1, total)
      state.pace.step(at: elapsed)
      state.note = note
      switch style {
      case .none: break
      case .lines: showLine(&state, total: total, elapsed: elapsed)
      case .bar: draw(&state, elapsed: elapsed)
      }
    }
  }

  /// Ends the display, so that the next message has a line of its own. Finishing twice does no harm.
  package func finish() {
    state.withLock { state in
      if style == .bar, !state.isFinished, state.lastDrawn >= 0 { Console.standardErrorRaw("\r\u{1B}[K") }
      state.isFinished = true
    }
  }

  deinit { finish() }

  private var elapsed: Double { start.duration(to: clock.now) / .seconds(1) }

  /// Seconds of work of which a log says nothing; PRIORKIT_PROGRESS_SECONDS changes them.
  private static let patience =
    ProcessInfo.processInfo.environment["PRIORKIT_PROGRESS_SECONDS"].flatMap { Double($0) } ?? 5

  // MARK: - Drawing

  private func count(_ state: State, total: Int, elapsed: Double) -> ProgressCount {
    ProgressCount(
      completed: state.completed, total: total, isLimit: isLimit, pace: state.pace.secondsPerStep, elapsed: elapsed)
  }

  private func showLine(_ state: inout State, total: Int, elapsed: Double) {
    let tenths = state.completed * 10 / total
    guard tenths > state.shownTenths, elapsed >= Self.patience else { return }
    state.shownTenths = tenths
    Console.standardError(
      ProgressText.line(title: title, count: count(state, total: total, elapsed: elapsed), note: state.note))
  }

  private func draw(_ state: inout State, elapsed: Double) {
    // Ten times a second is all that an eye can use, and a slow terminal must not slow the work.
    guard elapsed - state.lastDrawn > 0.1, !state.isFinished else { return }
    state.lastDrawn = elapsed
    let text =
      total.map {
        ProgressText.bar(
          title: title, count: count(state, total: $0, elapsed: elapsed), note: state.note, width: Terminal.width)
      } ?? ProgressText.activity(title, elapsed: elapsed, width: Terminal.width)
    Console.standardErrorRaw("\r" + text + "\u{1B}[K")
  }

  /// Draws until the display is finished or gone.
  private func redrawRegularly() {
    // The first time at once: work that is over soon should have been seen as well.
    guard redraw() else { return }
    Thread.detachNewThread { [weak self] in
      while self?.redraw() ?? false { usleep(250_000) }
    }
  }

  /// - Returns: whether there will be more to draw.
  private func redraw() -> Bool {
    let elapsed = elapsed
    return state.withLock { state in
      draw(&state, elapsed: elapsed)
      return !state.isFinished
    }
  }
}
