import Foundation

/// Bodies timed in turns, so that a slow moment of the machine falls on all of them alike.
struct Contest {
  let title: String
  private var entries: [(name: String, body: () -> Void)] = []

  init(_ title: String) { self.title = title }

  mutating func add(_ name: String, _ body: @escaping () -> Void) { entries.append((name, body)) }

  /// Runs every body once to warm up, then `rounds` times, and prints the median and the least time of each, and the
  /// least processor time of all threads: what it would take on a machine that does nothing else.
  func run(rounds: Int = 15) {
    let clock = ContinuousClock()
    for entry in entries { entry.body() }
    var times = [[Double]](repeating: [], count: entries.count)
    var processorTimes = [Double](repeating: .infinity, count: entries.count)
    for _ in 0..<rounds {
      for (index, entry) in entries.enumerated() {
        let before = processorMilliseconds()
        let elapsed = clock.measure(entry.body)
        processorTimes[index] = min(processorTimes[index], processorMilliseconds() - before)
        times[index].append(
          Double(elapsed.components.attoseconds) * 1e-15 + Double(elapsed.components.seconds) * 1e3)
      }
    }
    print(title)
    for (index, entry) in entries.enumerated() {
      let times = times[index].sorted()
      let name = entry.name.padding(toLength: 44, withPad: " ", startingAt: 0)
      print(
        "  \(name)",
        String(
          format: "%8.2f ms median  %8.2f ms least  %8.2f ms processor", times[times.count / 2], times[0],
          processorTimes[index]))
    }
  }

  private func processorMilliseconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) * 1e-6
  }
}
