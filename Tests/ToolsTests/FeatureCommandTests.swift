import AudioFiles
import FXParams
import Foundation
import NumericCore
import PresetStore
import Testing

/// `priorkit features` and `priorkit simulate`.
@Suite struct FeatureCommandTests {
  /// Forty small presets with labels, and four recordings that differ.
  static func folder() throws -> Workspace {
    let folder = try Workspace()
    try folder.storeSmallPresets(12)
    var presets = try PresetFile.read(folder.path("small.h5"))
    presets.labels = (0..<12).map { "voice \($0)" }
    try PresetFile.write(
      presets, to: folder.path("presets.h5"), provenance: Provenance(arguments: ["test"]), overwrite: false)
    let voice = try Voice.excerpt(seconds: 4)
    for index in 0..<4 {
      let part = voice[index * 40_000..<index * 40_000 + 50_000].map { $0 * Float(index + 1) / 4 }
      try folder.store(AudioBuffer(channels: [Array(part)], sampleRate: 44_100), as: "dry\(index).wav")
    }
    return folder
  }

  static func list(_ files: (Int) -> String) -> [UInt8] {
    Array(
      ("label,file,shift\n" + (0..<12).map { "voice \($0),\(files($0)),\($0)\n" }.joined()).utf8)
  }

  @Test func featuresDescribeEachRecording() throws {
    let folder = try Self.folder()
    try folder.store(Self.list { "old/place/dry\($0 % 4).wav" }, as: "list.csv")
    let arguments = [
      "features", "presets.h5", "--audio-list", "list.csv", "--audio-root", ".", "--encoder", "mir",
      "--segment-seconds",
      "0.5",
    ]
    try folder.succeed(arguments + ["--threads", "1", "-o", "one.h5"])
    try folder.succeed(arguments + ["--threads", "2", "-o", "two.h5"])
    let found = try PresetFile.read(folder.path("one.h5"))
    #expect(try found.features == PresetFile.read(folder.path("two.h5")).features)
    #expect(found.features?.columns == 24 && found.featureNames?.first == "mir.mid.0")
    #expect(
      found.featureRecord
        == FeatureRecord(encoder: "mir", source: .dry, sampleRate: 44_100, loudnessLUFS: -18, segmentSeconds: 0.5))
    let features = try #require(found.features)
    #expect(features.row(0) != features.row(1))
    // A shift of some samples leaves the style as it is.
    #expect(zip(features.row(0), features.row(4)).allSatisfy { ($0 - $1).magnitude < 0.1 })
    #expect(found.labels?[3] == "voice 3")
    #expect(try found.theta == PresetFile.read(folder.path("small.h5")).theta)
  }

  @Test func missingAndSilentRecordingsAreNamed() throws {
    let folder = try Self.folder()
    try folder.store(Self.list { $0 == 5 ? "gone.wav" : $0 == 7 ? "silent.wav" : "dry0.wav" }, as: "list.csv")
    try folder.store(
      AudioBuffer(channels: [[Float](repeating: 0, count: 44_100)], sampleRate: 44_100), as: "silent.wav")
    let arguments = ["features", "presets.h5", "--audio-list", "list.csv", "-o", "f.h5"]
    try folder.expectFailure(arguments, "voice 5", "gone.wav", "--skip-missing")
    let result = try folder.succeed(arguments + ["--skip-missing"])
    #expect(result.standardError.contains("gone.wav") && result.standardError.contains("silent.wav"))
    let found = try PresetFile.read(folder.path("f.h5"))
    #expect(found.count == 10 && found.labels?.contains("voice 7") == false)
    try folder.store(Self.list { $0 == 7 ? "silent.wav" : "dry0.wav" }, as: "list.csv")
    try folder.expectFailure(arguments + ["--force"], "silent.wav", "silent")
  }

  @Test func badListsAreRefused() throws {
    let folder = try Self.folder()
    func refuse(_ text: String, _ words: String...) throws {
      try folder.store(Array(text.utf8), as: "list.csv")
      let result = try folder.run(["features", "presets.h5", "--audio-list", "list.csv", "-o", "f.h5"])
      #expect(result.exitCode == 1)
      for word in words { #expect(result.standardError.contains(word), "\(result.standardError)") }
    }
    try refuse("name,path\n", "label")
    try refuse("label,file\nnobody,dry0.wav\n", "Line 2", "nobody")
    try refuse("row,file\n12,dry0.wav\n", "Line 2", "12")
    try refuse("row,file\n0,dry0.wav\n0,dry0.wav\n", "Line 3", "once")
    try refuse("row,file,shift\n0,dry0.wav,half\n", "Line 2", "shift")
  }

  @Test func aCheckpointGoesOn() throws {
    let folder = try Self.folder()
    // The last recording cannot be read at first: the others are kept.
    try folder.store(Self.list { $0 == 11 ? "bad.wav" : "dry\($0 % 4).wav" }, as: "list.csv")
    try folder.store(Array("nothing".utf8), as: "bad.wav")
    let arguments = ["features", "presets.h5", "--audio-list", "list.csv", "--checkpoint", "run.h5", "-o", "f.h5"]
    #expect(try folder.run(arguments).exitCode == 1)
    #expect(folder.exists("run.h5") && !folder.exists("f.h5"))
    // Another problem: the bytes of an input changed.
    try folder.store(AudioBuffer(channels: [try Voice.excerpt(seconds: 1)], sampleRate: 44_100), as: "bad.wav")
    try folder.expectFailure(arguments, "run.h5", "other work")
  }

  @Test func diffVoxFoldersBringTheirList() throws {
    let folder = try Self.folder()
    let info = """
      {"runs": ["a", "b", "c"], "dry_files": ["/data/x/one.wav", "/data/x/one.wav"],
       "wet_files": ["/data/x/w1.wav", "/data/x/w2.wav"], "alignment_shifts": [5, -3]}
      """
    try folder.store(Array(info.utf8), as: "info.json")
    var presets = try PresetFile.read(folder.path("small.h5"))
    presets = PresetCollection(
      chain: presets.chain, theta: presets.theta.selecting(rows: [0, 1]), labels: ["one-2", "one-1"])
    let list = try AudioList(diffVoxFolder: folder.folder.path, source: .dry, presets: presets)
    #expect(list.entries.map(\.shiftFrames) == [-3, 5])
    let wet = try AudioList(diffVoxFolder: folder.folder.path, source: .wet, presets: presets)
    #expect(wet.entries.map(\.file) == ["/data/x/w2.wav", "/data/x/w1.wav"] && wet.entries[0].shiftFrames == 0)
    presets.labels = ["one-1", "two"]
    #expect(throws: DataError.self) {
      try AudioList(diffVoxFolder: folder.folder.path, source: .dry, presets: presets)
    }
  }

  // MARK: - Simulation

  @Test func simulatedPairsAreDrawsWithTheirSound() throws {
    let folder = try Workspace()
    try folder.storeSmallPresets()
    try folder.succeed(["fit", "small.h5", "-o", "prior.h5"])
    try folder.storeVoice(seconds: 3)
    let arguments = [
      "simulate", "prior.h5", "--dry", "dry.wav", "--count", "6", "--segments", "2", "--segment-seconds", "0.5",
      "--seed",
      "4",
    ]
    try folder.succeed(arguments + ["--threads", "1", "-o", "one.h5"])
    try folder.succeed(arguments + ["--threads", "2", "--checkpoint", "run.h5", "-o", "two.h5"])
    try folder.succeed(["sample", "prior.h5", "--count", "6", "--seed", "4", "-o", "s.h5"])
    let (one, two) = (try PresetFile.read(folder.path("one.h5")), try PresetFile.read(folder.path("two.h5")))
    #expect(one.features == two.features && one.theta == two.theta)
    #expect(try one.theta == PresetFile.read(folder.path("s.h5")).theta)
    #expect(one.features?.columns == 200 && one.featureRecord?.source == .wet)
    // One filter on both channels: no side signal, but other timbres.
    let features = try #require(one.features)
    #expect(features.row(0)[..<100] != features.row(1)[..<100])
    try folder.expectFailure(
      ["simulate", "prior.h5", "--dry", "dry.wav", "--segment-seconds", "9", "-o", "x.h5"], "dry.wav", "9")
  }

  @Test func rowsOfPresetsAreRenderedAndSourcesMixed() throws {
    let folder = try Workspace()
    try folder.storeSmallPresets()
    try folder.succeed(["fit", "small.h5", "-o", "prior.h5"])
    try folder.storeVoice(seconds: 4)
    func simulate(_ sources: [String], _ more: String...) -> [String] {
      ["simulate"] + sources
        + ["--dry", "dry.wav", "--segments", "1", "--segment-seconds", "2.5", "--encoder", "summary"] + more
    }
    try folder.succeed(simulate(["small.h5"], "-o", "rows.h5"))
    let (small, rows) = (try PresetFile.read(folder.path("small.h5")), try PresetFile.read(folder.path("rows.h5")))
    #expect(rows.theta == small.theta && rows.labels?.prefix(2) == ["row-0", "row-1"])
    #expect(rows.features?.columns == 944 && rows.featureRecord?.encoder == "summary")
    try folder.succeed(
      simulate(
        ["prior.h5", "small.h5"], "--count", "4", "--jitter", "0.2", "--temperature", "2",
        "--pitch-deviation-semitones", "1", "--tilt-deviation-db", "3", "--noise-db", "50", "-o", "mixed.h5"))
    #expect(try PresetFile.read(folder.path("mixed.h5")).count == 4)
    try folder.expectFailure(
      simulate(["prior.h5"], "--jitter", "0.2", "-o", "x.h5"), "--jitter", "prior.h5", "leave it out")
    try folder.expectFailure(
      simulate(["small.h5"], "--temperature", "2", "-o", "x.h5"), "--temperature", "small.h5", "leave it out")
    // A description is no style.
    try folder.expectFailure(
      [
        "transfer", "--prior", "prior.h5", "--reference", "dry.wav", "--dry", "dry.wav", "--encoder", "summary",
        "-o", "t",
      ], "summary", "cannot compare styles")
  }
}
