import Foundation
import PresetStore
import TestSupport
import Testing

/// `merge` of run folders of an evaluation, made here after their description in docs/file-formats.md.
@Suite("Merging evaluations") struct EvaluationMergeTests {
  private static let tracks = (0..<5).map { (song: "Song, \($0 / 2)", stem: "stem \($0)") }
  private static let methods = ["transfer:mfcc:0.1", "mean"]

  /// Writes the folder of a shard.
  ///
  /// - Parameters:
  ///   - dropped: rows that are left out, as (track, method).
  ///   - extra: put into `run.json`.
  private func store(
    _ index: Int, of count: Int, seed: Int = 1, dropped: [[Int]] = [], isComplete: Bool? = nil,
    extra: [String: Any] = [:], in workspace: Workspace, as name: String? = nil
  ) throws {
    let record = ShardRecord(
      kind: .evaluation, index: index, count: count, rowCount: Self.tracks.count,
      command: "priorkit evaluate a.csv",
      terms: [.init("seed", "\(seed)")])
    let folder = workspace.path(name ?? "run-\(index)-of-\(count)")
    let own = Self.tracks.indices.filter { $0 % count == index - 1 }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var run: [String: Any] = [
      "kind": "priorkit evaluation", "methods": Self.methods,
      "tracks": Self.tracks.map { ["song": $0.song, "stem": $0.stem] },
      "shard": try JSONSerialization.jsonObject(with: JSONEncoder().encode(record)),
      "skipped": own.filter { $0 == 3 || $0 == 0 }.map {
        ["song": Self.tracks[$0].song, "stem": Self.tracks[$0].stem, "reason": "silent"]
      },
      "provenance": [
        "command": "priorkit evaluate a.csv --shard \(index)/\(count)", "date": "2026-01-0\(index)", "version": "1",
        "seed": UInt64.max, "inputs": own.map { ["path": "\($0).wav", "sha256": "\($0)"] },
      ],
    ]
    if let isComplete { run["complete"] = isComplete }
    run.merge(extra) { $1 }
    try JSONSerialization.data(withJSONObject: run).write(to: URL(fileURLWithPath: folder + "/run.json"))
    func table(_ header: String, _ file: String, _ cell: (Int, Int) -> String) throws {
      var text = "model,track_id,stem_id,\(header)\n"
      // A run that was resumed has its rows in another order.
      for track in own.reversed() {
        for method in Self.methods.indices where !dropped.contains([track, method]) {
          let song = "\"\(Self.tracks[track].song)\""
          text += "\(Self.methods[method]),\(song),\(Self.tracks[track].stem),\(cell(track, method))\n"
        }
      }
      try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/" + file))
    }
    try table("mss_lr,param_mse", "scores.csv") { "\($0).\($1),\($1 == 0 ? "" : "0.1")" }
    try table("logit:a", "presets.csv") { "-\($0)e-\($1 + 3)" }
    try table("seconds", "timings.csv") { _, _ in "\(Double(index) / 7)" }
    for track in own {
      let audio = folder + "/audio/stem-\(track)"
      try FileManager.default.createDirectory(atPath: audio, withIntermediateDirectories: true)
      try Data("sound \(track)".utf8).write(to: URL(fileURLWithPath: audio + "/mean.wav"))
    }
  }

  private func whole(_ count: Int, in workspace: Workspace) throws -> [String: Data] {
    for index in 1...count { try store(index, of: count, in: workspace) }
    let names = (1...count).map { "run-\($0)-of-\(count)" }.shuffled()
    try workspace.succeed(["merge"] + names + ["-o", "whole-\(count)"])
    let prefix = "whole-\(count)/"
    let found = try workspace.contents().filter { $0.key.hasPrefix(prefix) && !$0.key.hasSuffix("timings.csv") }
    return Dictionary(uniqueKeysWithValues: found.map { (String($0.key.dropFirst(prefix.count)), $0.value) })
  }

  @Test func anyNumberOfShardsGivesTheSameFolder() throws {
    let workspace = try Workspace()
    let one = try whole(1, in: workspace)
    for count in [2, 3, 4, 5, 6] { #expect(try whole(count, in: workspace) == one, "\(count) shards") }
    let scores = try workspace.text("whole-3/scores.csv").split(separator: "\n")
    #expect(scores.count == 11 && scores[0] == "model,track_id,stem_id,mss_lr,param_mse")
    #expect(
      scores[1] == "transfer:mfcc:0.1,\"Song, 0\",stem 0,0.0," && scores[10] == "mean,\"Song, 2\",stem 4,4.1,0.1")
    #expect(try workspace.text("whole-3/timings.csv").split(separator: "\n").count == 11)
    #expect(one["audio/stem-4/mean.wav"] == Data("sound 4".utf8))
    let json = try JSONSerialization.jsonObject(with: try #require(one["run.json"])) as? [String: Any]
    let run = try #require(json)
    let provenance = try #require(run["provenance"] as? [String: Any])
    #expect(provenance["command"] as? String == "priorkit evaluate a.csv" && provenance["date"] as? String == "")
    #expect((provenance["seed"] as? NSNumber)?.uint64Value == UInt64.max)
    #expect((provenance["inputs"] as? [[String: String]])?.map { $0["path"] } == (0..<5).map { "\($0).wav" })
    #expect((run["skipped"] as? [[String: String]])?.map { $0["stem"] } == ["stem 0", "stem 3"])
    #expect(run["shard"] is NSNull && (run["tracks"] as? [Any])?.count == 5)
    try workspace.expectFailure(["merge", "run-1-of-2", "run-2-of-2", "-o", "whole-2"], "whole-2", "--force")
    try workspace.expectFailure(
      ["merge", "whole-2", "whole-3", "-o", "both"], "whole-2 is no shard but a whole run")
    try workspace.succeed(["merge", "run-1-of-2", "run-2-of-2", "-o", "whole-2", "--force"])
  }

  @Test func foldersThatAreNotOneRunAreNamed() throws {
    let workspace = try Workspace()
    for index in 1...2 { try store(index, of: 2, in: workspace) }
    try store(2, of: 2, seed: 2, in: workspace, as: "seed")
    try store(2, of: 2, dropped: [[1, 0]], in: workspace, as: "stopped")
    try store(2, of: 2, isComplete: false, in: workspace, as: "unfinished")
    try store(1, of: 1, in: workspace, as: "all")
    try store(2, of: 2, extra: ["metrics": ["x"]], in: workspace, as: "metrics")
    try workspace.store("{\"shard\": null}".utf8, as: "null.json")
    let first = "run-1-of-2"
    func refuse(_ part: String, _ words: String) throws {
      try workspace.expectFailure(["merge", first, part, "-o", "whole"], words)
    }
    try workspace.expectFailure(
      ["merge", first, "-o", "whole"], "Shard 2/2 of priorkit evaluate a.csv is missing: run it")
    try refuse("seed", "seed is a shard of another run than run-1-of-2 (seed 2 instead of 1)")
    try refuse(
      "stopped", "stopped/scores.csv has no row of transfer:mfcc:0.1 on stem 1 of Song, 0: resume that shard")
    try refuse("unfinished", "unfinished is not finished: resume that shard")
    try refuse("all", "all is shard 1/1 but run-1-of-2 is shard 1/2")
    try refuse("metrics", "metrics and run-1-of-2 differ in metrics")
    try refuse("null.json", "null.json is no shard but run-1-of-2 is a shard of an evaluation")
    try refuse("nowhere", "There is no nowhere: run that shard")
    // Rows that a finished run left out are none.
    try store(1, of: 2, isComplete: true, in: workspace)
    try store(2, of: 2, dropped: [[1, 0], [3, 0], [3, 1]], isComplete: true, in: workspace)
    try workspace.succeed(["merge", first, "run-2-of-2", "-o", "whole"])
    #expect(try workspace.text("whole/scores.csv").split(separator: "\n").count == 8)
    let rows = try workspace.text("run-2-of-2/scores.csv")
    let last = try #require(rows.split(separator: "\n").last)
    try workspace.store((rows + last + "\n").utf8, as: "run-2-of-2/scores.csv")
    try workspace.expectFailure(
      ["merge", first, "run-2-of-2", "-o", "other"],
      "run-2-of-2/scores.csv has two rows of mean on stem 1 of Song, 0")
    // Rows of another shard's track.
    try FileManager.default.removeItem(atPath: workspace.path("run-2-of-2/scores.csv"))
    try FileManager.default.copyItem(
      atPath: workspace.path("run-1-of-2/scores.csv"), toPath: workspace.path("run-2-of-2/scores.csv"))
    try workspace.expectFailure(
      ["merge", first, "run-2-of-2", "-o", "other"], "has a row of stem 4 of Song, 2, which is not of shard 2/2")
  }
}
