import FileOutput
import Foundation
import PresetStore
import TestSupport
import Testing
import Workflows

/// The published rules on traces whose answer is known.
@Suite struct RunSelectionTests {
  private let rules = RunSelection.published

  @Test func goodRunsAreKept() {
    #expect(rules.refusal(losses: [3, 2.5, 2.2, 2.1, 2.05]) == nil)
    // One jump is no fluctuation.
    #expect(rules.refusal(losses: [3, 2.9, 6, 2.8, 2.7, 2.65, 2.6]) == nil)
  }

  @Test func refusalsNameTheirReason() {
    #expect(rules.refusal(losses: [9, 5, 4.5])?.contains("loss 4.5 above 4") == true)
    #expect(rules.refusal(losses: [1, 1.1, 1.2])?.contains("not converged") == true)
    #expect(rules.refusal(losses: [3, 2.5, 3, 2.5, 2.9])?.contains("fluctuation") == true)
    #expect(rules.refusal(losses: [])?.contains("no step") == true)
    // In this order.
    #expect(rules.refusal(losses: [5, 6, 5, 6])?.contains("loss") == true)
    #expect(RunSelection.all.refusal(losses: [5, 6, 5, 6]) == nil)
  }

  @Test func fluctuationIsTheMedianStep() {
    #expect(RunSelection.fluctuation(of: []) == 0)
    #expect(RunSelection.fluctuation(of: [1]) == 0)
    #expect(RunSelection.fluctuation(of: [0, 1, 3, 0]) == 2)
    #expect(RunSelection.fluctuation(of: [0, 1, 3, 0, 5]) == 2.5)
  }
}

/// Tables of pairs.
@Suite struct RetrievalListTests {
  private func list(_ text: String) throws -> RetrievalList {
    let folder = try Scratch()
    let path = folder.file("pairs.csv")
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return try RetrievalList(csv: path)
  }

  @Test func namesAndSongsAreRead() throws {
    let entries = try list("name,dry,wet,group\na,d.wav,w.wav,song 1\nb,/x/d.wav,/x/w.wav,\n").entries
    #expect(entries.map(\.name) == ["a", "b"])
    #expect(entries.map(\.group) == ["song 1", nil])
    // Beside the table, unless absolute.
    #expect(entries[0].dry.hasSuffix("/d.wav") && entries[0].dry.hasPrefix("/"))
    #expect(entries[1].wet == "/x/w.wav")
    #expect(try list("dry,wet\nd.wav,some/where/lead vocal.flac\n").entries[0].name == "lead vocal")
  }

  @Test(
    arguments: [
      ("dry\nd.wav\n", "dry and wet"), ("dry,wet\n", "names no pair"), ("dry,wet\nd.wav\n", "1 fields"),
      ("dry,wet\nd.wav,\n", "no wet"), ("name,dry,wet\na/b,d.wav,w.wav\n", "a folder cannot have"),
      ("name,dry,wet\na,d.wav,w.wav\na,e.wav,v.wav\n", "earlier line"),
    ])
  func badTablesAreRefused(text: String, reason: String) {
    #expect { try list(text) } throws: { "\($0)".contains(reason) }
  }
}
