import Foundation
import Inference
import TestSupport
import Testing

/// What `show` says of the draws of a posterior that was interrupted.
@Suite("priorkit show, of unfinished chains")
struct DrawLogShowTests {
  private let workspace: Workspace
  private let folder = "out.nc.chains"

  init() throws {
    workspace = try Workspace()
    try workspace.storePrior()
  }

  private func arguments(draws: Int) -> [String] {
    [
      "posterior", "--prior", "prior.h5", "--from-prior", "--sampler", "ess", "--seed", "4", "--chains", "2",
      "--warmup", "10", "--draws", "\(draws)", "--threads", "2", "-o", "out.nc",
    ]
  }

  /// A run that was killed while both chains draw.
  private func interrupt() throws {
    let run = try RunningTool(arguments(draws: 2_000_000), folder: workspace.folder)
    let logs = [0, 1].map { workspace.path("\(folder)/chain-\($0).draws") }
    for _ in 0..<600 {
      let counts = logs.map { (try? DrawLog.content(of: $0).rowCount) ?? 0 }
      if counts.allSatisfy({ $0 > 20 }) { break }
      usleep(50_000)
    }
    run.kill()
    #expect(try run.result().exitCode == 137)
  }

  /// Cuts a log after some whole iterations and a part of one more.
  private func cut(chain: Int, after rows: Int, and bytes: Int) throws {
    let path = workspace.path("\(folder)/chain-\(chain).draws")
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    let header = try #require(data.range(of: Data("\n\n".utf8))?.upperBound)
    let lines = String(decoding: data[..<header], as: UTF8.self).split(separator: "\n")
    let row = (try #require(Int(lines[2])) + 1) * 8
    try data.prefix(header + rows * row + bytes).write(to: URL(fileURLWithPath: path))
  }

  @Test func chainsTellTheirDrawsAndHowToGoOn() throws {
    try interrupt()
    try cut(chain: 0, after: 13, and: 5)
    try cut(chain: 1, after: 7, and: 0)
    let before = try Data(contentsOf: URL(fileURLWithPath: workspace.path("\(folder)/chain-0.draws")))
    let text = try workspace.succeed(["show", folder]).standardOutput
    #expect(text.hasPrefix("Draws of an unfinished posterior by ess\ntarget:    prior "))
    #expect(text.contains("seed 4\n"))
    #expect(text.contains("    0       10  3 of 2000000  unfinished; the last 5 bytes are cut off or damaged"))
    #expect(text.contains("    1        7  0 of 2000000  unfinished\n"))
    #expect(text.hasSuffix("to go on: priorkit \(arguments(draws: 2_000_000).joined(separator: " ")) --resume\n"))
    let one = try workspace.succeed(["show", folder + "/chain-1.draws"]).standardOutput
    #expect(one.contains("    1        7  0 of 2000000  unfinished\n") && !one.contains("    0       10"))
    #expect(one.hasSuffix(" --resume\n"))
    let report = try #require(
      try JSONSerialization.jsonObject(
        with: Data(workspace.succeed(["show", folder, "--json"]).standardOutput.utf8)) as? [String: Any])
    #expect(report["kind"] as? String == "draws of an unfinished posterior")
    let chains = try #require(report["chains"] as? [[String: Any]])
    #expect(chains.count == 2 && chains[0]["draws"] as? Int == 3 && chains[0]["lost_bytes"] as? Int == 5)
    #expect(chains[0]["is_complete"] as? Bool == false && chains[1]["warm_up"] as? Int == 7)
    #expect(try Data(contentsOf: URL(fileURLWithPath: workspace.path("\(folder)/chain-0.draws"))) == before)
    // What it says to run does go on; here for fewer draws.
    let result = try workspace.run(arguments(draws: 6) + ["--resume"])
    #expect(result.exitCode == 3 && !workspace.exists(folder), "\(result.standardError)")
    #expect(try PosteriorFile.read(workspace.path("out.nc")).drawCount == 6)
  }

  @Test func foldersWithoutARecordAndOtherFilesHaveAClearOutcome() throws {
    try interrupt()
    for note in [
      "", "[]", #"{"chains": -1, "warmUp": 0, "draws": 1}"#,
      #"{"chains": 1, "warmUp": 9223372036854775807, "draws": 9223372036854775807}"#,
    ] {
      try workspace.store(note.utf8, as: folder + "/run.json")
      #expect(try workspace.succeed(["show", folder]).standardOutput.contains("priorkit posterior ... -o out.nc"))
    }
    try FileManager.default.removeItem(atPath: workspace.path("\(folder)/run.json"))
    try FileManager.default.removeItem(atPath: workspace.path("\(folder)/chain-1.draws"))
    let text = try workspace.succeed(["show", folder]).standardOutput
    #expect(text.contains("target:    prior ") && text.contains(": priorkit posterior ... -o out.nc --resume\n"))
    try workspace.store("".utf8, as: "chain-3.draws")
    let empty = try workspace.succeed(["show", "chain-3.draws"]).standardOutput
    #expect(empty.contains("    3        0      0  no iteration yet"))
    let least = "priorkit draws 2\nprior ess warm_up=\(Int.min) seed=1 chain=\(Int.min)\n5\n\n"
    try workspace.store(least.utf8, as: "least.draws")
    #expect(try workspace.succeed(["show", "least.draws"]).standardOutput.contains("no iteration yet"))
    try workspace.store("some text".utf8, as: "other.draws")
    try workspace.expectFailure(["show", "other.draws"], "other.draws", "no draws of an unfinished posterior")
    try workspace.store("priorkit draws 1\nprior\n5\n\n".utf8, as: "old.draws")
    try workspace.expectFailure(["show", "old.draws"], "old.draws", "another version of priorkit")
    try workspace.expectFailure(["show", "none.draws"], "none.draws")
  }
}
