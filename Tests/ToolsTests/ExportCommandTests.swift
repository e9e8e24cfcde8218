import Distributions
import FXParams
import Foundation
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

/// `priorkit export` to other programs' own formats.
@Suite struct ExportCommandTests {
  private func workspace() throws -> Workspace {
    let workspace = try Workspace()
    try workspace.storePrior()
    return workspace
  }

  // MARK: - DiffVox

  @Test func presetsAndTheirPriorMakeAFolderThatIsReadBack() throws {
    let workspace = try workspace()
    let result = try workspace.succeed(["export", "--diffvox", "release", "presets.h5", "prior.h5"])
    for name in ["raw_params.npy", "feature_mask.npy", "info.json", "train_index.npy", "gaussian.npz"] {
      #expect(workspace.exists("release/" + name), "\(name)")
    }
    #expect(result.standardError.contains("float64"))
    try workspace.succeed(["import", "diffvox", "release", "-o", "back.h5"])
    let (old, new) = (
      try PresetFile.read(workspace.path("presets.h5")), try PresetFile.read(workspace.path("back.h5"))
    )
    #expect(new.theta == old.theta && new.labels == old.labels && new.groups == old.groups)
    try workspace.expectFailure(["export", "--diffvox", "release", "presets.h5"], "release", "--force")
    try workspace.succeed(["export", "--diffvox", "release", "prior.h5", "--force"])
    #expect(!workspace.exists("release/raw_params.npy") && workspace.exists("release/gaussian.npz"))
    try workspace.store("precious".utf8, as: "release/notes.txt")
    try workspace.expectFailure(["export", "--diffvox", "release", "prior.h5", "--force"], "notes.txt")
    try workspace.expectFailure(["export", "--diffvox", "twice", "prior.h5", "prior.h5"], "one of each")
  }

  @Test func otherChainsAreRefused() throws {
    let workspace = try workspace()
    try workspace.storeSmallPresets()
    try workspace.expectFailure(["export", "--diffvox", "x", "small.h5"], "small.h5", "another chain")
  }

  @Test func otherFamiliesAreExportedByTheirMoments() throws {
    let workspace = try workspace()
    try workspace.succeed(["fit", "presets.h5", "--family", "student-t-blocks", "-o", "student.h5"])
    let result = try workspace.succeed(["export", "--diffvox", "student", "student.h5"])
    #expect(result.standardError.contains("student-t") && result.standardError.contains("covariance"))
    let prior = try PriorFile.read(workspace.path("student.h5"))
    let student = try #require(prior.distribution as? StudentT).distribution
    let covariance = try #require(prior.covariance)
    let factor = student.degreesOfFreedom / (student.degreesOfFreedom - 2)
    #expect(covariance[3, 4] == student.scatter[3, 4] * factor)

    try workspace.succeed(["condition", "prior.h5", "--given", "peak1.gain=3 dB", "-o", "fixed.h5"])
    try workspace.expectFailure(["export", "--diffvox", "x", "fixed.h5"], "pinned", "no covariance")
  }

  // MARK: - Plugins and sheets

  @Test func aPresetBecomesABundle() throws {
    let workspace = try workspace()
    let presets = try PresetFile.read(workspace.path("presets.h5"))
    let label = presets.label(of: 3)
    let result = try workspace.succeed(["export", "presets.h5", "--row", label, "-o", "vocal.lv2"])
    let names = try FileManager.default.contentsOfDirectory(atPath: workspace.path("vocal.lv2")).sorted()
    #expect(names == ["LIMITS.txt", "manifest.ttl"] + (1...5).map { "preset-0-\($0).ttl" })
    #expect(result.standardError.contains("feedback delay network"))
    #expect(try workspace.text("vocal.lv2/LIMITS.txt").contains("feedback delay network"))
    let gain = pow(10, presets.chain.parameterSpace.values(ofLogits: presets.theta.row(3))[0] / 20)
    #expect(
      try workspace.text("vocal.lv2/preset-0-1.ttl")
        .contains("lv2:symbol \"g_0\" ;\n    pset:value \(Float(gain))\n"))
    #expect(try workspace.text("vocal.lv2/manifest.ttl").contains("\"command\""))
    try workspace.expectFailure(["export", "presets.h5", "-o", "vocal.lv2"], "vocal.lv2", "--force")
    try workspace.succeed(["export", "presets.h5", "--row", "3", "-o", "vocal.lv2", "--force"])
    #expect(try workspace.text("vocal.lv2/preset-0-1.ttl").contains("rdfs:label \"\(label): equaliser (LSP)\""))
  }

  @Test func aPresetBecomesAnFXChain() throws {
    let workspace = try workspace()
    let result = try workspace.succeed(["export", "presets.h5", "--row", "0", "-o", "vocal.RfxChain"])
    let text = try workspace.text("vocal.RfxChain")
    #expect(text.split(separator: "\n").count { $0 == "BYPASS 0 0" } == 3)
    for name in ["ReaEQ", "ReaComp", "ReaDelay"] { #expect(text.contains("<VST \"VST: \(name) (Cockos)\"")) }
    #expect(result.standardError.contains("lookahead"))
    try workspace.expectFailure(["export", "presets.h5", "-o", "all.RfxChain"], "all.RfxChain", "--row")
  }

  @Test func presetsBecomeASheet() throws {
    let workspace = try workspace()
    try workspace.succeed(["export", "presets.h5", "-o", "sheet.md"])
    let text = try workspace.text("sheet.md")
    let presets = try PresetFile.read(workspace.path("presets.h5"))
    #expect(text.split(separator: "\n").count { $0.hasPrefix("# ") } == presets.count)
    let reading = try #require(
      try presets.chain.describe(logits: presets.theta.row(0)).first { $0.name == "compressor.release_coefficient" }
    )
    let milliseconds = try #require(reading.derived).value
    #expect(text.contains(String(format: "| release | %.4g ms |", milliseconds)))
    try workspace.succeed(["export", "presets.h5", "--row", "1", "-o", "one.md"])
    #expect(try workspace.text("one.md").hasPrefix("# \(presets.label(of: 1))\n"))
  }

  @Test func rowsAreChosenByLabelOrNumber() throws {
    let workspace = try workspace()
    try workspace.succeed(["export", "presets.h5", "--row", "2", "-o", "two.csv", "--logits"])
    try workspace.succeed([
      "import", "csv", "two.csv", "--chain", DefaultData.file("chain.yaml").path, "-o", "two.h5",
    ])
    let presets = try PresetFile.read(workspace.path("presets.h5"))
    #expect(try PresetFile.read(workspace.path("two.h5")).theta.values == presets.theta.row(2))
    try workspace.expectFailure(["export", "presets.h5", "--row", "nobody", "-o", "x.csv"], "nobody")
    try workspace.expectFailure(["export", "presets.h5", "--row", "100000", "-o", "x.csv"], "100000")
  }

  @Test(arguments: [
    ["presets.h5"], ["presets.h5", "-o", "x.md", "--logits"], ["presets.h5", "--diffvox", "x", "-o", "x.csv"],
    ["presets.h5", "prior.h5", "-o", "x.csv"], ["presets.h5", "-o", "x.csv", "--stan", "--row", "1"],
    ["a.h5", "b.h5", "c.h5", "--diffvox", "x"],
  ])
  func wrongUsageIsSaid(arguments: [String]) throws {
    #expect(try workspace().run(["export"] + arguments).exitCode == 64)
  }
}
