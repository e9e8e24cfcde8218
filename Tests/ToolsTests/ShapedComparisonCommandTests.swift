import FXParams
import Foundation
import NumericCore
import PresetStore
import TestSupport
import Testing

@Suite("compare and fit on presets of varying shape")
struct ShapedComparisonCommandTests {
  /// A scratch folder with `shaped.h5`: 40 presets of two bells of which each lacks one now and then, with groups.
  private func withPresets(_ body: (borrowing Scratch) throws -> Void) throws {
    let scratch = try Scratch()
    var chain = ChainDescription(
      series: ["low", "high"].map {
        .biquad(.init(name: $0, response: .peak, frequencyHz: .init(33, 5400), q: .init(0.2, 20)))
      }, sends: [], hasCrossSends: false, hasDirectPan: false)
    chain.optionalEffects = ["low", "high"]
    var source = RandomSource(seed: 3)
    var presets = PresetCollection(
      chain: chain, theta: Matrix(rows: 40, columns: 6, values: (0..<240).map { _ in source.nextNormal() }))
    presets.groups = (0..<40).map { "group \($0 % 8)" }
    let patterns = (0..<40).map { ChainPattern(present: [$0 % 5 != 0, $0 % 7 != 3]) }
      .map { $0.present.contains(true) ? $0 : chain.completePattern }
    presets.patterns = patterns
    for (row, pattern) in patterns.enumerated() {
      for column in chain.absentPositions(pattern) { presets.theta[row, column] = .nan }
    }
    try PresetFile.write(
      presets, to: scratch.file("shaped.h5"), provenance: Provenance(arguments: ["test"]), overwrite: false)
    try body(scratch)
  }

  @Test func compareLeavesOutWhatCannot() throws {
    try withPresets { scratch in
      let file = scratch.file("shaped.h5")
      let all = try runTool(
        ["compare", file, "--folds", "4", "--group", "groups", "--test", file, "-o", scratch.file("scores.csv")])
      #expect(all.exitCode == 0, "\(all.standardError)")
      #expect(all.standardError.contains("left out are families that take complete presets only: ledoit-wolf, "))
      for name in ["published", "blocks", "student-t-blocks", "copula-kernel-student-t-blocks"] {
        #expect(all.standardOutput.contains("\n\(name) "), "\(name)")
      }
      #expect(!all.standardOutput.contains("oas") && !all.standardOutput.contains("nan"))
      let scores = try String(contentsOfFile: scratch.file("scores.csv"), encoding: .utf8)
      #expect(scores.split(separator: "\n").count == 81 && !scores.contains("nan"))
    }
  }

  @Test(arguments: [
    (["--families", "published,oas"], "Some presets lack effects, and oas takes presets that all have every one"),
    (["--families", "blocks-orbit-sum"], "blocks-orbit-sum sums over the copies of presets of one shape"),
    (["--over-orbit"], "holds presets of varying shape"),
    (["--given", "features"], "holds presets of varying shape"),
  ])
  func compareRefuses(arguments: [String], words: String) throws {
    try withPresets { scratch in
      let result = try runTool(["compare", scratch.file("shaped.h5"), "--folds", "4"] + arguments)
      #expect(result.exitCode != 0 && result.standardError.contains(words), "\(result.standardError)")
    }
  }

  @Test func fitChoosesAmongThoseThatCan() throws {
    try withPresets { scratch in
      let result = try runTool([
        "fit", scratch.file("shaped.h5"), "-o", scratch.file("prior.h5"), "--family", "auto", "--json",
      ])
      #expect(result.exitCode == 0, "\(result.standardError)")
      #expect(result.standardOutput.contains("completed_presets"))
      let refused = try runTool([
        "fit", scratch.file("shaped.h5"), "-o", scratch.file("other.h5"), "--family", "oas",
      ])
      #expect(refused.exitCode != 0 && refused.standardError.contains("oas takes presets that all have every one"))
    }
  }
}
