import Foundation
import NumericCore

/// `bench [--only NAME] [--rounds N] [--presets N] [--json FILE] [--list]`, `bench memory SECONDS SEGMENTS
/// THREADS STEPS`, `bench memory-retrieval CHUNKS THREADS STEPS`, `bench presets FILE` or `bench lengths FIRST
/// LAST ROUNDS`
@main
enum Bench {
  /// Every contest, made when its turn comes. New figures are added here, a file each.
  static let contests: [(name: String, make: @Sendable (Settings) throws -> Contest)] = [
    ("step", { _ in try stepTimes() }),
    ("segments", { _ in try segmentTimes() }),
    ("command", { try commandTimes($0) }),
    ("transfer", { try transferTimes($0) }),
    ("song", { try songTimes($0) }),
    ("style", { _ in try styleEncoding(seconds: 8, sampleRate: 44100) }),
    ("encoder", { try networkTimes($0) }),
    ("regression", { _ in try regressionTimes() }),
    ("distances", { _ in try distanceTimes() }),
    ("retrieval", { _ in try retrievalTimes() }),
    ("fit", { try fitting($0, compressed: false) }),
    ("fit-gzip", { try fitting($0, compressed: true) }),
    ("sample", { try sampling($0) }),
    ("score", { try scoring($0) }),
    ("density", { try gaussianDensity($0) }),
    ("density-copula", { try copulaDensity($0) }),
    ("orbits", { _ in try orbitTimes() }),
    ("slots", { _ in try slotTimes() }),
    ("diagnose", { _ in try diagnosticTimes() }),
  ]

  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    if arguments.first == "memory" {
      let numbers = arguments.dropFirst().compactMap(Double.init)
      guard numbers.count == 4, numbers.allSatisfy({ $0 > 0 && $0 < 1e6 }) else {
        throw BenchError("memory takes SECONDS SEGMENTS THREADS STEPS, all positive.")
      }
      return try stepMemory(
        seconds: numbers[0], segments: Int(numbers[1]), threads: Int(numbers[2]), steps: Int(numbers[3]))
    }
    if arguments.first == "memory-retrieval" {
      let numbers = arguments.dropFirst().compactMap(Int.init)
      guard numbers.count == 3, numbers.allSatisfy({ $0 > 0 && $0 < 1_000_000 }) else {
        throw BenchError("memory-retrieval takes CHUNKS THREADS STEPS, all positive.")
      }
      return try retrievalMemory(chunks: numbers[0], threads: numbers[1], steps: numbers[2])
    }
    if arguments.first == "lengths" {
      let numbers = arguments.dropFirst().compactMap(Int.init)
      guard numbers.count == 3, numbers[0] > 0, numbers[0] < numbers[1], numbers[2] > 0 else {
        throw BenchError("lengths takes FIRST LAST ROUNDS, all positive.")
      }
      return transformLengths(from: numbers[0], through: numbers[1], rounds: numbers[2])
    }
    if arguments.first == "presets" {
      guard arguments.count == 2, let path = arguments.last else {
        throw BenchError("presets takes a preset FILE.")
      }
      return try stepPresets(path)
    }
    let settings = try Settings(arguments)
    if settings.isListing { return print(contests.map(\.name).joined(separator: "\n")) }
    defer { settings.removeScratch() }
    var timings: [Timing] = []
    for (name, make) in contests where settings.only.map({ name.hasPrefix($0) }) ?? true {
      let contest = try make(settings)
      print("\(name): \(contest.title)")
      let results = try contest.run(rounds: settings.rounds)
      for timing in results { print(timing.line) }
      timings += results
    }
    guard let path = settings.json else { return }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try encoder.encode(timings).write(to: URL(fileURLWithPath: path))
  }
}

/// What to run and how.
struct Settings {
  var only: String?
  var rounds = 7
  /// Rows of the figures at scale.
  var presets = 1_000_000
  var json: String?
  var isListing = false
  /// A folder for large files.
  let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("priorkit-bench-\(getpid())")

  init(_ arguments: some Sequence<String>) throws {
    var rest = Array(arguments)[...]
    func number(_ text: String?) throws -> Int {
      guard let text, let value = Int(text), value > 0 else { throw BenchError("A positive number is missing.") }
      return value
    }
    while let argument = rest.popFirst() {
      switch argument {
      case "--only": only = rest.popFirst()
      case "--rounds": rounds = try number(rest.popFirst())
      case "--presets": presets = try number(rest.popFirst())
      case "--json": json = rest.popFirst()
      case "--list": isListing = true
      default: throw BenchError("\(argument) is unknown: see Benchmarks/README.md.")
      }
    }
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
  }

  func removeScratch() { try? FileManager.default.removeItem(at: scratch) }
}

struct BenchError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
