import AudioFiles
import FXChain
import FXParams
import Foundation
import NumericCore
import PresetStore
import TestSupport
import Testing

/// Commands on presets that lack effects.
@Suite("Presets of varying shape")
struct VaryingShapeCommandTests {
  private func workspace(_ presets: PresetCollection = .varying()) throws -> Workspace {
    let workspace = try Workspace()
    try PresetFile.write(
      presets, to: workspace.path("presets.h5"), provenance: Provenance(arguments: ["test"]), overwrite: false)
    try workspace.store(varyingChain.yaml().utf8, as: "chain.yaml")
    return workspace
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func chainsAndPresetsAreShown() throws {
    let workspace = try workspace()
    let chain = try workspace.succeed(["show", "chain.yaml"]).standardOutput
    #expect(chain.contains("optional: low, comp, slap, long\norder 2: comp, low, peak\n"))
    let chainReport = try object(workspace.succeed(["show", "chain.yaml", "--json"]).standardOutput)
    #expect(chainReport["optional"] as? [String] == ["low", "comp", "slap", "long"])
    #expect((chainReport["orders"] as? [[String]])?.last == ["comp", "low", "peak"])
    let text = try workspace.succeed(["show", "presets.h5"]).standardOutput
    for words in [
      "optional: low, comp, slap, long", "      1        3          38  complete",
      "      5        2          27  order 2; without low, long",
    ] { #expect(text.contains(words), "\(text)") }
    let report = try object(workspace.succeed(["show", "presets.h5", "--json"]).standardOutput)
    let patterns = try #require(report["patterns"] as? [[String: Any]])
    #expect(patterns.map { $0["count"] as? Int } == [3, 3, 2, 2, 2])
    #expect(
      patterns[4]["effects"] as? [String] == ["comp", "peak", "slap", "echo"] && patterns[4]["order"] as? Int == 2)
    // Statistics are over the presets that have the effect.
    let parameters = try #require(report["parameters"] as? [[String: Any]])
    let space = varyingChain.parameterSpace
    for (column, entry) in parameters.enumerated() {
      let values = PresetCollection.varying().theta.column(column).filter { !$0.isNaN }
      #expect(entry["presets"] as? Int == values.count)
      let least = try #require(values.min().map { space.parameters[column].bijector.forward($0) })
      // JSONSerialization does not read the last bit.
      #expect(abs(try #require(entry["minimum"] as? Double) - least) <= 1e-12 * abs(least))
    }
  }

  @Test func templatesAndTablesComeBack() throws {
    let workspace = try workspace()
    let made = try workspace.succeed(["template", "presets.h5", "-o", "table.csv"])
    #expect(made.standardError.contains("presets may lack low, comp, slap, long"))
    #expect(made.standardError.contains("order: the number of the order of the series, 1 to 2"))
    try workspace.succeed(["export", "presets.h5", "--logits", "-o", "logits.csv"])
    let told = try workspace.succeed(["import", "csv", "logits.csv", "--chain", "chain.yaml", "-o", "back.h5"])
    #expect(told.standardError.contains("12 presets of 38 parameters, of 5 patterns"))
    let back = try PresetFile.read(workspace.path("back.h5"), acceptsVaryingShape: true)
    #expect(back.isSame(as: .varying()))
    try workspace.succeed(["export", "presets.h5", "-o", "x.json"])
    try workspace.succeed(["export", "presets.h5", "-o", "x.npz"])
    // Settings of one preset are those of the chain that it has.
    try workspace.succeed(["export", "presets.h5", "--row", "take 4", "-o", "x.md"])
    let sheet = try workspace.text("x.md")
    #expect(!sheet.contains("| low |") && sheet.contains("| peak |") && !sheet.contains("Long"))
    try workspace.succeed(["export", "presets.h5", "--row", "4", "-o", "x.RfxChain"])
    try workspace.expectFailure(["export", "presets.h5", "-o", "y.md"], "varying shape", "priorkit select")
    try workspace.store((workspace.text("logits.csv").replacing("take 0", with: "")).utf8, as: "half.csv")
    try workspace.expectFailure(["canonicalise", "presets.h5", "-o", "p.h5"], "varying shape")
  }

  @Test func selectionsAreThoseOfOnePattern() throws {
    let workspace = try workspace()
    func rows(_ arguments: String...) throws -> [String]? {
      try workspace.succeed(["select", "presets.h5"] + arguments + ["-o", "x.h5", "--force"])
      return try PresetFile.read(workspace.path("x.h5"), acceptsVaryingShape: true).labels
    }
    #expect(try rows("--complete") == ["take 0", "take 5", "take 10"])
    #expect(try PresetFile.read(workspace.path("x.h5")).chain.hasVariants == false)
    #expect(try rows("--pattern", "3") == ["take 2", "take 7"])
    #expect(try rows("--without", "comp") == ["take 2", "take 7"])
    #expect(try rows("--with", "low, comp,slap", "--order", "2") == ["take 1", "take 6", "take 11"])
    let read = try PresetFile.read(workspace.path("x.h5"))
    #expect(read.chain.series.map(\.name) == ["comp", "low", "peak"] && read.groups?.first == "song 0")
    // Rows and groups keep the chain, and a pattern is told after them.
    #expect(try rows("--row", "take 4", "--group", "song 0") == ["take 0", "take 1", "take 4"])
    let kept = try PresetFile.read(workspace.path("x.h5"), acceptsVaryingShape: true)
    #expect(kept.chain == varyingChain && kept.patterns?.count == 3)
    #expect(try rows("--group", "song 0", "--complete") == ["take 0"])
    #expect(try rows("--row", "0", "--row", "5") == ["take 0", "take 5"])
    #expect(try PresetFile.read(workspace.path("x.h5")).chain == varyingChain)
    func refuse(_ arguments: String..., words: String) throws {
      try workspace.expectFailure(["select", "presets.h5"] + arguments + ["-o", "new.h5"], words)
    }
    try refuse("--with", "comp", words: "1 (complete), 2 (order 2), 4 (without slap)")
    try refuse("--with", "echo", words: "give some of low, comp, slap, long")
    try refuse("--without", "comp,slap", words: "No preset in presets.h5 has such a pattern")
    try refuse("--pattern", "6", words: "give 1 to 5")
    try refuse("--group", "song 99", words: "no group song 99")
    try refuse("--row", "take 0", "--pattern", "3", words: "without comp")
    #expect(try workspace.run(["select", "presets.h5", "-o", "new.h5"]).exitCode == 64)
    #expect(
      try workspace.run(["select", "presets.h5", "--complete", "--pattern", "1", "-o", "n.h5"]).exitCode == 64)
  }

  /// An absent effect is bypassed: the audio is that of the chain without it, and not that of the whole one.
  @Test func presetsAreRenderedWithoutWhatTheyLack() throws {
    let workspace = try workspace()
    try workspace.storeVoice(seconds: 0.5)
    try workspace.succeed(["select", "presets.h5", "--pattern", "5", "-o", "some.h5"])
    try workspace.succeed(["render", "presets.h5", "--row", "take 4", "dry.wav", "-o", "first.wav"])
    try workspace.succeed(["render", "some.h5", "--row", "0", "dry.wav", "-o", "second.wav"])
    #expect(try workspace.audio("first.wav").channels == workspace.audio("second.wav").channels)
    try workspace.succeed(["render", "presets.h5", "--row", "1", "dry.wav", "-o", "whole.wav"])
    #expect(try workspace.audio("whole.wav").channels != workspace.audio("first.wav").channels)
  }

  @Test func descriptionsAreOverThePresetsThatHaveAnEffect() throws {
    let presets = PresetCollection.varying(count: 60)
    let workspace = try workspace(presets)
    let report = try object(workspace.succeed(["describe", "presets.h5", "--json"]).standardOutput)
    let shapes = try #require(report["shapes"] as? [String: Any])
    #expect(shapes["complete_count"] as? Int == 12)
    let presence = try #require(shapes["presence"] as? [[String: Any]])
    #expect(presence.map { $0["count"] as? Int } == [48, 48, 48, 48])
    // low and long are absent together; no other two are.
    let pairs = try #require(shapes["pairs"] as? [[String: Any]])
    #expect(pairs.count == 6 && pairs[0]["first"] as? String == "low" && pairs[0]["second"] as? String == "long")
    #expect(pairs[0]["phi"] as? Double == 1 && (pairs[0]["adjusted_p_value"] as? Double).map { $0 < 1e-9 } == true)
    let parameters = try #require(report["parameters"] as? [[String: Any]])
    #expect(parameters.count == 38 && parameters[0]["presets"] as? Int == 48)
    // What is said of all parameters is said of the complete presets.
    try workspace.succeed(["select", "presets.h5", "--complete", "-o", "complete.h5"])
    let complete = try object(workspace.succeed(["describe", "complete.h5", "--json"]).standardOutput)
    for key in ["correlations", "components", "normality"] {
      #expect(
        (report[key] as? NSObject) == (complete[key] as? NSObject), "\(key)")
    }
    #expect(complete["shapes"] == nil)
    let text = try workspace.succeed(["describe", "presets.h5", "--against", "presets.h5"]).standardOutput
    for words in [
      "- The presets are of 5 patterns; 12 of 60 presets are complete.",
      "- low and long go together more than by chance (phi 1, ",
      "What follows is of the 12 complete presets alone.",
    ] { #expect(text.contains(words)) }
    try workspace.succeed(["select", "presets.h5", "--row", "2", "--row", "3", "--row", "4", "-o", "few.h5"])
    let few = try workspace.succeed(["describe", "few.h5"]).standardOutput
    #expect(few.contains("No preset is complete"))
    try workspace.expectFailure(
      ["describe", "few.h5", "--against", "presets.h5"], "few.h5 has no complete presets")
  }

  @Test func distancesTellTheShapeInCommon() throws {
    let workspace = try workspace()
    let text = try workspace.succeed(["distance", "presets.h5", "--row", "2", "presets.h5"]).standardOutput
    #expect(text.hasPrefix("Distance from take 2 (without comp) of presets.h5\n"))
    #expect(text.contains("without low, comp, long") && text.contains("of 38, of effects that both presets have"))
    let report = try object(
      workspace.succeed(["distance", "presets.h5", "presets.h5", "--nearest", "2", "--json"]).standardOutput)
    let entries = try #require(report["presets"] as? [[String: Any]])
    #expect(entries[0]["common_shape"] as? String == "complete" && entries[0]["parameter_count"] as? Int == 38)
    // Of presets of one shape nothing is said.
    try workspace.succeed(["select", "presets.h5", "--complete", "-o", "one.h5"])
    let plain = try workspace.succeed(["distance", "one.h5", "one.h5", "--json"]).standardOutput
    #expect(!plain.contains("shape") && !plain.contains("dimension"))
  }

  @Test func equalisersOfDifferentNumbersOfBandsAreImported() throws {
    let workspace = try Workspace()
    try workspace.store("Filter: ON PK Fc 100 Hz Gain 1 dB Q 1\n".utf8, as: "a.txt")
    try workspace.store(
      "Filter: ON PK Fc 90 Hz Gain 2 dB Q 1\nFilter: ON PK Fc 900 Hz Gain -2 dB Q 2\n".utf8, as: "b.txt")
    try workspace.expectFailure(["import", "eq", "a.txt", "b.txt", "-o", "x.h5"], "--optional-bands")
    let told = try workspace.succeed(["import", "eq", "a.txt", "b.txt", "--optional-bands", "-o", "x.h5"])
    #expect(told.standardError.contains("absent: 1 band in 1 file") && told.standardError.contains("of 2 patterns"))
    #expect(
      try workspace.run(["import", "eq", "a.txt", "--optional-bands", "--fill", "neutral", "-o", "y.h5"]).exitCode
        == 64)
  }
}
