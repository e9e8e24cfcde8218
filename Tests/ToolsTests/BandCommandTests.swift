import FXParams
import Foundation
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

/// What commands make of bands in arbitrary order.
@Suite("Commands for bands in arbitrary order")
struct BandCommandTests {
  private static let chain = peakChain(4)

  /// 120 presets whose gains alternate with the slot, each with bands in an order of its own.
  private func workspace() throws -> Workspace {
    let workspace = try Workspace()
    var source = RandomSource(seed: 3)
    let group = Self.chain.symmetries.bandGroups[0]
    let rows = (0..<120).map { _ in
      var theta = (0..<Self.chain.parameterSpace.count).map { _ in 0.8 * source.nextNormal() }
      for (slot, indices) in group.indices.enumerated() {
        theta[indices[0]] += slot % 2 == 0 ? 5 : -5
        theta[indices[1]] += Double(slot) - 4
      }
      return group.permutation(Array(0..<4).shuffled(using: &source)).image(of: theta)?.theta ?? theta
    }
    let presets = PresetCollection(
      chain: Self.chain, theta: Matrix(rows: rows), groups: (0..<120).map { "device \($0 / 2)" })
    try PresetFile.write(
      presets, to: workspace.path("presets.h5"), provenance: try Provenance(arguments: ["test"]), overwrite: false)
    return workspace
  }

  @Test("canonicalise puts bands into learned slots, tells which, and aligns others to them")
  func slots() throws {
    let workspace = try workspace()
    let result = try workspace.succeed(["canonicalise", "presets.h5", "--bands", "slots", "-o", "slots.h5"])
    #expect(result.standardOutput.contains("bands in learned slots"))
    #expect(result.standardOutput.contains("what is in it") && result.standardOutput.contains("Hz boost"))
    let again = try workspace.succeed([
      "canonicalise", "presets.h5", "--bands", "slots", "--reference", "slots.h5", "-o", "again.h5", "--json",
    ])
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(again.standardOutput.utf8)) as? [String: Any])
    let slots = try #require(report["slots"] as? [[String: Any]])
    #expect(slots.count == 4 && slots[0]["empty_share"] is Double && slots[0]["frequency_hz"] is [String: Any])
    let first = try PresetFile.read(workspace.path("slots.h5"))
    let second = try PresetFile.read(workspace.path("again.h5"))
    let equal = (0..<120).count { row in
      zip(first.theta.row(row), second.theta.row(row)).allSatisfy { abs($0 - $1) < 1e-9 }
    }
    // The slots of a file are those of one more step of learning.
    #expect(equal >= 117, "\(equal) of 120")
  }

  @Test("canonicalise learns slots under a family, which the file records and others are aligned by")
  func slotFamilies() throws {
    let workspace = try workspace()
    let result = try workspace.succeed([
      "canonicalise", "presets.h5", "--bands", "slots", "--family", "student-t", "-o", "slots.h5",
    ])
    #expect(result.standardOutput.contains("bands in learned slots under student-t-blocks"))
    #expect(try workspace.succeed(["show", "slots.h5"]).standardOutput.contains("slots under student-t-blocks"))
    let aligned = ["canonicalise", "presets.h5", "--bands", "slots", "--reference", "slots.h5"]
    let again = try workspace.succeed(aligned + ["-o", "again.h5"]).standardOutput
    #expect(again.contains("under student-t-blocks"))
    let other = try workspace.succeed(aligned + ["--family", "blocks", "-o", "other.h5"]).standardOutput
    #expect(other.contains("under blocks"))
    let slots = ["canonicalise", "presets.h5", "-o", "x.h5", "--bands", "slots", "--family"]
    try workspace.expectFailure(
      slots + ["copula"], "learned under copula-kernel-student-t-blocks", "student-t-blocks")
    try workspace.expectFailure(slots + ["studnt"], "no family studnt")
    #expect(try workspace.run(["canonicalise", "presets.h5", "-o", "x.h5", "--family", "blocks"]).exitCode == 64)
  }

  @Test("compare --over-orbit sets sorted, slotted and exchangeable bands side by side; fit takes their names")
  func comparison() throws {
    let workspace = try workspace()
    let result = try workspace.succeed([
      "compare", "presets.h5", "--over-orbit", "--folds", "2", "--group", "groups", "--json", "--quiet",
    ])
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(result.standardOutput.utf8)) as? [String: Any])
    let tables = try #require(report["tables"] as? [[String: Any]])
    let families = try #require(tables.first?["families"] as? [[String: Any]])
    let names = Set(families.compactMap { $0["family"] as? String })
    #expect(
      names == [
        "published-orbit-sum", "published-canonical-by-rule-orbit-sum", "published-canonical-by-slots-orbit-sum",
        "slot-gaussian", "slot-mixture-4", "exchangeable-bands",
      ])
    #expect(
      tables.first?["baseline"] as? String ?? report["baseline"] as? String
        == "published-canonical-by-rule-orbit-sum")
    for family in ["slot-mixture-2", "exchangeable-bands-3-5", "ridge-canonical-by-slots-orbit-sum"] {
      try workspace.succeed(["fit", "presets.h5", "--family", family, "-o", "\(family).h5"])
      try workspace.succeed(["sample", "\(family).h5", "--count", "5", "-o", "draws-\(family).h5"])
      let scores = try workspace.succeed(["score", "\(family).h5", "presets.h5"]).standardOutput
      #expect(scores.split(separator: "\n").count == 121)
    }
    let shown = try workspace.succeed(["show", "exchangeable-bands-3-5.h5"]).standardOutput
    #expect(shown.contains("exchangeable-bands"))
    // Given the shelf, what do the bands look like?
    try workspace.succeed(["condition", "slot-mixture-2.h5", "--given", "low.gain=3 dB", "-o", "given.h5"])
    try workspace.succeed(["sample", "given.h5", "--count", "5", "-o", "draws-given.h5"])
  }

  @Test("names that do not fit are refused in a sentence")
  func refused() throws {
    let workspace = try SymmetryCommandTests.workspace()
    try workspace.expectFailure(
      ["fit", "presets.h5", "--family", "exchangeable-bands", "-o", "x.h5"], "equaliser peak", "different ranges")
    try workspace.expectFailure(
      ["fit", "presets.h5", "--family", "slot-mixtures", "-o", "x.h5"], "no family slot-mixtures", "slot-gaussian")
    #expect(
      try workspace.run(["compare", "presets.h5", "--over-orbit", "--given", "features"]).exitCode == 64)
  }

  private static let autoEq = Reference.path("presets/autoeq-peq.csv")

  @Test(
    "on real equalisers slots beat sorting, and bands without an order beat both",
    .enabled(
      if: FileManager.default.fileExists(atPath: autoEq),
      "the table of AutoEq's equalisers is absent: set PRIORKIT_SHARED to its folder"))
  func realEqualisers() throws {
    let workspace = try Workspace()
    let lines = try String(contentsOfFile: Self.autoEq, encoding: .utf8).split(separator: "\n")
    let kept = [lines[0]] + lines.dropFirst().enumerated().filter { $0.offset % 4 == 0 }.map(\.element)
    try workspace.store(kept.map { $0 + "\n" }.joined().utf8, as: "autoeq.csv")
    try workspace.succeed([
      "import", "csv", "autoeq.csv", "--chain", DefaultData.file("autoeq-wide.yaml").path, "--columns",
      DefaultData.file("autoeq-columns.yaml").path, "-o", "presets.h5",
    ])
    let names = [
      "published-canonical-by-rule-orbit-sum", "published-canonical-by-slots-orbit-sum", "exchangeable-bands-4-16",
    ]
    let result = try workspace.succeed([
      "compare", "presets.h5", "--families", names.joined(separator: ","), "--folds", "2", "--group", "groups",
      "--json", "--quiet",
    ])
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(result.standardOutput.utf8)) as? [String: Any])
    let families = try #require((report["tables"] as? [[String: Any]])?.first?["families"] as? [[String: Any]])
    let means = Dictionary(
      uniqueKeysWithValues: families.compactMap { family in
        (family["family"] as? String).flatMap { name in (family["mean"] as? Double).map { (name, $0) } }
      })
    let sorted = try #require(means[names[0]])
    #expect(try #require(means[names[1]]) > sorted + 1)
    #expect(try #require(means[names[2]]) > sorted + 2)
  }
}
