/// The words of a progress display, apart from when and where it is shown.
package enum ProgressText {
  /// One line of a log: `fit: 30 % (3 of 10), 12 s left`.
  package static func line(title: String, completed: Int, total: Int, elapsed: Duration, note: String) -> String {
    "\(title): \(completed * 100 / total) % (\(completed) of \(total))"
      + timeLeft(completed: completed, total: total, elapsed: elapsed) + (note.isEmpty ? "" : ", " + note)
  }

  /// One line of a terminal, at most `width` - 1 columns: `fit [######........] 43 % (43 of 100), 12 s left`.
  package static func bar(
    title: String, completed: Int, total: Int, elapsed: Duration, note: String, width: Int
  ) -> String {
    let cells = 24
    let filled = completed * cells / total
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: cells - filled)
    let text = line(title: "\(title) [\(bar)]", completed: completed, total: total, elapsed: elapsed, note: note)
    return String(text.replacing("]:", with: "]").prefix(max(width - 1, 0)))
  }

  /// By the mean speed so far; empty before the first step and after the last.
  private static func timeLeft(completed: Int, total: Int, elapsed: Duration) -> String {
    guard completed > 0, completed < total else { return "" }
    let seconds = elapsed / .seconds(1) * Double(total - completed) / Double(completed)
    return ", " + time(seconds: seconds) + " left"
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
}
