import AudioFiles
import Foundation
import TestSupport
import Testing

@Suite("priorkit evaluate and recommend")
struct EvaluateCommandTests {
  private func workspace() throws -> Workspace {
    let workspace = try Workspace()
    try workspace.storePrior()
    try workspace.storeVoice(seconds: 2)
    return workspace
  }

  private func evaluate(_ more: String...) -> [String] {
    [
      "evaluate", "--hidden", "presets.h5", "--select", "0,5-6", "--dry", "dry.wav", "--prior", "prior.h5",
      "--segment-seconds", "0.6", "--collection", "presets.h5", "-o", "run",
    ] + more
  }

  @Test func aRunWritesTablesAudioAndWhereTheyComeFrom() throws {
    let workspace = try workspace()
    let result = try workspace.succeed(
      evaluate("--methods", "oracle,mean,no-effect", "--methods", "nn-param", "--save-audio"))
    #expect(result.standardError.contains("run: 12 rows"))
    let lines = try workspace.text("run/scores.csv").split(separator: "\n").map { String($0) }
    #expect(
      lines.count == 13 && lines[0].hasPrefix("model,track_id,stem_id,mldr_lr,mss_lr,mldr_ms,mss_ms,param_mse,"))
    // Hidden presets are measured against their own renderings.
    #expect(lines[1].hasPrefix("oracle,") && lines[1].hasSuffix(",0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0"))
    let run = try workspace.text("run/run.json")
    for word in ["\"priorkit evaluation\"", "\"sha256\"", "priorkit evaluate", "\"no-effect\""] {
      #expect(run.contains(word), "\(word)")
    }
    let stems = try FileManager.default.contentsOfDirectory(atPath: workspace.path("run/audio"))
    #expect(stems.count == 3)
    let files = try FileManager.default.contentsOfDirectory(atPath: workspace.path("run/audio/\(stems[0])"))
      .sorted()
    #expect(
      files == ["input.wav", "mean.wav", "no-effect.wav", "nn-param.wav", "oracle.wav", "reference.wav"].sorted())
    #expect(
      try workspace.audio("run/audio/\(stems[0])/oracle.wav")
        == workspace.audio("run/audio/\(stems[0])/reference.wav"))

    // What is there is not lost, and can be gone on with.
    let again = try workspace.run(evaluate("--methods", "mean"))
    #expect(again.exitCode == 1 && again.standardError.contains("--force"))
    // That is said before recordings are read.
    let unread = evaluate("--methods", "mean").map { $0 == "dry.wav" ? "missing.wav" : $0 }
    try workspace.expectFailure(unread, "run", "--force")
    let more = try workspace.succeed(
      evaluate("--methods", "oracle,mean,no-effect,nn-param,transfer:mfcc:0.1:lbfgs-2", "--resume"))
    #expect(more.standardError.contains("going on after 12 rows") && more.standardError.contains("run: 15 rows"))
  }

  @Test func wrongMethodsAndTracksAreNamed() throws {
    let workspace = try workspace()
    func refused(_ arguments: [String], _ words: String...) throws {
      let result = try workspace.run(arguments)
      #expect(result.exitCode == 64, "\(result.standardError)")
      for word in words { #expect(result.standardError.contains(word), "\(result.standardError)") }
    }
    try refused(evaluate("--methods", "best"), "best", "oracle")
    try refused(evaluate("--methods", "mean,mean"), "mean twice")
    try refused(evaluate("--methods", "transfer:vgg:0"), "vgg", "--encoder")
    let described = try workspace.run(evaluate("--methods", "mean,transfer:summary:0.1"))
    #expect(described.exitCode == 1 && described.standardError.contains("cannot compare styles"))
    try refused(["evaluate", "--hidden", "presets.h5", "--methods", "mean", "-o", "run"], "--dry")
    try refused(["evaluate", "--methods", "no-effect", "-o", "run"], "--diffvox")
    try refused(
      ["evaluate", "--hidden", "presets.h5", "--dry", "dry.wav", "--methods", "mean", "-o", "run"], "--prior")
    let beyond = try workspace.run(evaluate("--methods", "mean").map { $0 == "0,5-6" ? "0,9999" : $0 })
    #expect(beyond.exitCode == 1 && beyond.standardError.contains("9999"))

    // Two rates, and a mono reference.
    try workspace.store(
      AudioBuffer(channels: [[Float](repeating: 0.1, count: 48_000)], sampleRate: 48_000), as: "fast.wav")
    try workspace.store(
      Array(
        "track_id,stem_id,dry,wet\na,b,fast.wav,reference.wav\nc,d,dry.wav,dry.wav\ne,f,dry.wav,reference.wav\n"
          .utf8),
      as: "tracks.csv")
    let result = try workspace.run(
      [
        "evaluate", "tracks.csv", "--prior", "prior.h5", "--methods", "mean", "--segment-seconds", "0.6", "-o",
        "run",
      ])
    #expect(result.exitCode == 1)
    #expect(result.standardError.contains("48000 Hz") && result.standardError.contains("1 other"))
    #expect(try workspace.text("run/scores.csv").split(separator: "\n").count == 2)
    let missing = try workspace.run(
      [
        "evaluate", "tracks.csv", "--audio-root", "nowhere", "--prior", "prior.h5", "--methods", "mean", "-o",
        "none",
      ])
    #expect(missing.exitCode == 1 && missing.standardError.contains("--skip-missing") && !workspace.exists("none"))
  }

  /// Shards of evaluations and recommendations, in any order and number, with one that was killed.
  @Test func shardsGiveTheSameBytes() throws {
    let workspace = try workspace()
    try workspace.succeed(["render", "presets.h5", "--row", "7", "dry.wav", "-o", "wet.wav"])
    func merged(_ count: Int) throws -> [String: Data] {
      let order = (1...count).reversed()
      for index in order {
        let shard = ["--shard", "\(index)/\(count)"]
        let arguments =
          evaluate("--methods", "oracle,mean,transfer:mfcc:0.1:lbfgs-3").map {
            $0 == "run" ? "run-\(count)-\(index)" : $0
          } + shard
        if count == 3, index == 2 {
          let tool = try RunningTool(arguments, folder: workspace.folder)
          #expect(try tool.waitForMessage("evaluate: "))
          tool.kill()
          _ = try tool.result()
          try workspace.succeed(arguments + ["--resume"])
        } else {
          try workspace.succeed(arguments)
        }
        try workspace.succeed(
          ["recommend", "presets.h5", "--reference", "wet.wav", "--dry", "dry.wav", "-q"] + shard
            + ["-o", "near-\(count)-\(index).json"])
      }
      try workspace.succeed(["merge"] + order.map { "run-\(count)-\($0)" } + ["-o", "run-\(count)"])
      try workspace.succeed(["merge"] + order.map { "near-\(count)-\($0).json" } + ["-o", "near-\(count).json"])
      let files = ["scores.csv", "presets.csv", "run.json"].map { "run-\(count)/" + $0 } + ["near-\(count).json"]
      return Dictionary(
        uniqueKeysWithValues: try files.map {
          ($0.replacing("-\(count)", with: ""), Data(try workspace.text($0).utf8))
        })
    }
    let one = try merged(1)
    #expect(one.count == 4)
    #expect(try merged(3) == one)
    #expect(try merged(2) == one)
    let foreign = try workspace.run(["merge", "run-3-1", "run-2-2", "run-3-3", "-o", "mixed"])
    #expect(foreign.exitCode == 1 && foreign.standardError.contains("run-2-2"))
    let missing = try workspace.run(["merge", "run-3-1", "run-3-3", "-o", "mixed"])
    #expect(missing.exitCode == 1 && missing.standardError.contains("2/3") && !workspace.exists("mixed"))
  }

  @Test func aRecommendationIsListedKeptAndHeard() throws {
    let workspace = try workspace()
    try workspace.succeed(["render", "presets.h5", "--row", "7", "dry.wav", "-o", "wet.wav"])
    func recommend(_ more: String...) -> [String] {
      ["recommend", "presets.h5", "--reference", "wet.wav", "--dry", "dry.wav", "--count", "2"] + more
    }
    let text = try workspace.succeed(
      recommend("--cache", "cache", "--audition", "heard", "-o", "all.json")
    ).standardOutput
    let first = try #require(text.split(separator: "\n").dropFirst().first)
    #expect(first.contains(" 7 "), "\(text)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: workspace.path("heard")).count == 2)
    let json = try workspace.succeed(recommend("--cache", "cache", "--json")).standardOutput
    let listed = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]])
    #expect(listed.count == 2 && listed[0]["row"] as? Int == 7)
    let kept = try #require(
      try JSONSerialization.jsonObject(with: Data(try workspace.text("all.json").utf8)) as? [String: Any])
    #expect((kept["presets"] as? [Any])?.count == 360)
    let inputs = (kept["provenance"] as? [String: Any])?["inputs"] as? [[String: Any]]
    #expect(inputs?.map { $0["path"] as? String } == ["presets.h5", "wet.wav", "dry.wav"])
    let plain = try workspace.run(["recommend", "presets.h5", "--reference", "wet.wav"])
    #expect(plain.exitCode == 1 && plain.standardError.contains("dry vocal"))
  }
}
