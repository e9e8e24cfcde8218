import AudioFiles
import Evaluation
import FXParams
import Foundation
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing
import Workflows

@Suite("The published evaluation as a library")
struct TrackEvaluationTests {
  private static let presets = PresetCollection(
    chain: Material.chain,
    theta: Matrix(rows: [[1.5, 0.5, 0, 0.8], [-1, 1, 0.5, -0.7], [0.3, -1.2, 1, 1.4]]),
    labels: ["loud", "left", "high"], groups: ["song", "song", "other"])

  private func evaluation(
    _ folder: borrowing Scratch, methods: [String], seconds: Double = 2.5, prior: Prior? = nil
  ) throws -> TrackEvaluation {
    let paths = try Material.store(in: folder, seconds: seconds)
    let tracks = try TrackList(hidden: Self.presets, rows: [0, 1, 2], dry: [paths.dry])
    let context = MethodContext(
      chain: Material.chain, prior: try prior ?? Material.prior(), collection: Self.presets)
    var evaluation = TrackEvaluation(
      tracks: tracks, methods: try methods.map { ($0, try #require(EvaluationMethod($0))) }, context: context)
    evaluation.segmentSeconds = 0.5
    return evaluation
  }

  private let provenance = try? Provenance(arguments: ["priorkit", "evaluate"])

  private func scores(_ run: String) throws -> ScoreTable { try ScoreFile.read(run + "/scores.csv") }

  private static let everything = [
    "oracle", "mean", "no-effect", "nn-param", "nn-emb:mfcc", "transfer:mfcc:0.1:lbfgs-4",
  ]

  @Test("The oracle is at no distance, neighbours find what is in their collection, and rows come in order")
  func methods() throws {
    let folder = try Scratch()
    let evaluation = try evaluation(folder, methods: Self.everything)
    let outcome = try evaluation.run(in: folder.file("run"), provenance: try #require(provenance))
    #expect(outcome.rowCount == 18 && outcome.failures.isEmpty)
    let table = try scores(folder.file("run"))
    #expect(table.rows.map(\.method) == Self.everything + Self.everything + Self.everything)
    #expect(table.rows[0].track == TrackName(song: "song", stem: "loud@dry"))
    #expect(table.rows[12].track == TrackName(song: "other", stem: "high@dry"))
    for row in table.rows {
      switch row.method {
      case "oracle", "nn-param":
        // The hidden presets are in the collection.
        #expect(row.values.values.allSatisfy { $0 == 0 }, "\(row)")
        #expect(row.values.count == 9)
      case "nn-emb:mfcc":
        // Another preset may come nearer, since the reference and the input are other passages.
        let others = (0..<3).map { index in Self.presets.theta.row(index) }
        let own = others[["loud@dry", "left@dry", "high@dry"].firstIndex(of: row.track.stem) ?? 0]
        let distances = others.map { ParameterDistance.meanSquaredError($0, own) }
        #expect(distances.contains(row.values[.parameter] ?? -1))
      case "no-effect":
        #expect(row.values[.parameter] == nil && (row.values[.spectralLeftRight] ?? 0) > 0.05)
      default:
        #expect(row.values.count == 9 && (row.values[.parameter] ?? 0) > 0.1)
      }
    }
    // The prior is standard normal: its metric is that of plain PMSE.
    for row in table.rows where row.method == "mean" {
      #expect(row.values[.mahalanobisParameter] == row.values[.parameter])
    }
    let presets = try String(contentsOfFile: folder.file("run/presets.csv"), encoding: .utf8)
    #expect(presets.split(separator: "\n").count == 1 + 15)
    #expect(presets.hasPrefix("model,track_id,stem_id,logit:bell.gain") || presets.contains("logit:bell."))
  }

  @Test("The bytes do not depend on threads, interruptions, or a line that was cut short")
  func resumes() throws {
    let folder = try Scratch()
    let whole = try evaluation(folder, methods: Self.everything)
    let provenance = try #require(provenance)
    _ = try whole.run(in: folder.file("whole"), provenance: provenance)
    var parts = whole
    parts.threads = 2
    #expect(throws: InterruptedError.self) {
      try parts.run(
        in: folder.file("parts"), provenance: provenance, monitor: RecordingMonitor(cancellingAfter: 5))
    }
    let kept = try scores(folder.file("parts")).rows.count
    #expect(kept >= 5 && kept < 18)
    // As a kill leaves it: a row in some tables, and half a line.
    let file = folder.file("parts/scores.csv")
    let text = try String(contentsOfFile: file, encoding: .utf8)
    try Data(text.dropLast(20).utf8).write(to: URL(fileURLWithPath: file))
    let outcome = try parts.run(in: folder.file("parts"), provenance: provenance, isResuming: true)
    #expect(outcome.rowCount == 18)
    for name in ["scores.csv", "presets.csv"] {
      #expect(
        try Data(contentsOf: URL(fileURLWithPath: folder.file("whole/" + name)))
          == Data(contentsOf: URL(fileURLWithPath: folder.file("parts/" + name))), "\(name)")
    }
  }

  @Test("Methods can be added to a folder; other settings cannot")
  func addsMethods() throws {
    let folder = try Scratch()
    var evaluation = try evaluation(folder, methods: ["mean"])
    let provenance = try #require(provenance)
    let run = folder.file("run")
    _ = try evaluation.run(in: run, provenance: provenance)
    #expect(throws: (any Error).self) { try evaluation.run(in: run, provenance: provenance) }
    evaluation.methods = [("oracle", .oracle), ("mean", .mean)]
    _ = try evaluation.run(in: run, provenance: provenance, isResuming: true)
    #expect(try scores(run).methods == ["oracle", "mean"])
    evaluation.segmentSeconds = 0.6
    let error = #expect(throws: WorkflowError.self) {
      try evaluation.run(in: run, provenance: provenance, isResuming: true)
    }
    #expect(error?.code == .unusableState && error?.description.contains(run) == true)
  }

  @Test("One active segment leaves out the methods that need two, and a bad track costs itself alone")
  func leavesOut() throws {
    let folder = try Scratch()
    let paths = try Material.store(in: folder, seconds: 2)
    let silent = folder.file("silent.wav")
    try AudioWriter.write(
      AudioBuffer(channels: [[Float](repeating: 0, count: 88_200)], sampleRate: 44_100), path: silent,
      format: .waveFloat32)
    let list = folder.file("tracks.csv")
    try Data(
      """
      track_id,stem_id,dry,wet,preset_row
      a,good,\(paths.dry),\(paths.wet),0
      b,silent,\(silent),\(paths.wet),1
      c,mono,\(paths.dry),\(paths.dry),
      d,missing,\(folder.file("none.wav")),\(paths.wet),
      """.utf8
    ).write(to: URL(fileURLWithPath: list))
    let tracks = try TrackList(csv: list, presets: Self.presets)
    #expect(tracks.tracks.map(\.name.stem) == ["good", "silent", "mono"])
    #expect(tracks.missingSentence?.contains("missing") == true)
    var evaluation = TrackEvaluation(
      tracks: tracks, methods: [("mean", .mean), ("nn-emb:mfcc", .nearestStyle(encoder: "mfcc"))],
      context: MethodContext(chain: Material.chain, prior: try Material.prior(), collection: Self.presets))
    // The whole recording is one segment.
    evaluation.segmentSeconds = 11
    let monitor = RecordingMonitor()
    let outcome = try evaluation.run(
      in: folder.file("run"), provenance: try #require(provenance), monitor: monitor)
    #expect(outcome.rowCount == 1 && outcome.failures.map(\.track.stem) == ["silent", "mono"])
    #expect(monitor.messages.contains { $0.hasPrefix("nn-emb:mfcc on good is left out: ") })
    #expect(monitor.warnings.count == 2)
    let row = try #require(try scores(folder.file("run")).rows.first)
    #expect(row.method == "mean" && row.values[.parameter] != nil)
  }

  @Test(
    "Lists that cannot be read are refused by line",
    arguments: [
      ("track_id,stem_id,dry\na,b,c", "no column wet"),
      ("track_id,stem_id,dry,wet\na,b,c", "Line 2"),
      ("track_id,stem_id,dry,wet\na,b,c,d\na,b,c,d", "Line 3"),
      ("track_id,stem_id,dry,wet,shift\na,b,c,d,half", "shift half"),
      ("track_id,stem_id,dry,wet,preset_row\na,b,c,d,3", "preset_row 3"),
    ])
  func lists(text: String, words: String) throws {
    let folder = try Scratch()
    let path = folder.file("tracks.csv")
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    let error = #expect(throws: DataError.self) { try TrackList(csv: path, presets: Self.presets) }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    #expect(error?.description.contains(path) == true)
  }

  @Test("Methods are read as they are spelt")
  func spellings() {
    #expect(EvaluationMethod("nn-emb:process:python3 x.py") == .nearestStyle(encoder: "process:python3 x.py"))
    let plain = EvaluationMethod("transfer:mfcc:0.1")
    #expect(plain?.encoder == "mfcc" && plain?.needsPrior == true && plain?.needsSegments == true)
    #expect(plain != nil && plain == EvaluationMethod("transfer:mfcc:0.1:lbfgs"))
    guard case .transfer(let encoder, let alpha, let search)? = EvaluationMethod("transfer:process:a:b:1:adam-200")
    else { return #expect(Bool(false)) }
    #expect(encoder == "process:a:b" && alpha == 1 && search.stepLimit == 200 && search.method == .published)
    guard case .transfer(_, _, let white)? = EvaluationMethod("transfer:mfcc:0:adam-white") else {
      return #expect(Bool(false))
    }
    #expect(white.method.name == "adam-white" && white.stepLimit == 200)
    for wrong in [
      "", "best", "nn-emb:", "transfer:mfcc", "transfer:mfcc:-1", "transfer::0", "transfer:mfcc:0:adam-0",
    ] {
      #expect(EvaluationMethod(wrong) == nil, "\(wrong)")
    }
  }
}
