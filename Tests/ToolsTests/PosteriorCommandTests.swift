import FXParams
import Foundation
import HDF5Store
import Inference
import NumericCore
import PresetStore
import TestSupport
import Testing

@Suite("Commands on a posterior")
struct PosteriorCommandTests {
  private let workspace: Workspace

  init() throws {
    workspace = try Workspace()
  }

  private func store(_ draws: PosteriorDraws, as name: String = "posterior.nc") throws {
    try PosteriorFile.write(
      draws, to: workspace.path(name), force: false, provenance: Provenance(arguments: ["test"], seed: 1))
  }

  /// Draws that meet limits that are not too strict.
  private func storeGood() throws {
    var draws = try ExamplePosterior.draws(draws: 200, correlation: 0)
    for chain in draws.chains.indices { draws.chains[chain].statistics[MarkovChainDraws.diverging] = nil }
    try store(draws)
  }

  private static let easy = ["--maximum-rhat", "1.2", "--minimum-ess", "50"]

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  // MARK: - Diagnose

  @Test func diagnosePassesGoodDraws() throws {
    try storeGood()
    let result = try workspace.succeed(["diagnose", "posterior.nc", "--rows", "5"] + Self.easy)
    #expect(
      result.standardOutput.contains("4 chains of 200 draws of 130 parameters by nuts, alpha 0.1: every limit"))
    #expect(result.standardOutput.contains("and 125 more"))
  }

  @Test func diagnoseFailsBadDrawsWithItsOwnCodeAndSaysWhy() throws {
    try store(ExamplePosterior.draws(draws: 60, correlation: 0.95))
    let result = try workspace.run(["diagnose", "posterior.nc"])
    #expect(result.exitCode == 3 && result.standardError.isEmpty)
    let lines = result.standardOutput.split(separator: "\n")
    #expect(lines[0].hasSuffix("not to be trusted yet."))
    #expect(result.standardOutput.contains("130 of 130 parameters have bulk ESS below 400 (least:"))
    #expect(result.standardOutput.contains("1 of 240 transitions diverged"))
    let found = try object(try workspace.run(["diagnose", "posterior.nc", "--json"]).standardOutput)
    #expect(found["is_trustworthy"] as? Bool == false)
    let parameters = try #require(found["parameters"] as? [[String: Any]])
    let first = try #require(parameters.first?["bulk_ess"] as? Double)
    let last = try #require(parameters.last?["bulk_ess"] as? Double)
    #expect(parameters.count == 130 && first < last)
  }

  @Test func oneDrawHasAClearOutcomeEverywhere() throws {
    try store(ExamplePosterior.draws(chains: 1, draws: 1, warmUp: 0))
    let result = try workspace.run(["diagnose", "posterior.nc"])
    #expect(result.exitCode == 3 && result.standardOutput.contains("1 draw in each chain cannot be judged"))
    #expect(try workspace.run(["diagnose", "posterior.nc", "--json"]).exitCode == 3)
    try workspace.succeed(["show", "posterior.nc"])
    try workspace.succeed(["export", "posterior.nc", "-o", "one.csv"])
  }

  @Test(.enabled(if: Gnuplot.isInstalled, Gnuplot.absence)) func oneDrawIsReported() throws {
    try store(ExamplePosterior.draws(chains: 1, draws: 1, warmUp: 0))
    try workspace.succeed(["report", "posterior.nc", "-o", "one.html"])
    #expect(try workspace.text("one.html").contains("1 draw in each chain cannot be judged"))
  }

  @Test func wrongFilesAndOptionsAreRefused() throws {
    try workspace.storeSmallPresets()
    try workspace.expectFailure(["diagnose", "small.h5"], "holds presets, not a posterior")
    try workspace.expectFailure(["report", "none.nc", "-o", "r.html"], "no file none.nc")
    try workspace.expectFailure(["export", "small.h5", "-o", "s.h5"], "a preset file already")
    try workspace.expectFailure(["export", "small.h5", "-o", "s.csv", "--stan"], "--stan is for posterior draws")
    #expect(try workspace.run(["diagnose", "x.nc", "--maximum-rhat", "0.9"]).exitCode == 64)
    #expect(try workspace.run(["export", "x.nc", "-o", "x.h5", "--stan"]).exitCode == 64)
  }

  @Test func damagedFilesAreRefusedByAllThatReadThem() throws {
    try store(ExamplePosterior.draws(chains: 2, draws: 5))
    let bytes = try Data(contentsOf: workspace.folder.appendingPathComponent("posterior.nc"))
    try workspace.store(bytes.prefix(bytes.count / 2), as: "cut.nc")
    try storeByHand("sound.nc")
    try storeByHand("nan.nc", logit: .nan)
    try storeByHand("infinite.nc", logLikelihood: -.infinity)
    try storeByHand("unsure.nc", energy: .nan)
    for command in [["diagnose"], ["show"], ["report", "-o", "r.html"], ["export", "-o", "e.h5"]] {
      func refuse(_ name: String, _ words: String...) throws {
        let result = try workspace.run(command + [name])
        let sentence = result.standardError.split(separator: "\n").last ?? ""
        #expect(result.exitCode == 1 && sentence.hasPrefix("priorkit: error: ") && sentence.hasSuffix("."))
        for word in words { #expect(sentence.contains(word), "\(sentence)") }
        #expect(!workspace.exists("r.html") && !workspace.exists("e.h5"))
      }
      try refuse("cut.nc", "cut.nc is cut off")
      try refuse("nan.nc", "A logit is nan at draw 4 of chain 1 for nan.nc")
      try refuse("infinite.nc", "log-likelihood is -inf at draw 4 of chain 1")
      try refuse("unsure.nc", "statistic energy is nan at draw 4 of chain 1")
    }
    // The same file without the damage.
    #expect(try workspace.run(["diagnose", "sound.nc"]).exitCode == 3)
  }

  /// Two chains of five draws of a one-band equaliser, as no sampler of ours would write them: its last draw as
  /// told.
  private func storeByHand(
    _ name: String, logit: Double = 0.5, logLikelihood: Double = -1, energy: Double = 2
  ) throws {
    func draws(_ last: Double) -> [Double] { (0..<9).map { sin(Double($0)) } + [last] }
    let chain = ChainDescription.bell
    try HDF5Writer.create(workspace.path(name), overwrite: false) { file in
      try file.set("posterior", attribute: "priorkit_kind")
      try file.set(1, attribute: "priorkit_version")
      try file.write(chain.yaml(), to: "/priorkit/parameter_space")
      try file.write(chain.parameterSpace.names, to: "/priorkit/names")
      try file.set("nuts", attribute: "sampler", of: "/priorkit")
      for (attribute, value) in [("alpha", 0.1), ("elapsed_seconds", 1)] {
        try file.set(value, attribute: attribute, of: "/priorkit")
      }
      for parameter in chain.parameterSpace.names {
        try file.write(draws(logit), shape: [2, 5], to: "/unconstrained_posterior/\(parameter)")
      }
      try file.write(draws(-1), shape: [2, 5], to: "/log_prior/preset")
      try file.write(draws(logLikelihood), shape: [2, 5], to: "/log_likelihood/style")
      try file.write(draws(energy), shape: [2, 5], to: "/sample_stats/energy")
    }
  }

  // MARK: - Export

  /// Readers that know nothing of it read the rest.
  @Test func exportsTellWhereTheyAreFrom() throws {
    try store(ExamplePosterior.draws(chains: 2, draws: 5))
    let hash = try Provenance.sha256(ofFile: workspace.path("posterior.nc"))
    try workspace.succeed(["export", "posterior.nc", "-o", "draws.json", "--logits"])
    let list = try #require(
      try JSONSerialization.jsonObject(with: Data(workspace.text("draws.json").utf8)) as? [[String: Any]])
    let record = try #require(list[0]["provenance"] as? [String: Any])
    #expect((record["command"] as? String)?.contains("export posterior.nc -o draws.json") == true)
    #expect(record["version"] as? String == Provenance.currentVersion && record["date"] is String)
    #expect((record["inputs"] as? [[String: String]])?.first == ["path": "posterior.nc", "sha256": hash])
    #expect(list.count == 10 && !list.dropFirst().contains { $0["provenance"] != nil })
    let draws = try PosteriorFile.read(workspace.path("posterior.nc"))
    #expect(try PresetJSON.read(workspace.path("draws.json"), chain: draws.chain).theta == draws.pooledLogits)
    try workspace.succeed(["export", "posterior.nc", "-o", "draws.npz"])
    // Entries are stored as they are, and text as UTF-32.
    let archive = try Data(contentsOf: workspace.folder.appendingPathComponent("draws.npz"))
    #expect(archive.range(of: Data("provenance.npy".utf8)) != nil)
    #expect(archive.range(of: try #require(hash.data(using: .utf32LittleEndian))) != nil)
    try workspace.succeed(["export", "posterior.nc", "-o", "draws.csv", "--stan"])
    let comments = try workspace.text("draws_1.csv").split(separator: "\n").prefix { $0.hasPrefix("#") }
    #expect(comments.contains("# input posterior.nc = sha256 \(hash)"))
  }

  @Test func exportGivesPresetsWithEveryBit() throws {
    try store(ExamplePosterior.draws(chains: 2, draws: 5))
    let draws = try PosteriorFile.read(workspace.path("posterior.nc"))
    try workspace.succeed(["export", "posterior.nc", "-o", "draws.h5"])
    let presets = try PresetFile.read(workspace.path("draws.h5"))
    #expect(presets.theta == draws.pooledLogits && presets.chain == draws.chain)
    #expect(presets.labels?[7] == "chain-2-draw-3" && presets.groups?[7] == "chain-2")
    try workspace.succeed(["export", "posterior.nc", "-o", "draws.csv", "--logits"])
    let row = try workspace.text("draws.csv").split(separator: "\n")[8].split(separator: ",").dropFirst(2)
    #expect(row.map { Double($0) } == presets.theta.row(7).map { $0 })
  }

  @Test func stanCSVHasAFileAChain() throws {
    try store(ExamplePosterior.draws(chains: 2, draws: 5))
    try workspace.succeed(["export", "posterior.nc", "-o", "stan.csv", "--stan"])
    let lines = try workspace.text("stan_2.csv").split(separator: "\n")
    let header = try #require(lines.first { !$0.hasPrefix("#") }).split(separator: ",")
    #expect(
      header.prefix(7) == [
        "lp__", "accept_stat__", "stepsize__", "treedepth__", "n_leapfrog__", "divergent__", "energy__",
      ])
    #expect(header.contains("peak1_gain") && header.contains("reverb_gamma.49") && header.count == 137)
    let rows = lines.filter { !$0.hasPrefix("#") }.dropFirst()
    #expect(rows.count == 5 && rows.allSatisfy { $0.split(separator: ",").count == 137 })
    try workspace.expectFailure(["export", "posterior.nc", "-o", "stan.csv", "--stan"], "stan_1.csv", "exists")
  }

  // MARK: - Names for Python

  /// What is read back, and what is said of it, does not depend on the names in the file.
  @Test func otherNamesChangeNothing() throws {
    let draws = try ExamplePosterior.draws(chains: 2, draws: 30)
    try store(draws)
    let provenance = try Provenance(arguments: ["test"], seed: 1)
    try FileManager.default.createDirectory(
      at: workspace.folder.appendingPathComponent("names"), withIntermediateDirectories: true)
    try PosteriorFile.write(
      draws, to: workspace.path("names/posterior.nc"), force: false, provenance: provenance, naming: .identifiers)
    for command in [["diagnose"], ["diagnose", "--json"], ["show"], ["show", "--json", "--all"]] {
      let texts = try ["posterior.nc", "names/posterior.nc"].map {
        try workspace.run(command + [$0]).standardOutput
      }
      #expect(texts[0] == texts[1] && !texts[0].isEmpty)
    }
    for file in ["draws.csv", "draws.json"] {
      try workspace.succeed(["export", "posterior.nc", "--logits", "-o", file])
      try workspace.succeed(["export", "names/posterior.nc", "--logits", "-o", "names/" + file])
    }
    #expect(try workspace.text("draws.csv") == workspace.text("names/draws.csv"))
    try workspace.succeed(["export", "names/posterior.nc", "-o", "names/draws.h5"])
    #expect(try PresetFile.read(workspace.path("names/draws.h5")).theta == draws.pooledLogits)
  }

  @Test(.enabled(if: Gnuplot.isInstalled, Gnuplot.absence)) func otherNamesAreDrawnAlike() throws {
    let draws = try ExamplePosterior.draws(chains: 2, draws: 30)
    try store(draws)
    try PosteriorFile.write(
      draws, to: workspace.path("names.nc"), force: false, provenance: Provenance(arguments: ["test"], seed: 1),
      naming: .identifiers)
    for name in ["posterior", "names"] {
      try workspace.succeed(["report", name + ".nc", "-o", name + ".html"])
      try workspace.succeed(["plot", name + ".nc", "-o", name + ".svg"])
    }
    #expect(try workspace.text("names.html").contains("peak1.gain"))
    #expect(!(try workspace.text("names.html")).contains("peak1_gain"))
    // The record of how they were made names the files.
    let pictures = try ["posterior.svg", "names.svg"].map {
      try workspace.text($0).replacing(/<metadata.*?<\/metadata>/.dotMatchesNewlines(), with: "")
        .replacing(/posterior|names/, with: "")
    }
    #expect(pictures[0] == pictures[1])
  }

  // MARK: - Show

  @Test func showSummarises() throws {
    try store(ExamplePosterior.draws(draws: 5))
    let result = try workspace.succeed(["show", "posterior.nc", "--json"])
    let found = try object(result.standardOutput)
    #expect(found["sampler"] as? String == "nuts" && (found["parameters"] as? [Any])?.count == 130)
  }
}
