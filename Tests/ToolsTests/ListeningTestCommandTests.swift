import AudioFiles
import Foundation
import TestSupport
import Testing

@Suite("Listening tests as a command")
struct ListeningTestCommandTests {
  private func workspace(_ change: (inout NoiseEvaluation) -> Void = { _ in }) throws -> Workspace {
    let workspace = try Workspace()
    var folder = NoiseEvaluation()
    change(&folder)
    try folder.write(to: workspace.path("run"))
    return workspace
  }

  private let make = ["listening-test", "make", "run", "-o", "test", "--seconds", "1"]

  // MARK: - Making

  @Test func makingIsTheDefaultAndRepeatable() throws {
    let workspace = try workspace()
    let result = try workspace.succeed(["listening-test", "run", "-o", "test", "--seconds", "1", "--seed", "3"])
    #expect(result.standardOutput.isEmpty)
    #expect(result.standardError.contains("test: 2 pages and 2 for practice, with 4 sounds, the hidden reference"))
    #expect(result.standardError.contains("of 1 s at -23 LUFS"))
    let first = try workspace.contents().filter { $0.key.hasPrefix("test/") }
    #expect(first.keys.contains("test/configs/test.yaml") && first.count { $0.key.hasSuffix(".wav") } == 20)
    try workspace.expectFailure(make, "exists already", "--force")
    try workspace.succeed(make + ["--seed", "3", "--force"])
    let second = try workspace.contents().filter { $0.key.hasPrefix("test/") }
    for (name, bytes) in first where !name.hasSuffix(".json") { #expect(second[name] == bytes, "\(name)") }
    // The key tells how the test was made.
    let key = try #require(
      try JSONSerialization.jsonObject(with: Data(workspace.text("test/listening-test.json").utf8))
        as? [String: Any])
    let provenance = try #require(key["provenance"] as? [String: Any])
    #expect((provenance["command"] as? String)?.hasPrefix("priorkit listening-test make run") == true)
    #expect(provenance["seed"] as? Int == 3)
    // Of each of four tracks three renderings, the reference and the input, and the record.
    #expect((provenance["inputs"] as? [Any])?.count == 4 * 5 + 1)
  }

  /// What `evaluate` writes is what `make` reads.
  @Test func anEvaluationBecomesATest() throws {
    let workspace = try Workspace()
    try workspace.storeVoice(seconds: 2)
    try workspace.storeSmallPresets()
    try workspace.succeed(["fit", "small.h5", "-o", "small-prior.h5"])
    try workspace.succeed([
      "evaluate", "--hidden", "small.h5", "--select", "0,1", "--dry", "dry.wav", "--prior", "small-prior.h5",
      "--methods", "oracle,mean,no-effect", "--save-audio", "-o", "run",
    ])
    let result = try workspace.succeed(make + ["--training", "0", "--count", "2"])
    #expect(result.standardError.contains("warning: The test has no transfer:mfcc:0"))
    let sounds = try workspace.contents().keys.filter {
      $0.hasPrefix("test/configs/resources/") && $0.hasSuffix(".wav")
    }
    // Two pages of the reference, two methods and the dry track.
    #expect(sounds.count == 8)
    for sound in sounds { #expect(abs(try workspace.audio(sound).integratedLoudness() + 23) < 0.1) }
    // The oracle is the reference itself.
    let key = try workspace.text("test/listening-test.json")
    #expect(key.contains("run/audio/") && key.contains("/oracle.wav") && !key.contains("no-effect.wav"))
  }

  @Test func anAbsentAlphaZeroIsAWarning() throws {
    let workspace = try workspace()
    let result = try workspace.succeed(make + ["--methods", "transfer:mfcc:0.1,mean"])
    #expect(
      result.standardError.contains("priorkit: warning: The test has no transfer:mfcc:0, the arm with alpha 0"))
    let whole = try workspace.succeed(make + ["--force"])
    #expect(!whole.standardError.contains("warning"))
  }

  @Test func unusableEvaluationsAreOneSentence() throws {
    let empty = try workspace { $0.audio = .none }
    try empty.expectFailure(make, "there is no run/audio/lead-a/reference.wav", "(evaluate --save-audio)")
    let mono = try workspace { $0.referenceChannels = 1 }
    try mono.expectFailure(make, "reference.wav has 1 channel but a reference must be stereo")
    let workspace = try workspace()
    try workspace.expectFailure(make + ["--methods", "nn-emb:mfcc"], "run has no method nn-emb:mfcc: it has mean")
    try workspace.expectFailure(make + ["--tracks", "nobody"], "run has no stem nobody")
    try workspace.expectFailure(["listening-test", "make", "nowhere", "-o", "test"], "nowhere holds no evaluation")
    try workspace.expectFailure(
      ["listening-test", "make", "run", "-o", "test"], "lasts 3 s but sounds of 10 s are asked for")
    let silence = AudioBuffer(
      channels: Array(repeating: [Float](repeating: 0, count: 3 * 44_100), count: 2), sampleRate: 44_100)
    for track in ["lead-a", "choir-a", "lead-b", "lead-c"] {
      try workspace.store(silence, as: "run/audio/\(track)/mean.wav")
    }
    try workspace.expectFailure(make, "mean.wav between 1 and 2 s is silent")
    for track in ["lead-a", "choir-a", "lead-b", "lead-c"] {
      try workspace.store(silence, as: "run/audio/\(track)/reference.wav")
    }
    try workspace.expectFailure(make, "reference.wav is silent wherever it is cut")
    for track in ["lead-a", "choir-a", "lead-b", "lead-c"] {
      try workspace.store(
        AudioBuffer(channels: silence.channels, sampleRate: 48_000), as: "run/audio/\(track)/mean.wav")
    }
    try workspace.expectFailure(make, "mean.wav is at 48000 Hz but", "44100 Hz")
  }

  @Test(arguments: [
    ["--tracks", "lead a", "--count", "1"], ["--seconds", "13"], ["--count", "0"], ["--loudness=-5"],
  ])
  func impossibleArgumentsAreUsageErrors(_ arguments: [String]) throws {
    #expect(try workspace { $0.audio = .none }.run(make + arguments).exitCode == 64)
  }

  /// A browser decodes every sound, and a page has as many sliders as sounds to rate.
  @Test(.enabled(if: Browser.path != nil, Browser.absence)) func aBrowserOpensThePages() throws {
    let workspace = try workspace()
    try workspace.succeed(make + ["--anchor35"])
    let report = try ListeningTestPage.open(workspace.folder.appendingPathComponent("test"), name: "test")
    #expect(report.errors.isEmpty, "\(report.errors)")
    #expect(report.types == ["generic", "volume", "mushra", "mushra", "mushra", "mushra", "finish"])
    #expect(Set(report.pages.map(\.id)) == ["train_01", "train_02", "trial_01", "trial_02"])
    let names: Set = ["mean", "transfer:mfcc:0", "transfer:mfcc:0.1", "dry", "reference", "anchor35"]
    for page in report.pages {
      #expect(page.sliders.count == 6 && Set(page.sliders) == names)
      #expect(page.durations == [1, 1, 1, 1, 1])
    }
  }

  /// The page sees what it is for.
  @Test(.enabled(if: Browser.path != nil, Browser.absence)) func theBrowserCanFail() throws {
    let workspace = try workspace()
    try workspace.succeed(make + ["--training", "0", "--count", "1"])
    let sounds = "test/configs/resources/audio/test/trial_01/"
    try workspace.store("no sound".utf8, as: sounds + "1.wav")
    try FileManager.default.removeItem(atPath: workspace.path(sounds + "2.wav"))
    try workspace.store(
      AudioBuffer(channels: [[Float](repeating: 0.1, count: 100)], sampleRate: 44_100), as: sounds + "3.wav")
    let errors = try ListeningTestPage.open(workspace.folder.appendingPathComponent("test"), name: "test").errors
    for words in [
      "1.wav: ", "there is no configs/resources/audio/test/trial_01/2.wav", "different lengths",
      "different channels",
    ] {
      #expect(errors.contains { $0.contains(words) }, "\(words): \(errors)")
    }
  }

  // MARK: - Analysing

  /// Results of eight listeners on three pages; the last one rates the anchor high.
  private func results(_ listeners: Int = 8) -> String {
    var text = "session_test_id,session_uuid,trial_id,rating_stimulus,rating_score,rating_time,rating_comment\n"
    for listener in 0..<listeners {
      for page in 0..<3 {
        let scores = [
          ("reference", 95 + page), ("dry", listener == 7 ? 70 : 3 + listener), ("mean", 35 + 2 * listener + page),
          ("transfer:mfcc:0.1", 75 - listener),
        ]
        for (stimulus, score) in scores { text += "t,l\(listener),trial_0\(page),\(stimulus),\(score),5,\n" }
      }
    }
    return text
  }

  private let analyse = ["listening-test", "analyse", "mushra.csv"]

  @Test func tablesNameMediansIntervalsAndTests() throws {
    let workspace = try Workspace()
    try workspace.store(results().utf8, as: "mushra.csv")
    let result = try workspace.succeed(analyse)
    for words in [
      "8 listeners, 3 pages, 4 stimuli; screening: both",
      "7 left without 1: paper: anchor below 20 on less than 40 % of the pages", "l7 (anchor low on 0 %",
      "over 7 listeners", "reference          transfer:mfcc:0.1",
    ] {
      #expect(result.standardOutput.contains(words), "\(words)\n\(result.standardOutput)")
    }
    #expect(result.standardError.contains("the rule of BS.1534 about the mid-range anchor is left out"))
    let json = try workspace.succeed(analyse + ["--json", "--screening", "none"])
    let found = try #require(
      try JSONSerialization.jsonObject(with: Data(json.standardOutput.utf8)) as? [String: Any])
    let pairs = try #require(found["pairs"] as? [[String: Any]])
    #expect(pairs.count == 6 && pairs[0]["p_value"] as? Double == 0.0078125)
    #expect((found["stimuli"] as? [[String: Any]])?.map { $0["name"] as? String }.first == "reference")
    #expect(found["meansText"] == nil)
  }

  @Test(.enabled(if: Gnuplot.isInstalled, Gnuplot.absence)) func ratingsAreDrawnAndKept() throws {
    let workspace = try Workspace()
    try workspace.store(results().utf8, as: "mushra.csv")
    try workspace.succeed(analyse + ["--figure", "r.svg", "-o", "means.csv"])
    let picture = try workspace.text("r.svg")
    #expect(picture.hasPrefix("<?xml") && picture.contains("transfer:mfcc:0.1") && picture.contains("Ratings of 4"))
    #expect(picture.contains("<metadata>") && picture.contains("priorkit listening-test analyse"))
    #expect(try workspace.text("means.csv").split(separator: "\n").count == 1 + 8 * 4)
    try workspace.expectFailure(analyse + ["--figure", "r.svg"], "exists already", "--force")
    #expect(try workspace.run(analyse + ["--figure", "r.pdf"]).exitCode == 64)
    #expect(try workspace.run(analyse + ["--figure", "r.svg", "-o", "./r.svg", "--force"]).exitCode == 64)
  }

  /// All of the picture is there, with its labels inside.
  @Test(.enabled(if: Gnuplot.isInstalled, Gnuplot.absence), .enabled(if: Browser.path != nil, Browser.absence))
  func aBrowserShowsThePicture() throws {
    let workspace = try Workspace()
    try workspace.store(results().utf8, as: "mushra.csv")
    try workspace.succeed(analyse + ["--figure", "r.svg"])
    let picture = try workspace.text("r.svg").split(separator: "\n").dropFirst().joined(separator: "\n")
    try workspace.store(
      "<!DOCTYPE html><body><div style=\"width: 720px\">\(picture)</div></body>".utf8, as: "page.html")
    let page = try Browser.inspect(workspace.folder.appendingPathComponent("page.html"), height: 800)
    let figure = try #require(page.figures.first)
    #expect(figure.title == "Ratings of 4 stimuli by 7 listeners" && figure.cutLabels.isEmpty, "\(figure)")
    // 28 means, four boxes, four intervals with their ends.
    #expect(figure.drawn > 28 && figure.narrowest > 5, "\(figure)")
  }

  @Test func unusableResultsAreOneSentence() throws {
    let workspace = try Workspace()
    try workspace.store("model,track_id,stem_id,mss_lr\nmean,a,b,1\n".utf8, as: "mushra.csv")
    try workspace.expectFailure(analyse, "mushra.csv has no column session_uuid", "mushra.csv of webMUSHRA")
    try workspace.store("a;b\n1;2\n".utf8, as: "mushra.csv")
    try workspace.expectFailure(analyse, "separated by semicolons")
    try workspace.store(results(1).utf8, as: "mushra.csv")
    try workspace.expectFailure(analyse, "mushra.csv has one listener alone")
    try workspace.store(results().utf8, as: "mushra.csv")
    try workspace.expectFailure(analyse + ["--anchor", "low"], "no ratings of low, the anchor", "--screening")
    try workspace.expectFailure(["listening-test", "analyse", "absent.csv"], "absent.csv")
    try workspace.store(results().replacing(#/,dry,\d+/#, with: ",dry,90").utf8, as: "mushra.csv")
    try workspace.expectFailure(analyse, "leaves 0 of the 8 listeners", "--screening none")
  }
}
