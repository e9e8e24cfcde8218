import Foundation

/// What an entry of a contest is to the figure that it belongs to.
enum Role: String, Encodable {
  /// What the library does.
  case figure
  /// What cannot be done without; the bounds of a contest add up.
  case bound
  /// The same work by another program.
  case peer
}

/// Bodies timed in turns, so that a slow moment of the machine falls on all of them alike.
struct Contest {
  /// What `--only` selects by.
  let name: String
  let title: String
  /// Whether every body runs once and no more, because it takes long.
  private let isRunOnce: Bool
  private var entries: [(name: String, role: Role, body: () throws -> Double)] = []

  init(_ name: String, _ title: String, isRunOnce: Bool = false) {
    self.name = name
    self.title = title
    self.isRunOnce = isRunOnce
  }

  /// Adds a body that is timed here.
  mutating func add(_ name: String, _ role: Role = .figure, _ body: @escaping () throws -> Void) {
    entries.append(
      (
        name, role,
        {
          let clock = ContinuousClock()
          return try clock.measure(body) / .milliseconds(1)
        }
      ))
  }

  /// Adds a body that times itself and gives milliseconds, as another process does.
  mutating func addTimed(_ name: String, _ role: Role, _ body: @escaping () throws -> Double) {
    entries.append((name, role, body))
  }

  /// Runs every body once to warm up, then `rounds` times in turns.
  func run(rounds: Int) throws -> [Timing] {
    let rounds = isRunOnce ? 1 : rounds
    if !isRunOnce { for entry in entries { _ = try entry.body() } }
    var times = [[Double]](repeating: [], count: entries.count)
    for _ in 0..<rounds {
      for (index, entry) in entries.enumerated() { times[index].append(try entry.body()) }
    }
    let medians = times.map { $0.sorted()[rounds / 2] }
    let bound = zip(entries, medians).filter { $0.0.role == .bound }.reduce(0) { $0 + $1.1 }
    let peer = zip(entries, medians).first { $0.0.role == .peer }?.1
    return zip(entries, times).enumerated().map { index, item in
      let isFigure = item.0.role == .figure
      return Timing(
        contest: name, name: item.0.name, role: item.0.role, medianMilliseconds: medians[index],
        leastMilliseconds: item.1.min() ?? 0, rounds: rounds,
        timesBound: isFigure && bound > 0 ? medians[index] / bound : nil,
        fasterThanPeer: isFigure ? peer.map { $0 / medians[index] } : nil)
    }
  }
}

/// The times of one entry. The property names are the keys of the JSON.
struct Timing: Encodable {
  let contest: String
  let name: String
  let role: Role
  let medianMilliseconds: Double
  let leastMilliseconds: Double
  let rounds: Int
  /// The figure's median over the sum of the medians of its bounds.
  let timesBound: Double?
  /// The peer's median over the figure's.
  let fasterThanPeer: Double?

  var line: String {
    func optional(_ value: Double?, _ format: String) -> String { value.map { String(format: format, $0) } ?? "" }
    return "  " + role.rawValue.padding(toLength: 7, withPad: " ", startingAt: 0)
      + name.padding(toLength: 44, withPad: " ", startingAt: 0)
      + String(format: "%10.2f ms median %10.2f ms least", medianMilliseconds, leastMilliseconds)
      + optional(timesBound, "  %5.2f x bound") + optional(fasterThanPeer, "  %5.2f x faster than peer")
  }
}
