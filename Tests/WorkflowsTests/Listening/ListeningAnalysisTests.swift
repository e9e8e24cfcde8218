import Foundation
import PresetStore
import TestSupport
import Testing
import Workflows

@Suite("The analysis of a listening test")
struct ListeningAnalysisTests {
  private let scratch = TestFolder()

  /// Results as webMUSHRA writes them: six listeners on four pages and one for practice; `six` cannot tell the anchor.
  private func results(listeners: Int = 6, dropping: String = "none") -> String {
    var text =
      "session_test_id,age,equipment,session_uuid,trial_id,rating_stimulus,rating_score,rating_time,rating_comment\n"
    for (index, listener) in ["one", "two", "three", "four", "five", "six"].prefix(listeners).enumerated() {
      for trial in ["train_01", "trial_01", "trial_02", "trial_03", "trial_04"] {
        let scores = [
          ("reference", 100), ("dry", listener == "six" ? 60 : 5), ("mean", 40 + index),
          ("transfer:mfcc:0.1", 70 - index),
        ]
        for (stimulus, score) in scores where stimulus != dropping {
          let shown = trial == "train_01" ? 1 : score
          text += "test,,\"Phones, open\",\(listener),\(trial),\(stimulus),\(shown),1234,\n"
        }
      }
    }
    return text
  }

  private func analysis(_ text: String) throws -> ListeningAnalysis {
    try Data(text.utf8).write(to: scratch.url("mushra.csv"))
    return ListeningAnalysis(of: scratch.file("mushra.csv"))
  }

  @Test func practiceDoesNotCountAndListenersAreScreened() throws {
    let monitor = RecordingMonitor()
    let report = try analysis(results()).run(monitor: monitor)
    #expect(report.trials == 4 && report.listeners.count == 6 && report.keptCount == 5)
    #expect(report.listeners.last?.fault == "anchor_rated_high" && report.listeners.last?.lowAnchorShare == 0)
    #expect(report.stimuli.map(\.name) == ["reference", "transfer:mfcc:0.1", "mean", "dry"])
    #expect(report.stimuli.map(\.median) == [100, 68, 42, 5])
    #expect(report.pairs.count == 6 && report.pairs[0].pValue == 0.0625 && report.pairs[0].holmPValue == 0.375)
    #expect(monitor.messages.count == 1 && monitor.messages[0].contains("anchor70"))
    let lines = report.meansText.split(separator: "\n")
    #expect(lines.count == 1 + 6 * 4 && lines[0] == "listener,stimulus,trials,mean,fault")
    #expect(lines.contains("one,mean,4,40.0,") && lines.contains("six,dry,4,60.0,anchor_rated_high"))
  }

  @Test func rulesCanBeLeftOut() throws {
    var analysis = try analysis(results())
    analysis.appliesPaperRules = false
    #expect(try analysis.run().keptCount == 6)
    #expect(try analysis.run().screening == "bs1534")
    analysis.appliesRecommendation = false
    analysis.anchor = "absent"
    #expect(try analysis.run().screening == "none")
  }

  private func refusal(_ analysis: ListeningAnalysis) -> String {
    let error = #expect(throws: (any Error).self) { try analysis.run() }
    return error.map { "\($0)" } ?? ""
  }

  @Test func unusableResultsAreRefused() throws {
    #expect(refusal(try analysis(results(listeners: 1))).contains("one listener alone"))
    #expect(refusal(try analysis("a,b\n1,2\n")).contains("has no column session_uuid"))
    #expect(refusal(try analysis(results().replacing("1234,", with: "1234"))).contains("Line 2"))
    #expect(refusal(try analysis(results().replacing(",40,", with: ",101,"))).contains("the score 101"))
    #expect(refusal(try analysis(results().replacing(",40,", with: ",nan,"))).contains("the score nan"))
    #expect(refusal(try analysis(results() + "t,,,one,trial_01,dry,3,1,\n")).contains("another rating of dry"))
    let header = String(results().prefix { $0 != "\n" }) + "\n"
    #expect(refusal(try analysis(header)).contains("no ratings but"))
    #expect(refusal(try analysis(results(dropping: "dry"))).contains("no ratings of dry, the anchor"))
    #expect(refusal(try analysis(results(dropping: "reference"))).contains("no ratings of reference, the hidden"))
    // Two listeners, of whom one goes.
    let two = results().split(separator: "\n").filter {
      $0.hasPrefix("session") || $0.contains("one,") || $0.contains("six,")
    }
    let error = #expect(throws: WorkflowError.self) { try analysis(two.joined(separator: "\n")).run() }
    #expect(error?.code == .tooFewListeners && error?.description.contains("leaves 1 of the 2") == true)
  }

  @Test func anotherColumnCanTellListenersApart() throws {
    var analysis = try analysis(results().replacing("session_uuid", with: "email"))
    #expect(refusal(analysis).contains("no column session_uuid"))
    analysis.listenerColumn = "email"
    #expect(try analysis.run().keptCount == 5)
  }
}
