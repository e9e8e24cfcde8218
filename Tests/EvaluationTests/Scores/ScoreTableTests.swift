import Evaluation
import NumericCore
import Testing

@Suite("Joined tables of scores")
struct ScoreTableTests {
  private let a = TrackName(song: "s", stem: "a")
  private let b = TrackName(song: "s", stem: "b")
  private let c = TrackName(song: "t", stem: "c")

  private func table(_ method: String, _ tracks: [TrackName], metric: ScoreMetric = .parameter) -> ScoreTable {
    ScoreTable(
      metrics: [metric],
      rows: tracks.enumerated().map { ScoreRow(method: method, track: $1, values: [metric: Double($0)]) })
  }

  @Test("Joining keeps every row, and every column that one table has")
  func joining() throws {
    let joined = try ScoreTable(joining: [
      ("1.csv", table("x", [a, b])), ("2.csv", table("y", [b, c], metric: .spectralLeftRight)),
      ("3.csv", table("x", [c])),
    ])
    #expect(joined.metrics == [.parameter, .spectralLeftRight])
    #expect(joined.methods == ["x", "y"] && joined.rows.count == 5 && joined.tracks == [a, b, c])
    #expect(joined.scores(of: .parameter) == ["x": [a: 0, b: 1, c: 0]])
    #expect(joined.scores(of: .spectralLeftRight) == ["y": [b: 0, c: 1]])
  }

  @Test("The intersection has the tracks of every method, and loses no other")
  func intersection() throws {
    let joined = try ScoreTable(joining: [("1", table("x", [c, b, a])), ("2", table("y", [b, c]))])
    let common = try joined.onCommonTracks()
    #expect(common.tracks == [b, c] && common.rows.count == 4 && common.methods == ["x", "y"])
    #expect(try common.onCommonTracks() == common)
    // One method is on common tracks with itself.
    #expect(try joined.selecting(methods: ["x"], metrics: nil).onCommonTracks().tracks == [a, b, c])
  }

  @Test("Choosing orders methods, columns and tracks")
  func choosing() throws {
    let joined = try ScoreTable(joining: [("1", table("x", [c, a])), ("2", table("y", [b, a]))])
    let chosen = try joined.selecting(methods: ["y", "x"], metrics: nil)
    #expect(chosen.rows.map(\.method) == ["y", "y", "x", "x"] && chosen.rows.map(\.track) == [a, b, a, c])
    #expect(try joined.selecting(methods: ["x"], metrics: ["param_mse"]).rows.map(\.track) == [a, c])
  }

  @Test("What does not fit together is named")
  func mistakes() throws {
    let joined = try ScoreTable(joining: [("1", table("x", [a])), ("2", table("y", [b]))])
    #expect(throws: ScoreError.noCommonTracks(counts: ["x on 1", "y on 1"])) { try joined.onCommonTracks() }
    #expect(throws: ScoreError.repeated(method: "x", track: "a", sources: ["1", "3"])) {
      try ScoreTable(joining: [("1", table("x", [a])), ("2", table("y", [a])), ("3", table("x", [b, a]))])
    }
    #expect(throws: ScoreError.noScores(sources: ["1"])) { try ScoreTable(joining: [("1", table("x", []))]) }
    #expect(throws: ScoreError.unknown(kind: "method", name: "z", known: ["x", "y"])) {
      try joined.selecting(methods: ["z"], metrics: nil)
    }
    #expect(throws: ScoreError.unknown(kind: "metric", name: "loss", known: ["param_mse"])) {
      try joined.selecting(methods: nil, metrics: ["loss"])
    }
    #expect(throws: ScoreError.namedTwice(kind: "method", name: "x")) {
      try joined.selecting(methods: ["x", "x"], metrics: nil)
    }
    #expect(throws: ScoreError.unknown(kind: "baseline", name: "z", known: ["x", "y"])) {
      var settings = ScoreAnalysis.Settings()
      settings.baseline = "z"
      return try ScoreAnalysis(joined, settings)
    }
    #expect(throws: ScoreError.noCommonValues(metric: "param_mse", counts: ["x on 1", "y on 1"])) {
      try ScoreAnalysis(joined)
    }
    #expect(throws: ScoreError.self) {
      try ScoresBesidePublished(joined, published: table("oracle", [a]), ScoreAnalysis.Settings())
    }
  }

  @Test("Spellings here are known by their published names")
  func publishedNames() {
    let names = [
      "oracle": "oracle", "mean": "mean", "nn-param": "nn_param", "nn-emb:afx-rep": "nn_afx",
      "nn-emb:mfcc": "nn_mfcc",
      "nn-emb:afx-rep=afx.safetensors": "nn_afx", "nn-emb:mir": "nn_mir", "regression": "regression",
      "regression:net.safetensors": "regression", "transfer:afx-rep:0": "afx", "transfer:afx-rep:0.01": "afx_001",
      "transfer:afx-rep=afx.safetensors:0.1": "afx_01", "transfer:mfcc:1": "mfcc_1",
      "transfer:mfcc:0.10": "mfcc_01", "transfer:mir:0.1:adam-200": "mir_01",
      "transfer:afx-rep=c:/afx:1:lbfgs": "afx_1", "afx_01": "afx_01",
    ]
    for (own, published) in names { #expect(PublishedMethods.name(of: own) == published, "\(own)") }
    for other in [
      "no-effect", "conditional:net.h5", "conditional-transfer:net.h5:mfcc:0.1", "transfer:mfcc:0.5",
      "transfer:clap:0.1", "transfer:mfcc", "nn-emb", "",
      "nn-param:2", "transfer:mfcc:x", "transfer:mfcc:0.1:x:y", "transfer:0.1", "nn-emb:fx-encoder++=f",
    ] {
      #expect(PublishedMethods.name(of: other) == nil, "\(other)")
    }
    #expect(PublishedMethods.all.count == 19)
  }
}
