import FXParams
import Foundation
import NumericCore
import PresetStore
import Testing

/// `priorkit template`, and tables that `priorkit import csv` completes or refuses.
@Suite("Templates and tables")
struct TemplateCommandTests {
  private let chain = ["--chain", "chain.yaml"]

  private func workspace(_ chain: ChainDescription = .diffVox) throws -> Workspace {
    let workspace = try Workspace()
    try workspace.store(try chain.yaml().utf8, as: "chain.yaml")
    return workspace
  }

  // MARK: - Templates

  @Test(arguments: [
    ChainDescription.diffVox, .bell,
    ChainDescription(sampleRate: 48000, series: SeriesEffect.examples, sends: SendEffect.examples),
  ])
  func templatesImport(_ description: ChainDescription) throws {
    let workspace = try workspace(description)
    let result = try workspace.succeed(["template", "chain.yaml", "-o", "presets.csv"])
    let space = description.parameterSpace
    let lines = result.standardOutput.split(separator: "\n")
    #expect(lines.dropFirst().map { String($0.prefix { $0 != " " }) } == space.names)
    let table = try workspace.text("presets.csv").split(separator: "\n")
    #expect(table.count == 2 && table[0] == "label," + space.names.joined(separator: ","))

    try workspace.succeed(["import", "csv", "presets.csv"] + chain + ["-o", "presets.h5"])
    let presets = try PresetFile.read(workspace.path("presets.h5"))
    #expect(presets.labels == ["example"])
    for (parameter, logit) in zip(space.parameters, presets.theta.row(0)) {
      let middle = parameter.bijector.isBijective ? 0 : parameter.bijector.bounds.upperBound / 2
      // The middle of a range is a few rounding steps of its ends off.
      #expect(abs(logit - middle) < 1e-9, "\(parameter.name) = \(logit)")
    }
    // The stored chain has the same template.
    try workspace.succeed(["template", "presets.h5", "-o", "again.csv"])
    #expect(try workspace.text("again.csv") == workspace.text("presets.csv"))
  }

  @Test func listsSayUnitBoundsAndMeaning() throws {
    let workspace = try workspace()
    let result = try workspace.succeed(["template", "chain.yaml", "-o", "presets.csv"])
    let line = try #require(
      result.standardOutput.split(separator: "\n").first { $0.hasPrefix("compressor.attack_coefficient ") })
    let cells = line.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
    #expect(
      cells.prefix(6) == ["compressor.attack_coefficient", "1", "0", "1", "compressor.attack_coefficient", "[ms]"])
    #expect(line.contains("attack"))
    #expect(result.standardError.hasPrefix("presets.csv: a column for each of 130 parameters"))

    let json = try workspace.succeed(["template", "chain.yaml", "-o", "presets.csv", "--json", "--force", "-q"])
    #expect(json.standardError.isEmpty)
    let object = try JSONSerialization.jsonObject(with: Data(json.standardOutput.utf8)) as? [String: Any]
    let parameters = try #require(object?["parameters"] as? [[String: Any]])
    #expect(parameters.count == 130)
    let gamma = try #require(parameters.first { $0["name"] as? String == "reverb.gamma.1" })
    #expect(gamma["derived_name"] as? String == "reverb.gamma.1 [s]" && gamma["derived_unit"] as? String == "s")
    #expect(gamma["unit"] as? String == "1" && gamma["lower"] as? Double == 0 && gamma["upper"] is Double)
    #expect((gamma["meaning"] as? String)?.hasPrefix("decay") == true)
    #expect(Set(parameters[0].keys) == ["name", "unit", "meaning"])
  }

  @Test func templatesThatCannotBeAreRefused() throws {
    let workspace = try workspace()
    try workspace.store("series: [".utf8, as: "bad.yaml")
    try workspace.store("kept".utf8, as: "there.csv")
    try workspace.expectFailure(["template", "absent.yaml", "-o", "p.csv"], "absent.yaml")
    try workspace.expectFailure(["template", "bad.yaml", "-o", "p.csv"], "bad.yaml", "YAML")
    try workspace.expectFailure(["template", "chain.yaml", "-o", "there.csv"], "there.csv", "--force")
    try workspace.storeSmallPresets()
    try workspace.succeed(["fit", "small.h5", "--statistics-only", "-o", "s.h5"])
    try workspace.expectFailure(["template", "s.h5", "-o", "p.csv"], "s.h5", "no preset or prior file")
  }

  // MARK: - Tables

  @Test func absentEffectsAreFilledAndTold() throws {
    let workspace = try workspace()
    try workspace.store(",peak1.gain,peak1.frequency [kHz],peak1.q\n0,3,1.5,1\n1,-2,0.4,2\n".utf8, as: "eq.csv")
    let arguments = ["import", "csv", "eq.csv"] + chain + ["-o", "p.h5"]
    try workspace.expectFailure(
      arguments, "peak2.gain", "reverb.gamma.1 to reverb.gamma.49", "and direct.pan", "template", "--fill neutral")
    let result = try workspace.succeed(arguments + ["--fill", "neutral"])
    let lines = result.standardError.split(separator: "\n").map(String.init)
    #expect(lines.count == 3 && lines[0] == "eq.csv: the first column, an index, is left out")
    #expect(lines[1].hasPrefix("eq.csv: filled with neutral values: peak2 (gain 0 dB), lowshelf (gain 0 dB), "))
    for words in [
      "lowpass (frequency 17999.98 Hz, q 0.7071068)", "delay (gain -120 dB)", "reverb (send -120 dB, c 0)",
      "direct (pan 0 %)",
    ] {
      #expect(lines[1].contains(words), "\(lines[1])")
    }
    let presets = try PresetFile.read(workspace.path("p.h5"))
    #expect(presets.count == 2 && presets.labels == nil)
    let values = ChainDescription.diffVox.parameterSpace.values(ofLogits: presets.theta.row(1))
    #expect(abs(values[0] + 2) < 1e-12 && abs(values[1] - 400) < 1e-9)
    #expect(presets.theta.values.allSatisfy { $0.isFinite })
  }

  @Test func tablesOfSpreadsheetsAreRead() throws {
    let workspace = try workspace(.bell)
    try workspace.store("bell.gain;bell.frequency;bell.q\n1,5;200;1\n".utf8, as: "x.csv")
    let arguments = ["import", "csv", "x.csv"] + chain + ["-o", "p.h5"]
    let refused = try workspace.run(arguments)
    #expect(refused.exitCode == 1 && !workspace.exists("p.h5"))
    #expect(refused.standardError.hasPrefix("x.csv: cells are separated by semicolons\npriorkit: error: Line 2 "))
    #expect(refused.standardError.contains("(--decimal comma)."))
    let result = try workspace.succeed(arguments + ["--decimal", "comma"])
    #expect(result.standardError.hasPrefix("x.csv: cells are separated by semicolons\n"))
    #expect(abs(try PresetFile.read(workspace.path("p.h5")).theta[0, 0] - 1.5) < 1e-15)
    let quiet = try workspace.succeed(
      arguments + ["--decimal", "comma", "--separator", ";", "--force", "--quiet"])
    #expect(quiet.standardError.isEmpty)
    try workspace.store("bell.gain\tbell.frequency\tbell.q\n1.5\t200\t1\n".utf8, as: "x.csv")
    try workspace.succeed(arguments + ["--separator", "tab", "--force"])
    #expect(try workspace.run(arguments + ["--separator", "x", "--force"]).exitCode == 64)
  }

  @Test func badTablesAreOneSentence() throws {
    let workspace = try workspace(.bell)
    func expect(_ table: String, _ words: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
      try workspace.store(table.utf8, as: "table.csv")
      try workspace.expectFailure(
        ["import", "csv", "table.csv"] + chain + ["-o", "p.h5"], "table.csv", words, sourceLocation: sourceLocation)
    }
    try expect("bell.gain\n1\n", "no columns bell.frequency and bell.q: add them")
    try expect("bell.gain,bell.frequency,bell.que\n1,200,1\n", "the column bell.que (perhaps bell.q)")
    try expect("bell.gain [ms],bell.frequency,bell.q\n1,200,1\n", "give it in dB.")
    try expect("bell.gain,bell.frequency [kHz],bell.q\n1,200,1\n", "bell.frequency = 200.0 kHz, which must lie")
    try expect("bell.gain|bell.frequency|bell.q\n1|200|1\n", "vertical bars")
    try expect("bell.gain,bell.frequency,,bell.q\n1,200,,1\n", "Column 3")
  }
}
