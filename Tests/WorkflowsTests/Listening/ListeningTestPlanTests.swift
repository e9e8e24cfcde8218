import Evaluation
import Foundation
import TestSupport
import Testing
import Workflows

@Suite("The plan of a listening test")
struct ListeningTestPlanTests {
  private let scratch = TestFolder()

  private func preparation(_ change: (inout NoiseEvaluation) -> Void = { _ in }) throws -> ListeningTestPreparation
  {
    var folder = NoiseEvaluation()
    folder.audio = .emptyFiles
    change(&folder)
    try folder.write(to: scratch.file("run"))
    return ListeningTestPreparation(of: try EvaluatedTracks(folder: scratch.file("run")), name: "test")
  }

  private func refusal(_ preparation: ListeningTestPreparation) -> String {
    let error = #expect(throws: WorkflowError.self) { try preparation.plan() }
    return error?.description ?? ""
  }

  @Test func songsComeBeforeSecondStems() throws {
    var preparation = try preparation()
    preparation.count = 3
    preparation.trainingCount = 1
    for seed in 0..<8 {
      preparation.seed = UInt64(seed)
      let plan = try preparation.plan()
      let tested = plan.pages.filter { !$0.isTraining }.map(\.track)
      #expect(Set(tested.map(\.song)).count == 3)
      let practice = plan.pages.filter(\.isTraining).map(\.track)
      #expect(practice.map(\.song) == ["song a"] && !tested.contains(practice[0]))
      #expect(try preparation.plan() == plan)
    }
    let orders = try (UInt64(0)..<8).map { seed in
      preparation.seed = seed
      return try preparation.plan().pages.map(\.track.stem)
    }
    #expect(Set(orders).count > 1)
  }

  @Test func practiceIsKeptBackFromFewTracks() throws {
    let monitor = RecordingMonitor()
    let plan = try preparation().plan(monitor: monitor)
    #expect(plan.pages.map(\.isTraining) == [true, true, false, false])
    #expect(Set(plan.pages.map(\.track)).count == 4 && monitor.warnings.isEmpty)
  }

  @Test func practiceWithATrackOfTheTestIsSaid() throws {
    var preparation = try preparation { $0.tracks = [("song", "lead")] }
    let monitor = RecordingMonitor()
    let plan = try preparation.plan(monitor: monitor)
    #expect(plan.pages.map(\.id) == ["train_01", "train_02", "trial_01"])
    #expect(monitor.warnings.count == 1 && monitor.warnings[0].hasPrefix("2 of 2 practice pages"))
    preparation.trainingCount = 0
    #expect(try preparation.plan().pages.map(\.id) == ["trial_01"])
  }

  @Test func namedTracksKeepTheirOrder() throws {
    var preparation = try preparation()
    preparation.stems = ["lead c", "choir a"]
    let plan = try preparation.plan()
    #expect(plan.pages.filter { !$0.isTraining }.map(\.track.stem) == ["lead c", "choir a"])
    preparation.stems = ["lead x"]
    #expect(refusal(preparation).contains("no stem lead x: it has lead a, choir a"))
    preparation.stems = ["lead c", "lead c"]
    #expect(refusal(preparation).contains("named twice"))
  }

  @Test func tracksWithoutTheirRecordingsAreLeftOut() throws {
    var preparation = try preparation()
    preparation.trainingCount = 0
    try FileManager.default.removeItem(atPath: scratch.file("run/audio/lead-b/mean.wav"))
    let monitor = RecordingMonitor()
    let plan = try preparation.plan(monitor: monitor)
    #expect(plan.pages.count == 3 && !plan.pages.contains { $0.track.stem == "lead b" })
    #expect(monitor.messages == ["1 of 4 tracks lack a recording and are left out."])
    preparation.stems = ["lead b"]
    #expect(refusal(preparation).contains("lead-b/mean.wav"))
    preparation.methods = ["transfer:mfcc:0"]
    _ = try preparation.plan()
  }

  @Test(
    arguments: [
      (["transfer:mfcc:0.1", "transfer:mfcc:0"], nil), (["transfer:mfcc:0.1", "transfer:mfcc:0.0"], nil),
      (["transfer:mfcc:0"], nil), (["mean", "transfer:mfcc:0.1"], "transfer:mfcc:0, the arm with alpha 0"),
      (["mean"], "transfer:mfcc:0, the arm"),
      (["transfer:mfcc:0", "transfer:mir:1"], "no transfer:mir:0, the arm"),
      (["transfer:mir:1", "transfer:afx-rep=w:0.1"], "transfer:mir:0, transfer:afx-rep=w:0, the arm"),
      (["transfer:mfcc:0.1:adam-9", "transfer:mfcc:0"], "no transfer:mfcc:0:adam-9, the arm"),
      (["transfer:mfcc:0.1:adam-9", "transfer:mfcc:0:adam-9"], nil),
      (["transfer:mfcc:0.1:lbfgs", "transfer:mfcc:0"], nil),
    ] as [([String], String?)])
  func anAbsentAlphaZeroIsSaid(methods: [String], words: String?) throws {
    let preparation = try preparation {
      $0.methods = methods
      $0.tracks = [("song", "lead"), ("other", "choir"), ("third", "solo")]
    }
    let monitor = RecordingMonitor()
    _ = try preparation.plan(monitor: monitor)
    #expect(monitor.warnings.count == (words == nil ? 0 : 1), "\(monitor.warnings)")
    if let words {
      #expect(monitor.warnings.first?.contains(words) == true, "\(monitor.warnings)")
      #expect(monitor.warnings.first?.contains("evaluate it too") == true)
    }
  }

  @Test func anEvaluatedAlphaZeroNeedsOnlyToBeAdded() throws {
    var preparation = try preparation()
    preparation.methods = ["transfer:mfcc:0.1"]
    let monitor = RecordingMonitor()
    _ = try preparation.plan(monitor: monitor)
    #expect(monitor.warnings.first?.hasSuffix("what the prior does: add it to the methods.") == true)
  }

  @Test func unusableMethodsAreRefused() throws {
    var preparation = try preparation()
    preparation.methods = ["nn-emb:mfcc"]
    #expect(refusal(preparation).contains("no method nn-emb:mfcc: it has mean, transfer:mfcc:0"))
    preparation.methods = ["mean", "mean"]
    #expect(refusal(preparation).contains("named twice"))
    #expect(
      refusal(try self.preparation { $0.methods = ["mean", "no-effect"] }.with(["no-effect"])).contains("as dry"))
    #expect(try self.preparation { $0.methods = ["mean", "no-effect"] }.plan().pages[0].stimuli.count == 2)
    for bad in ["reference", "dry", "it's"] {
      #expect(refusal(try self.preparation { $0.methods = ["mean", bad] }).contains("cannot call a method \(bad)"))
    }
    #expect(
      refusal(try self.preparation { $0.methods = ["a:b", "a-b"] }).contains("has the file of another method"))
  }

  @Test func aPageHoldsTwelveSounds() throws {
    var preparation = try preparation {
      $0.methods = (1...10).map { "m\($0)" }
      $0.tracks = [("song", "lead")]
    }
    preparation.trainingCount = 0
    #expect(try preparation.plan().pages[0].stimuli.count == 11)
    preparation.hasLowAnchor = true
    #expect(refusal(preparation).contains("13 sounds a page but listeners are given 12 at most"))
  }

  @Test func foldersOfSomethingElseAreRefused() throws {
    let error = #expect(throws: WorkflowError.self) { try EvaluatedTracks(folder: scratch.file("none")) }
    #expect(error?.description.contains("there is no \(scratch.file("none/run.json"))") == true)
    try FileManager.default.createDirectory(atPath: scratch.file("bad"), withIntermediateDirectories: false)
    for text in ["{", "{}", #"{"kind": "other", "methods": ["a"], "tracks": [{"song": "s", "stem": "t"}]}"#] {
      try Data(text.utf8).write(to: scratch.url("bad/run.json"))
      let error = #expect(throws: WorkflowError.self) { try EvaluatedTracks(folder: scratch.file("bad")) }
      #expect(error?.description.contains("is not the record of an evaluation") == true)
    }
    try Data(#"{"kind": "priorkit evaluation", "methods": [], "tracks": []}"#.utf8)
      .write(to: scratch.url("bad/run.json"))
    #expect(throws: WorkflowError.self) { try EvaluatedTracks(folder: scratch.file("bad")) }
  }

  @Test func pathsComeFromNames() {
    let track = TrackName(song: "A/B", stem: "../L é.wav")
    #expect(EvaluationAudio.fileName("transfer:mfcc:0.1") == "transfer-mfcc-0.1")
    #expect(EvaluationAudio.fileName("..") == "-." && EvaluationAudio.fileName("a_b-c") == "a_b-c")
    #expect(EvaluationAudio.folder("run", track: track) == "run/audio/-.-L--.wav")
    #expect(EvaluationAudio.rendering("run", track: track, method: "mean") == "run/audio/-.-L--.wav/mean.wav")
  }
}

extension ListeningTestPreparation {
  fileprivate func with(_ methods: [String]) -> Self {
    var copy = self
    copy.methods = methods
    return copy
  }
}
