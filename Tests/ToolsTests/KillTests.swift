import Foundation
import HDF5Store
import NumericCore
import TestSupport
import Testing

/// `kill -9` at random moments: outputs are whole or absent, what was there before stays, and a run that goes on
/// ends with the result of one that was left alone.
///
/// PRIORKIT_KILLS says how many kills there are of each command (default 4).
@Suite("Killed commands", .serialized)
struct KillTests {
  private static let count = ProcessInfo.processInfo.environment["PRIORKIT_KILLS"].flatMap { Int($0) } ?? 4
  private let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    try workspace.storeSmallPresets(200)
    try workspace.storeVoice(seconds: 0.6)
    try workspace.succeed(["fit", "small.h5", "-o", "prior.h5", "-q"])
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let arguments: [String]
    let output: String
    /// Added to go on after a kill; nil for commands that begin anew.
    let resume: [String]?
    /// The file of a folder that comes last, and what stands in it then; nil for outputs that are one file.
    var last: (file: String, word: String)?
    var testDescription: String { name }
  }

  static let cases = [
    Case(
      name: "fit", arguments: ["fit", "small.h5", "--family", "mixture-factors-2", "--threads", "1", "-o"],
      output: "fit.h5",
      resume: nil),
    Case(
      name: "sample", arguments: ["sample", "prior.h5", "--count", "200000", "-o"], output: "sample.h5", resume: nil
    ),
    Case(
      name: "transfer",
      arguments: [
        "transfer", "--prior", "prior.h5", "--reference", "reference.wav", "--dry", "dry.wav",
        "--segment-seconds", "0.6",
        "--optimiser", "adam", "--steps", "150", "-o",
      ], output: "transfer", resume: ["--resume"], last: ("preset.h5", "")),
    Case(
      name: "retrieve",
      arguments: [
        "retrieve", "--prior", "prior.h5", "--dry", "dry.wav", "--wet", "reference.wav", "--steps", "150",
        "--standard-errors", "-o",
      ], output: "retrieved", resume: ["--resume"], last: ("preset.json", "determined")),
    Case(
      name: "posterior",
      arguments: [
        "posterior", "--prior", "prior.h5", "--reference", "reference.wav", "--dry", "dry.wav", "--sampler",
        "ess", "--chains",
        "2", "--draws", "60", "--warmup", "20", "-o",
      ], output: "posterior.nc", resume: ["--resume"]),
    Case(
      name: "compare",
      arguments: [
        "compare", "small.h5", "--families", "published,oas,student-t-blocks", "--folds", "6",
        "--checkpoint",
        "fits.h5", "-o",
      ], output: "scores.csv", resume: []),
    Case(
      name: "simulate",
      arguments: [
        "simulate", "prior.h5", "--dry", "dry.wav", "--count", "60", "--segments", "1", "--segment-seconds", "0.5",
        "--checkpoint",
        "pairs.h5", "-o",
      ], output: "simulated.h5", resume: []),
  ]

  @Test(arguments: cases) func nothingIsLost(_ test: Case) throws {
    let clock = ContinuousClock()
    var source = RandomSource(seed: 11, stream: UInt64(test.name.utf8.reduce(0) { $0 + UInt64($1) }))
    let start = clock.now
    try workspace.succeed(test.arguments + [test.output, "-q"])
    let seconds = (clock.now - start) / .seconds(1)
    let expected = try result(test)
    try remove(test)

    var (absent, whole) = (0, 0)
    for kill in 0..<Self.count {
      // Every other time over an output that exists already.
      let replaces = kill % 2 == 1 && test.last == nil
      if replaces { try workspace.store("before".utf8, as: test.output) }
      let run = try RunningTool(
        test.arguments + [test.output, "-q"] + (replaces ? ["--force"] : []), folder: workspace.folder)
      usleep(UInt32(1e6 * seconds * source.nextUniform()))
      run.kill()
      _ = try run.result()
      if try !isComplete(test) {
        absent += 1
        #expect(!replaces, "what was there before is gone")
      } else if replaces, try workspace.text(test.output, isBinary: true) == "before" {
        absent += 1
      } else {
        whole += 1
        #expect(try result(test) == expected, "an output that is not whole")
        try remove(test)
        continue
      }
      let isResumable =
        test.resume != nil
        && (test.last.map { workspace.exists(test.output + "/" + $0.file) } ?? true
          || workspace.exists(test.output + "/state.h5"))
      let hasLogs = test.name != "posterior" || workspace.exists("posterior.nc.chains")
      let more = isResumable && hasLogs ? test.resume ?? [] : []
      let finished = try workspace.run(test.arguments + [test.output, "-q"] + more + (replaces ? ["--force"] : []))
      #expect(
        finished.exitCode == 0 || (finished.exitCode == 3 && test.name == "posterior"), "\(finished.standardError)")
      #expect(try result(test) == expected, "the result of a run that was killed after a part")
      try remove(test)
    }
    print(
      "kills: \(test.name), \(Self.count) in \(String(format: "%.1f", seconds)) s of work: \(absent) before the end, \(whole) after it"
    )
  }

  // MARK: - Files

  private func isComplete(_ test: Case) throws -> Bool {
    guard let last = test.last else { return workspace.exists(test.output) }
    let file = test.output + "/" + last.file
    return try workspace.exists(file) && (last.word.isEmpty || workspace.text(file).contains(last.word))
  }

  /// What an output holds but for how and when it was made.
  private func result(_ test: Case) throws -> [String: [UInt64]] {
    let output = test.output
    if output.hasSuffix(".csv") {
      return ["": Self.hash(try workspace.text(output).split(separator: "\n").map(String.init))]
    }
    let path = test.last == nil ? output : output + "/preset.h5"
    let reader = try workspace.open(path)
    var found: [String: [UInt64]] = [:]
    func visit(_ group: String) throws {
      for name in try reader.children(of: group.isEmpty ? "/" : group) {
        let object = group + "/" + name
        if try reader.kind(of: object) != .dataset {
          try visit(object)
        } else if try reader.holdsText(object) {
          found[object] = Self.hash(try reader.strings(object))
        } else {
          found[object] = try reader.doubles(object).values.map(\.bitPattern)
        }
      }
    }
    try visit("")
    return found
  }

  private static func hash(_ texts: [String]) -> [UInt64] {
    texts.map { $0.utf8.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 } }
  }

  /// Removes what a run leaves, also temporaries of one that was killed.
  private func remove(_ test: Case) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: workspace.folder.path)
    where name.hasPrefix(".priorkit-") || name == test.output || name == test.output + ".chains"
      || ["fits.h5", "pairs.h5"].contains(name)
    {
      try FileManager.default.removeItem(atPath: workspace.path(name))
    }
  }
}

extension Workspace {
  fileprivate func text(_ name: String, isBinary: Bool) throws -> String {
    String(decoding: try Data(contentsOf: folder.appendingPathComponent(name)), as: UTF8.self)
  }
}
