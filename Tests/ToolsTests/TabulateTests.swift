import Foundation
import TestSupport
import Testing

/// `priorkit tabulate` on tables of a few rows.
@Suite("Tables of scores")
struct TabulateTests {
  /// Three methods on four stems of three songs; `new` lacks the last one, and has no PMSE.
  private static let scores = """
    model,track_id,stem_id,mss_lr,param_mse
    old,s,s1,1.5,2
    old,s,s2,2.5,4
    old,t,t1,3,1
    old,u,u1,4,0.5
    mean,s,s1,1,3
    mean,s,s2,1,5
    mean,t,t1,2,2
    mean,u,u1,3.5,1
    "new, better",s,s1,0.5,
    "new, better",s,s2,0.25,
    "new, better",t,t1,1.5,

    """

  private func workspace() throws -> Workspace {
    let space = try Workspace()
    try space.store(Self.scores.utf8, as: "scores.csv")
    return space
  }

  // MARK: Printing

  @Test func methodsAreSeenOnTheTracksThatTheyShare() throws {
    let space = try workspace()
    let result = try space.succeed(["tabulate", "scores.csv"])
    #expect(result.standardOutput.hasPrefix("3 methods on 3 tracks of 2 songs: mean (median)\n\n"))
    #expect(result.standardOutput.contains(/\nold +2\.333 \(2\.5\) +2\.333 \(2\)\n/))
    #expect(result.standardOutput.contains(/\nnew, better +0\.75 \(0\.5\) +-\n/))
    #expect(result.standardOutput.contains("\nMSS l/r, and differences to mean\n"))
    #expect(
      result.standardError == """
        1 of 4 tracks are left out: not every method was tried on them.
        The baseline is mean.
        There is no param_mse of new, better.

        """)
    let apart = try space.succeed(["tabulate", "scores.csv", "--all-tracks", "-q"])
    #expect(apart.standardError.isEmpty)
    #expect(apart.standardOutput.contains(/\nold +2\.75 \(2\.75\) \[4\] +1\.875 \(1\.5\) \[4\]\n/))
    #expect(apart.standardOutput.contains(/\nnew, better +0\.75 \(0\.5\) \[3\] +-\n/))
    // Of two songs, each difference is exact: 2 of 4 patterns of signs.
    #expect(apart.standardOutput.contains(/\nnew, better +3 .* -0\.5625 +-0\.625 to -0\.5 +2 +0\.5 +0\.5 +-1\n/))
  }

  @Test func choicesOrderAndRestrict() throws {
    let space = try workspace()
    let result = try space.succeed([
      "tabulate", "scores.csv", "--methods", "mean,old", "--metrics", "param_mse", "--baseline", "old", "--format",
      "csv",
    ])
    let lines = result.standardOutput.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    #expect(lines.count == 3 && Set(lines.map(\.count)).count == 1)
    #expect(lines[0].prefix(5) == ["metric", "method", "tracks", "songs", "mean"])
    #expect(lines[1].prefix(5) == ["param_mse", "mean", "4", "3", "2.75"])
    #expect(lines[2].prefix(5) == ["param_mse", "old", "4", "3", "1.875"])
    #expect(result.standardError.isEmpty)
    // One method has nothing to be compared with.
    let single = try space.succeed(["tabulate", "scores.csv", "--methods", "old"])
    #expect(!single.standardOutput.contains("Holm") && single.standardError.isEmpty)
  }

  @Test func markdownHasTheSameTables() throws {
    let space = try workspace()
    let text = try space.succeed(["tabulate", "scores.csv", "--format", "markdown"]).standardOutput
    #expect(text.hasPrefix("### 3 methods on 3 tracks of 2 songs: mean (median)\n\n| method | MSS l/r | PMSE |\n"))
    #expect(text.contains("\n| --- | ---: | ---: |\n| old | 2.333 (2.5) | 2.333 (2) |\n"))
  }

  @Test func jsonParses() throws {
    struct Report: Decodable {
      struct Metric: Decodable {
        struct Row: Decodable {
          struct Scores: Decodable {
            let tracks: Int
            let mean: Double
            let meanInterval: [Double]?
          }
          struct Difference: Decodable {
            let pairs: Int
            let pValue: Double
            let isExact: Bool
          }
          let method: String
          let scores: Scores
          let difference: Difference?
        }
        let key: String
        let methods: [Row]
      }
      let baseline: String
      let unit: String
      let seed: Int
      let metrics: [Metric]
    }
    let space = try workspace()
    let text = try space.succeed(["tabulate", "scores.csv", "--json", "--seed", "7", "--by", "stem"]).standardOutput
    let report = try snakeCaseDecoder.decode(Report.self, from: Data(text.utf8))
    #expect(report.baseline == "mean" && report.unit == "stem" && report.seed == 7)
    let old = try #require(report.metrics.first { $0.key == "mss_lr" }?.methods.first { $0.method == "old" })
    #expect(old.scores.tracks == 3 && old.scores.meanInterval?.count == 2)
    #expect(old.difference?.pairs == 3 && old.difference?.pValue == 0.25 && old.difference?.isExact == true)
    #expect(
      try space.succeed(["tabulate", "scores.csv", "--json", "--seed", "7", "--by", "stem"]).standardOutput == text)
  }

  // MARK: Files

  @Test func theJoinedScoresAreReadBack() throws {
    let space = try workspace()
    let lines = Self.scores.split(separator: "\n").map(String.init)
    try space.store((lines[...6].joined(separator: "\n") + "\n").utf8, as: "1.csv")
    try space.store(([lines[0]] + lines[7...]).joined(separator: "\r\n").utf8, as: "2.csv")
    try space.succeed(["tabulate", "1.csv", "2.csv", "--all-tracks", "-o", "joined.csv"])
    #expect(try space.text("joined.csv") == Self.scores.replacing(/,(\d)(?=[,\n])/) { ",\($0.1).0" })
    let whole = try space.succeed(["tabulate", "scores.csv", "--json"]).standardOutput
    #expect(
      try space.succeed(["tabulate", "joined.csv", "--json"]).standardOutput.replacing(
        "joined.csv", with: "scores.csv")
        == whole)
    try space.expectFailure(["tabulate", "scores.csv", "-o", "joined.csv"], "joined.csv", "--force")
    try space.succeed(["tabulate", "scores.csv", "-o", "joined.csv", "--force"])
    // Only what the statistics rest on.
    #expect(try space.text("joined.csv").split(separator: "\n").count == 10)
  }

  @Test(.enabled(if: Gnuplot.isInstalled, Gnuplot.absence)) func theFigureIsAnSVG() throws {
    let space = try workspace()
    try space.succeed(["tabulate", "scores.csv", "--figure", "scores.svg", "--seed", "3"])
    let text = try space.text("scores.svg")
    #expect(text.hasPrefix("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<svg"))
    #expect(text.contains("xmlns=\"http://www.w3.org/2000/svg\"") && text.hasSuffix("</svg>\n\n"))
    #expect(text.contains("MSS l/r, 3 tracks") && text.contains("new, better"))
    // How it was made is in the file.
    #expect(text.contains("seed 3; inputs: scores.csv sha256:"))
    try space.expectFailure(["tabulate", "scores.csv", "--figure", "scores.svg"], "scores.svg", "--force")
  }

  /// Names come from files: gnuplot is to see text in them, not commands.
  @Test(.enabled(if: Gnuplot.isInstalled, Gnuplot.absence)) func namesAreNoCommands() throws {
    let space = try workspace()
    let name = "it's'\nset output 'stolen'\n#"
    try space.store("model,track_id,stem_id,\"\(name)\"\n\"\(name)\",s,s1,1\nb,s,s1,2\n".utf8, as: "strange.csv")
    try space.succeed(["tabulate", "strange.csv", "--figure", "strange.svg"])
    #expect(!space.exists("stolen"))
    #expect(try space.text("strange.svg").contains("set output"))
  }

  // MARK: Mistakes

  @Test func badTablesGetOneSentence() throws {
    let space = try workspace()
    try space.store("label,log_density\na,1\n".utf8, as: "other.csv")
    try space.store("model,track_id,stem_id,mss_lr\n".utf8, as: "empty.csv")
    try space.store("model,track_id,stem_id,mss_lr\nold,s,s1,1\n".utf8, as: "again.csv")
    try space.store("model,track_id,stem_id,mss_lr\nfar,v,v1,1\n".utf8, as: "far.csv")
    try space.store("model,track_id,stem_id,mss_lr\nold,s,s1,1\nold,s,s1,2\n".utf8, as: "twice.csv")
    try space.store("model,track_id,stem_id,mss_lr\nold,s,s1,fine\n".utf8, as: "words.csv")
    try space.expectFailure(["tabulate", "other.csv"], "other.csv is no table of scores", "model")
    try space.expectFailure(
      ["tabulate", "scores.csv", "--against", "other.csv"], "other.csv is no table of scores")
    try space.expectFailure(["tabulate", "missing.csv"], "missing.csv")
    try space.expectFailure(["tabulate", "empty.csv"], "empty.csv has no scores")
    try space.expectFailure(["tabulate", "scores.csv", "--against", "empty.csv"], "empty.csv has no scores")
    try space.expectFailure(["tabulate", "twice.csv"], "Line 3 of twice.csv", "old on s1")
    try space.expectFailure(["tabulate", "words.csv"], "Line 2 of words.csv", "fine")
    try space.expectFailure(
      ["tabulate", "scores.csv", "again.csv"], "scores.csv and again.csv both have old on s1")
    try space.expectFailure(["tabulate", "far.csv", "far.csv"], "far.csv is given twice")
    try space.expectFailure(
      ["tabulate", "scores.csv", "far.csv"], "no track in common", "old on 4", "far on 1", "--all-tracks")
    try space.expectFailure(["tabulate", "scores.csv", "--baseline", "best"], "baseline best", "old, mean")
    try space.expectFailure(["tabulate", "scores.csv", "--methods", "old,best"], "method best", "old, mean")
    try space.expectFailure(["tabulate", "scores.csv", "--methods", "old,old"], "method old is named twice")
    try space.expectFailure(["tabulate", "scores.csv", "--metrics", "loss"], "metric loss", "mss_lr, param_mse")
    try space.store("model,track_id,stem_id,mss_lr\nold,s,s1,\n".utf8, as: "blank.csv")
    try space.expectFailure(["tabulate", "blank.csv"], "no number of mss_lr for old")
    try space.expectFailure(
      ["tabulate", "again.csv", "--against", "far.csv"], "Nothing of old", "published scores", "far")
  }

  @Test func wrongUsageIsSaid() throws {
    let space = try workspace()
    for arguments in [
      ["--json", "--format", "csv"], ["--figure", "x.png"], ["-o", "x.svg", "--figure", "x.svg"],
      ["--by", "album"],
      ["--format", "tex"], ["--resamples", "1"],
    ] {
      let result = try space.run(["tabulate", "scores.csv"] + arguments)
      #expect(result.exitCode == 64 && result.standardError.hasPrefix("priorkit: error: "), "\(arguments)")
    }
    #expect(try space.run(["tabulate"]).exitCode == 64)
  }
}
