import AudioFiles
import Foundation
import NumericCore
import PresetStore
import TestSupport
import Testing

/// One name for one thing, and what becomes of the old ones.
@Suite("Vocabulary of the command line")
struct VocabularyTests {
  private func workspace() throws -> Workspace {
    let workspace = try Workspace()
    try workspace.storePrior()
    return workspace
  }

  @Test func oldNamesWorkWithAWarning() throws {
    let workspace = try workspace()
    try workspace.storeVoice()
    let old = [
      "transfer", "--prior", "prior.h5", "--reference", "reference.wav", "--input", "dry.wav", "--orbit", "sum",
      "--steps", "1", "--no-page", "-o",
    ]
    let new = [
      "transfer", "--prior", "prior.h5", "--reference", "reference.wav", "--dry=dry.wav", "--over-orbit", "--steps",
      "1", "--no-page", "-o",
    ]
    let first = try workspace.succeed(old + ["old"])
    #expect(first.standardError.contains("warning: --input of transfer is called --dry now"))
    #expect(first.standardError.contains("--orbit sum is called --over-orbit now"))
    let second = try workspace.succeed(new + ["new"])
    #expect(!second.standardError.contains("is called"))
    let thetas = try ["old", "new"].map { try PresetFile.read(workspace.path($0 + "/preset.h5")).theta }
    #expect(thetas[0] == thetas[1])
    #expect(!(try workspace.succeed(old + ["old", "-q", "--force"]).standardError.contains("called")))
    // --orbit canonical is what happens anyway.
    let canonical = try workspace.succeed(old.map { $0 == "sum" ? "canonical" : $0 } + ["plain"])
    #expect(canonical.standardError.contains("--orbit canonical is what happens without it"))
    #expect(try PresetFile.read(workspace.path("plain/preset.h5")).theta != thetas[0])
    #expect(!(try runTool(["transfer", "--help"]).standardOutput.contains("--input")))
  }

  @Test func rowsAreNamedByLabelToo() throws {
    let workspace = try workspace()
    try workspace.storeVoice()
    try workspace.succeed(["render", "presets.h5", "--row", "1", "dry.wav", "-o", "a.wav"])
    try workspace.succeed(["render", "presets.h5", "--row", "intimate-folk-02", "dry.wav", "-o", "b.wav"])
    #expect(try workspace.audio("a.wav").channels == workspace.audio("b.wav").channels)
    try workspace.expectFailure(
      ["render", "presets.h5", "--row", "nobody", "dry.wav", "-o", "c.wav"], "nobody", "priorkit show")
    try workspace.expectFailure(["render", "presets.h5", "--row", "-1", "dry.wav", "-o", "c.wav"], "--row is -1")
    let near = try workspace.succeed([
      "distance", "presets.h5", "--row", "intimate-folk-02", "presets.h5", "--nearest", "1",
    ])
    #expect(near.standardOutput.contains("intimate-folk-02"))
  }

  @Test func familiesHaveShortNames() throws {
    let workspace = try workspace()
    try workspace.succeed(["fit", "presets.h5", "--family", "gaussian", "-o", "g.h5"])
    try workspace.succeed(["fit", "presets.h5", "--family", "published", "-o", "p.h5"])
    let scores = try ["g.h5", "p.h5"].map { try workspace.succeed(["score", $0, "presets.h5"]).standardOutput }
    #expect(scores[0] == scores[1])
    let listing = try workspace.succeed(["fit", "--list-families"]).standardOutput
    #expect(listing.contains("as published; needs N > D (short: gaussian)") && listing.contains("(short: copula)"))
    let json = try workspace.succeed(["fit", "--list-families", "--json"]).standardOutput
    let list = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]])
    #expect(
      list.contains { $0["short_name"] as? String == "student-t" && $0["name"] as? String == "student-t-blocks" })
  }

  @Test func machinesReadScoresFitsAndTransfers() throws {
    let workspace = try workspace()
    try workspace.storeVoice()
    let json = try workspace.succeed(["score", "prior.h5", "presets.h5", "--json"]).standardOutput
    let scores = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]])
    let csv = try workspace.succeed(["score", "prior.h5", "presets.h5"]).standardOutput.split(separator: "\n")
      .dropFirst()
    #expect(scores.count == 360 && csv.count == 360)
    for (score, line) in zip(scores, csv) {
      let cells = line.split(separator: ",")
      #expect(score["label"] as? String == String(cells[0]))
      let (found, expected) = (score["log_density"] as? Double ?? .nan, Double(cells[1]) ?? 0)
      #expect(abs(found - expected) <= 1e-12 * abs(expected))
    }
    let fit = try workspace.succeed(["fit", "presets.h5", "--family", "ridge", "-o", "r.h5", "--json"])
      .standardOutput
    let report = try #require(try JSONSerialization.jsonObject(with: Data(fit.utf8)) as? [String: Any])
    #expect(report["family"] as? String == "ridge" && report["presets"] as? Int == 360)
    #expect((report["hyperparameters"] as? [String: Double])?.isEmpty == false)
    let transfer = try workspace.succeed([
      "transfer", "--prior", "prior.h5", "--reference", "reference.wav", "--dry", "dry.wav", "--steps", "1",
      "--json",
      "--no-page", "-o", "out",
    ]).standardOutput
    #expect(transfer == (try workspace.text("out/preset.json")))
  }

  /// Every command that prints JSON has keys in snake_case, and numbers have no camel humps in their names.
  @Test func keysAreInSnakeCase() throws {
    let workspace = try workspace()
    try workspace.store(Array("".utf8), as: "nothing")
    for command in [
      ["describe", "presets.h5"], ["show", "presets.h5"], ["show", "prior.h5"],
      ["score", "prior.h5", "presets.h5"],
      ["compare", "presets.h5", "--families", "published,diagonal", "--folds", "2"],
      ["equivariance", "presets.h5", "--prior", "prior.h5", "--rendered", "1", "--search", "1"],
      ["distance", "presets.h5", "presets.h5", "--nearest", "2"], ["canonicalise", "presets.h5", "-o", "c.h5"],
    ] {
      let json = try workspace.succeed(command + ["--json"]).standardOutput
      let keys = json.matches(of: /"([^"\n]+)" :/).map { String($0.output.1) }
      #expect(!keys.isEmpty)
      #expect(keys.allSatisfy { $0 == $0.lowercased() && !$0.contains(" ") }, "\(command): \(Set(keys))")
    }
  }

  @Test func shortTasksSayNothingOfTheirProgress() throws {
    let workspace = try workspace()
    let compare = ["compare", "presets.h5", "--families", "published,diagonal"]
    let short = try runTool(compare, environment: ["PRIORKIT_PROGRESS_SECONDS": ""], folder: workspace.folder)
    #expect(short.exitCode == 0 && !short.standardError.contains("%"), "\(short.standardError)")
    let patient = try runTool(compare, environment: ["PRIORKIT_PROGRESS_SECONDS": "0"], folder: workspace.folder)
    #expect(patient.standardError.contains("compare: 100 %"))
  }

  @Test func commandsAreGrouped() throws {
    let help = try runTool(["--help"]).standardOutput
    for group in ["COLLECTIONS", "PRIORS", "AUDIO", "POSTERIOR", "EVALUATION", "FILES"] {
      #expect(help.contains("\(group) SUBCOMMANDS:"))
    }
    let misspelt = try runTool(["transfr", "--prior", "p.h5"])
    #expect(misspelt.exitCode == 64 && misspelt.standardError.contains("did you mean transfer?"))
  }

  @Test func everyHelpTellsADefaultOnce() throws {
    let commands = try runTool(["--help"]).standardOutput.matches(of: /\n  ([a-z]+) {2,}[A-Z]/).map {
      String($0.output.1)
    }
    #expect(commands.count > 30 && commands.contains("simulate") && commands.contains("posterior"))
    for command in commands {
      let help = try runTool([command, "--help"]).standardOutput
      // One paragraph per option: lines after its first are indented further.
      let options = help.split(separator: /\n(?=  -)/)
      #expect(!help.isEmpty && !help.contains("default: none"), "\(command)")
      for option in options {
        #expect(option.matches(of: #/\(default: |; default: /#).count <= 1, "\(command): \(option)")
      }
    }
  }
}
