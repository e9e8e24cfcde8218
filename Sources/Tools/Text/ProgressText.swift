import Foundation

/// How far some work is.
package struct ProgressCount: Sendable, Hashable {
  package var completed: Int
  package var total: Int
  /// Whether the work may end before `total`.
  package var isLimit = false
  /// Seconds of a step, once they are known well enough to tell what is left.
  package var pace: Double?
  /// Seconds since the work began.
  package var elapsed: Double = 0

  package init(completed: Int, total: Int, isLimit: Bool = false, pace: Double? = nil, elapsed: Double = 0) {
    (self.completed, self.total, self.isLimit, self.pace, self.elapsed) = (completed, total, isLimit, pace, elapsed)
  }
}

/// The words of a progress display, apart from when and where it is shown.
package enum ProgressText {
  /// One line of a log: `fit: 30 % (3 of 10), 12 s left`, or `transfer: 3 of at most 10, at most 12 s left` for
  /// work that may end sooner.
  package static func line(title: String, count: ProgressCount, note: String) -> String {
    "\(title): \(share(count))" + timeLeft(count) + (note.isEmpty ? "" : ", " + note)
  }

  /// One line of a terminal, at most `width` - 1 columns: `fit [######........] 43 % (43 of 100), 12 s left`.
  ///
  /// While the time left is unknown, it says how long the work has been going on.
  package static func bar(title: String, count: ProgressCount, note: String, width: Int) -> String {
    let cells = 24
    let filled = count.completed * cells / count.total
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: cells - filled)
    let left = timeLeft(count)
    let time = left.isEmpty && count.elapsed >= 1 ? ", \(Int(count.elapsed)) s so far" : left
    let text = "\(title) [\(bar)] \(share(count))" + time + (note.isEmpty ? "" : ", " + note)
    return String(text.prefix(max(width - 1, 0)))
  }

  /// One line of a terminal about work that has no steps: `reading dry.wav, 3 s so far`.
  package static func activity(_ title: String, elapsed: Double, width: Int) -> String {
    let text = title + (elapsed >= 1 ? ", \(Int(elapsed)) s so far" : "")
    return String(text.prefix(max(width - 1, 0)))
  }

  private static func share(_ count: ProgressCount) -> String {
    count.isLimit
      ? "\(count.completed) of at most \(count.total)"
      : "\(count.completed * 100 / count.total) % (\(count.completed) of \(count.total))"
  }

  /// Empty while the pace is not known, and after the last step.
  private static func timeLeft(_ count: ProgressCount) -> String {
    guard let pace = count.pace, count.completed < count.total else { return "" }
    let text = time(seconds: pace * Double(count.total - count.completed))
    return count.isLimit ? ", at most \(text) left" : ", \(text) left"
  }

  /// A duration as people say it: `8 s`, `2 min 05 s`, `3 h 20 min`.
  package static func time(seconds: Double) -> String {
    let whole = Int(seconds.rounded(.up))
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return switch whole {
    case ..<60: "\(whole) s"
    case ..<3600: "\(whole / 60) min \(two(whole % 60)) s"
    default: "\(whole / 3600) h \(two(whole % 3600 / 60)) min"
    }
  }

  /// A duration that is over: tenths of a second below ten seconds, then as ``time(seconds:)``.
  package static func duration(seconds: Double) -> String {
    seconds < 9.95 ? String(format: "%.1f s", seconds) : time(seconds: seconds)
  }
}

/// The seconds that a step takes, by the steps after the first one.
///
/// The first step is left out, because it waits for whatever comes before it; and nothing is said before the others
/// have taken a second together, because a guess that is wrong is worse than none.
package struct ProgressPace: Sendable, Hashable {
  private var first: Double?
  private var latest = 0.0
  private var count = 0

  package init() {}

  /// Counts a step that ends so many seconds after the beginning.
  package mutating func step(at seconds: Double) {
    if first == nil { first = seconds }
    latest = seconds
    count += 1
  }

  package var secondsPerStep: Double? {
    guard let first, count > 1, latest - first >= 1 else { return nil }
    return (latest - first) / Double(count - 1)
  }
}
