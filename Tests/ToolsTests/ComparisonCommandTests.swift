import FXParams
import Foundation
import NumericCore
import PresetStore
import PriorKit
import Testing

@Suite("Commands that describe and compare")
struct ComparisonCommandTests {
  private static let band = BiquadBand(
    name: "bell", response: .peak, frequencyHz: .init(33, 5400), q: .init(0.2, 20))
  private static let chain = ChainDescription(
    series: [.biquad(band)], sends: [], hasCrossSends: false, hasDirectPan: false)

  private func collection(_ count: Int, seed: UInt64) -> PresetCollection {
    var source = RandomSource(seed: seed)
    return PresetCollection(
      chain: Self.chain,
      theta: Matrix(rows: count, columns: 3, values: (0..<3 * count).map { _ in source.nextNormal() }))
  }

  /// A new folder with forty presets in four groups, twelve others, some of one group, and some of another chain.
  private func withFiles(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func write(_ presets: PresetCollection, _ name: String) throws {
      try PresetFile.write(
        presets, to: folder.appendingPathComponent(name).path, provenance: Provenance(arguments: ["test"]),
        overwrite: false)
    }
    var presets = collection(40, seed: 3)
    presets.labels = (0..<40).map { "song, \($0)" }
    presets.groups = (0..<40).map { "group \($0 % 4)" }
    try write(presets, "presets.h5")
    try write(collection(12, seed: 4), "other.h5")
    var single = collection(9, seed: 5)
    single.groups = Array(repeating: "one", count: 9)
    try write(single, "single.h5")
    var foreign = collection(9, seed: 6)
    foreign.chain.sampleRate = 48_000
    try write(foreign, "foreign.h5")
    try body(folder)
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  // MARK: Describe

  @Test func describePrintsTablesAndJSON() throws {
    try withFiles { folder in
      let text = try runTool(["describe", "presets.h5", "--against", "other.h5"], folder: folder)
      #expect(text.exitCode == 0)
      for words in [
        "40 presets of 3 parameters", "bell.frequency", "Royston", "condition number", "Energy distance",
      ] {
        #expect(text.standardOutput.contains(words), "\(words)")
      }
      let json = try runTool(["describe", "presets.h5", "--against", "other.h5", "--json"], folder: folder)
      let found = try object(json.standardOutput)
      #expect((found["parameters"] as? [Any])?.count == 3)
      #expect(((found["outliers"] as? [String: Any])?["presets"] as? [Any])?.count == 40)
      #expect((found["shift"] as? [String: Any])?["energy_p_value"] is Double)
    }
  }

  // MARK: Compare

  @Test func compareWritesTableCSVAndJSON() throws {
    try withFiles { folder in
      let arguments = ["compare", "presets.h5", "--test", "other.h5", "--families", "diagonal, published"]
      let result = try runTool(arguments + ["--folds", "4", "--group", "groups", "-o", "s.csv"], folder: folder)
      #expect(result.exitCode == 0)
      #expect(result.standardOutput.contains("40 presets in 4 folds by group"))
      let lines = try String(contentsOf: folder.appendingPathComponent("s.csv"), encoding: .utf8)
        .split(separator: "\n")
      #expect(lines.first == "set,label,diagonal,published")
      #expect(lines.count == 1 + 40 + 12)
      #expect(lines[1].hasPrefix("cross-validation,\"song, 0\","))

      let json = try runTool(arguments + ["--folds", "0", "--json", "--baseline", "diagonal"], folder: folder)
      let found = try object(json.standardOutput)
      #expect(found["baseline"] as? String == "diagonal")
      let tables = try #require(found["tables"] as? [[String: Any]])
      #expect(tables.map { $0["kind"] as? String } == ["test"])
      let families = try #require(tables[0]["families"] as? [[String: Any]])
      #expect(families.count == 2)
      #expect((families[0]["log_densities"] as? [Double])?.count == 12)
      #expect((families[0]["worst"] as? [Any])?.count == 5)
    }
  }

  @Test func compareGoesOnFromItsCheckpoint() throws {
    try withFiles { folder in
      let arguments = ["compare", "presets.h5", "--folds", "3", "--checkpoint", "c.h5", "--families"]
      #expect(try runTool(arguments + ["published"], folder: folder).exitCode == 0)
      let more = try runTool(arguments + ["published,diagonal"], folder: folder)
      #expect(more.exitCode == 0)
      #expect(more.standardError.contains("c.h5: going on after 3 fits"))
      let whole = try runTool(
        ["compare", "presets.h5", "--folds", "3", "--families", "published,diagonal", "--json"], folder: folder)
      let resumed = try runTool(arguments + ["published,diagonal", "--json"], folder: folder)
      func means(_ result: ToolResult) throws -> [Double?] {
        let tables = try #require(try object(result.standardOutput)["tables"] as? [[String: Any]])
        return try #require(tables[0]["families"] as? [[String: Any]]).map { $0["mean"] as? Double }
      }
      #expect(try means(whole) == means(resumed))
      let other = try runTool(arguments + ["published", "--seed", "5"], folder: folder)
      #expect(other.exitCode == 1)
      #expect(other.standardError.contains("seed 0 instead of seed 5"))
    }
  }

  @Test(
    arguments: [
      (["compare", "presets.h5", "--families", "gauss"], "no family gauss"),
      (["compare", "presets.h5", "--families", "diagonal,diagonal"], "named twice"),
      (["compare", "presets.h5", "--families", ","], "No families"),
      (["compare", "presets.h5", "--families", "diagonal", "--baseline", "oas"], "baseline oas"),
      (["compare", "presets.h5", "--folds", "41"], "at most 40"),
      (["compare", "presets.h5", "--folds", "5", "--group", "groups"], "at most 4 folds"),
      (["compare", "single.h5", "--folds", "2", "--group", "groups"], "1 group cannot"),
      (["compare", "other.h5", "--folds", "2", "--group", "groups"], "no /groups"),
      (["compare", "presets.h5", "--test", "foreign.h5"], "different chains"),
      (["compare", "presets.h5", "--test", "absent.h5"], "absent.h5"),
      (["describe", "presets.h5", "--against", "foreign.h5"], "different chains"),
      (["fit", "presets.h5", "-o", "prior.h5", "--family", "gauss"], "no family gauss"),
      (["compare", "presets.h5", "--checkpoint", "other.h5"], "its format differs"),
    ])
  func badInputIsOneSentence(_ arguments: [String], _ words: String) throws {
    try withFiles { folder in
      let before = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      let result = try runTool(arguments, folder: folder)
      #expect(result.exitCode == 1)
      #expect(result.standardOutput.isEmpty)
      #expect(result.standardError.filter(\.isNewline).count == 1)
      #expect(result.standardError.contains(words), "\(result.standardError)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == before)
    }
  }

  @Test(
    arguments: [
      ["compare", "presets.h5", "--folds", "1"], ["compare", "presets.h5", "--folds", "0"],
      ["compare", "presets.h5", "--group", "singer"], ["describe", "presets.h5", "--rows", "0"],
      ["fit", "--family", "auto"], ["sample", "prior.h5", "-o", "x.h5", "--temperature", "0"],
      ["sample", "prior.h5", "-o", "x.h5", "--presets", "presets.h5"],
    ])
  func impossibleArgumentsAreUsageErrors(_ arguments: [String]) throws {
    #expect(try runTool(arguments).exitCode == 64)
  }

  // MARK: Fit and sample

  @Test func automaticFitKeepsItsEvidence() throws {
    try withFiles { folder in
      let result = try runTool(["fit", "presets.h5", "-o", "prior.h5", "--family", "auto"], folder: folder)
      #expect(result.exitCode == 0, "\(result.standardError)")
      let record = try #require(try PriorFile.read(folder.appendingPathComponent("prior.h5").path).record)
      #expect(record.evidence.contains("in 10 random folds"))
      let rows = record.evidence.split(separator: "\n").filter { $0.hasPrefix(record.estimator + ",") }
      #expect(rows.count == 1)
      // The winner stands first in the numbers.
      let numbers = record.evidence.split(separator: "\n").drop { !$0.hasPrefix("family,mean") }.dropFirst()
      #expect(numbers.first?.hasPrefix(record.estimator + ",") == true)
    }
  }

  @Test func everyFamilyOfTheListCanBeNamed() throws {
    let list = try runTool(["fit", "--list-families"])
    #expect(list.exitCode == 0)
    let names = list.standardOutput.split(separator: "\n").dropFirst().compactMap { $0.split(separator: " ").first }
    #expect(
      names.map(String.init) == EstimatorCatalogue.standard.names + EstimatorCatalogue.bandFamilies.map(\.0))
  }

  @Test func samplesKeepToTheRangeThatTheFitSaw() throws {
    try withFiles { folder in
      _ = try runTool(["fit", "presets.h5", "-o", "prior.h5"], folder: folder)
      let arguments = ["sample", "prior.h5", "--count", "300", "--seed", "2", "--within-bounds", "-o"]
      #expect(try runTool(arguments + ["a.h5"], folder: folder).exitCode == 0)
      let range = ObservedRange(of: try PresetFile.read(folder.appendingPathComponent("presets.h5").path))
      let kept = ObservedRange(of: try PresetFile.read(folder.appendingPathComponent("a.h5").path))
      #expect(range.firstOutside(kept.lower) == nil && range.firstOutside(kept.upper) == nil)
      // Twelve other presets have another, narrower range.
      #expect(try runTool(arguments + ["b.h5", "--presets", "other.h5"], folder: folder).exitCode == 0)
      let other = ObservedRange(of: try PresetFile.read(folder.appendingPathComponent("other.h5").path))
      let narrow = ObservedRange(of: try PresetFile.read(folder.appendingPathComponent("b.h5").path))
      #expect(other.firstOutside(narrow.lower) == nil && other.firstOutside(narrow.upper) == nil)
    }
  }
}
