import AudioFiles
import Foundation
import HDF5Store
import NumericCore
import PresetStore
import TestSupport
import Testing

/// Work in shards: `simulate`, `features` and `compare` with `--shard`, then `merge`.
@Suite("Commands in shards") struct ShardCommandTests {
  /// A prior over a small chain, two dry vocals, presets with labels, groups and weights, and their recordings, of
  /// which one is silent and one is missing.
  private static func folder() throws -> Workspace {
    let folder = try FeatureCommandTests.folder()
    try folder.succeed(["fit", "small.h5", "-o", "prior.h5", "-q"])
    var presets = try PresetFile.read(folder.path("presets.h5"))
    presets.groups = (0..<12).map { "song \($0 / 3)" }
    presets.weights = (0..<12).map { Double($0 % 4) }
    try PresetFile.write(
      presets, to: folder.path("presets.h5"), provenance: Provenance(arguments: ["test"]), overwrite: true)
    try folder.store(
      FeatureCommandTests.list { $0 == 5 ? "gone.wav" : $0 == 7 ? "silent.wav" : "dry\($0 % 4).wav" },
      as: "list.csv")
    try folder.store(
      AudioBuffer(channels: [[Float](repeating: 0, count: 44_100)], sampleRate: 44_100), as: "silent.wav")
    return folder
  }

  private static let simulate = [
    "simulate", "prior.h5", "--dry", "dry0.wav", "--dry", "dry3.wav", "--count", "7", "--segments", "1",
    "--segment-seconds", "0.5", "--encoder", "mir",
  ]
  private static let features = [
    "features", "presets.h5", "--audio-list", "list.csv", "--skip-missing", "--encoder", "mir", "--segment-seconds",
    "0.5",
  ]
  private static let compare = ["compare", "small.h5", "--families", "published,diagonal", "--folds", "3"]

  /// Runs all shards of a command, on one thread or two, and merges them in an order that is not theirs.
  private func merged(
    _ command: [String], _ count: Int, in folder: Workspace, more: (Int) -> [String] = { _ in [] }
  ) throws -> Data? {
    let names = (1...count).map { "part-\($0)-of-\(count).h5" }
    for (index, name) in names.enumerated().shuffled() {
      let threads = ["--threads", "\(1 + index % 2)", "-q", "--force"]
      try folder.succeed(command + ["--shard", "\(index + 1)/\(count)", "-o", name] + threads + more(index + 1))
    }
    try folder.succeed(["merge"] + names.shuffled() + ["-o", "whole.h5", "--force", "-q"])
    return FileManager.default.contents(atPath: folder.path("whole.h5"))
  }

  // MARK: - The same bytes

  @Test(arguments: [simulate, features, compare]) func anyNumberOfShardsGivesTheSameBytes(
    _ command: [String]
  ) throws {
    let folder = try Self.folder()
    let one = try merged(command, 1, in: folder)
    #expect(try #require(one).count > 1000)
    // With 13 some are empty.
    for count in [3, 4, 13] { #expect(try merged(command, count, in: folder) == one, "\(count) shards") }
  }

  @Test(arguments: [simulate, features]) func theWholeIsWhatOneRunGives(_ command: [String]) throws {
    let folder = try Self.folder()
    try folder.succeed(command + ["-o", "plain.h5", "-q"])
    _ = try merged(command, 3, in: folder)
    let (plain, whole) = try (folder.open("plain.h5"), folder.open("whole.h5"))
    let names = try plain.children()
    #expect(try whole.children() == names && names.contains("groups") && names.contains("features"))
    for name in names {
      if try plain.holdsText(name) {
        #expect(try whole.strings(name) == plain.strings(name))
      } else {
        #expect(try whole.doubles(name).values.map(\.bitPattern) == plain.doubles(name).values.map(\.bitPattern))
      }
    }
    let provenance = try Provenance(ofFile: folder.path("whole.h5"))
    let inputs = try Provenance(ofFile: folder.path("plain.h5")).inputs
    #expect(provenance.command == (["priorkit"] + command).joined(separator: " ") && provenance.date.isEmpty)
    #expect(provenance.inputs == inputs.sorted { $0.path < $1.path } && !inputs.isEmpty)
    try folder.succeed(["show", "whole.h5"])
  }

  @Test func aMergedComparisonIsPrintedWithoutAFit() throws {
    let folder = try Self.folder()
    try folder.succeed(Self.compare + ["-o", "plain.csv", "-q"])
    let bytes = try merged(Self.compare, 4, in: folder)
    let result = try folder.succeed(Self.compare + ["--checkpoint", "whole.h5", "-o", "merged.csv"])
    #expect(result.standardError.contains("going on after 6 fits"))
    #expect(result.standardOutput.contains("12 presets in 3 random folds"))
    #expect(try folder.text("merged.csv") == folder.text("plain.csv"))
    #expect(FileManager.default.contents(atPath: folder.path("whole.h5")) == bytes, "printing has changed the file")
    let json = try folder.succeed(Self.compare + ["--checkpoint", "whole.h5", "--json", "-q"]).standardOutput
    #expect(!json.contains("seconds") && json.contains("log_densities"))
  }

  /// The second shard is stopped twice, in its work and by a kill, and goes on from its checkpoint.
  @Test func aShardThatWasKilledGoesOn() throws {
    let folder = try Self.folder()
    var command = Self.simulate
    command[try #require(command.firstIndex(of: "7"))] = "90"
    let one = try merged(command, 1, in: folder)
    let second = command + ["--shard", "2/3", "--threads", "1", "--checkpoint", "state.h5", "-o", "part-2-of-3.h5"]
    for stop in [RunningTool.terminate, RunningTool.kill] {
      let run = try RunningTool(second, folder: folder.folder)
      _ = try run.waitForMessage("simulate: ")
      stop(run)()
      #expect(try run.result().exitCode != 0)
      #expect(!folder.exists("part-2-of-3.h5") && folder.exists("state.h5"))
    }
    #expect(try merged(command, 3, in: folder) { $0 == 2 ? ["--checkpoint", "state.h5"] : [] } == one)
  }

  // MARK: - Refusals

  @Test func shardsThatAreNotOneRunAreNamed() throws {
    let folder = try Self.folder()
    func run(_ shard: String, _ name: String, _ more: [String] = []) throws {
      try folder.succeed(Self.simulate + more + ["--shard", shard, "-o", name, "-q"])
    }
    for index in 1...3 { try run("\(index)/3", "p\(index).h5") }
    try run("1/2", "half.h5")
    try run("2/3", "seed.h5", ["--seed", "5"])
    try folder.succeed(["fit", "small.h5", "--family", "diagonal", "-o", "prior.h5", "--force", "-q"])
    try run("2/3", "prior-2.h5")
    try folder.succeed(Self.compare + ["--shard", "1/3", "-o", "fits.h5", "-q"])
    try folder.succeed(["fit", "small.h5", "--statistics-only", "-o", "stats.h5", "-q"])
    func refuse(_ parts: [String], _ sentence: String) throws {
      try folder.expectFailure(["merge"] + parts + ["-o", "whole.h5"], sentence)
    }
    try refuse(["p1.h5", "p3.h5"], "Shard 2/3 of priorkit simulate prior.h5")
    try refuse(["p3.h5"], "Shards 1/3, 2/3 of priorkit simulate")
    try refuse(["p1.h5", "p2.h5", "p3.h5", "p1.h5"], "p1.h5 is named twice")
    try FileManager.default.copyItem(atPath: folder.path("p1.h5"), toPath: folder.path("copy.h5"))
    try refuse(["p1.h5", "p2.h5", "p3.h5", "copy.h5"], "p1.h5 and copy.h5 are both shard 1/3")
    try refuse(["half.h5", "p1.h5", "p2.h5", "p3.h5"], "half.h5 is shard 1/2 but p1.h5 is shard 1/3")
    try refuse(["seed.h5", "p1.h5", "p3.h5"], "seed.h5 is a shard of another run than p1.h5 (seed 5 instead of 0)")
    try refuse(["p1.h5", "prior-2.h5", "p3.h5"], "(with another file as prior)")
    try refuse(["p1.h5", "fits.h5"], "fits.h5 is a shard of a comparison but p1.h5 is a shard of simulated pairs")
    try refuse(["p1.h5", "stats.h5"], "stats.h5 is no shard but p1.h5 is a shard of simulated pairs")
    try refuse(["p1.h5", "p2.h5", "gone.h5"], "There is no gone.h5: run that shard")
    try refuse(["p1.h5", "p2.h5", "p3.h5", "--statistics-only"], "--statistics-only is for statistics")
    // A shard is no preset file: nobody takes a third of the pairs for all.
    for command in [["fit", "p1.h5", "-o", "x.h5"], ["describe", "p1.h5"]] {
      try folder.expectFailure(command, "p1.h5 holds one shard of some work: merge it")
    }
  }

  /// Two shards read one recording of a name: it must not have changed in between.
  @Test func aRecordingThatChangedBetweenShardsIsNamed() throws {
    let folder = try Self.folder()
    for shard in ["1/2", "2/2"] {
      try folder.succeed(Self.features + ["--shard", shard, "-o", "f\(shard.prefix(1)).h5", "-q"])
      try folder.store(try folder.audio("dry0.wav").scaled(by: 0.5), as: "dry0.wav")
      try folder.store(FeatureCommandTests.list { _ in "dry0.wav" }, as: "other.csv")
    }
    // Rows of dry0.wav are 0, 4 and 8: of the first shard alone.
    try folder.succeed(["merge", "f1.h5", "f2.h5", "-o", "whole.h5"])
    var other = Self.features
    other[3] = "other.csv"
    for shard in ["1/2", "2/2"] {
      try folder.succeed(other + ["--shard", shard, "-o", "o\(shard.prefix(1)).h5", "-q"])
      try folder.store(try folder.audio("dry0.wav").scaled(by: 0.5), as: "dry0.wav")
    }
    try folder.expectFailure(
      ["merge", "o1.h5", "o2.h5", "-o", "x.h5"], "dry0.wav was another file for o2.h5 than for o1.h5")
    try folder.expectFailure(
      ["merge", "o1.h5", "f2.h5", "-o", "x.h5"], "f2.h5 is a shard of another run", "list of recordings")
  }

  @Test(arguments: ["0/4", "5/4", "a/b", "4", "1/2000000", "1/-1"]) func impossibleShardsAreWrongUsage(
    _ shard: String
  ) throws {
    let folder = try Workspace()
    for command in [Self.simulate, Self.features, Self.compare] {
      let result = try folder.run(command + ["--shard=\(shard)", "-o", "x.h5"])
      #expect(result.exitCode == 64)
      #expect(result.standardError.hasPrefix("priorkit: error: --shard is \(shard) but must be i/n, "))
    }
  }

  @Test func aShardOfAComparisonHasNoTable() throws {
    let folder = try Workspace()
    for (more, words) in [([], "needs --output"), (["--json", "-o", "x.h5"], "--json is for the table")] {
      let result = try folder.run(Self.compare + ["--shard", "1/2"] + more)
      #expect(result.exitCode == 64 && result.standardError.contains(words))
    }
  }
}
