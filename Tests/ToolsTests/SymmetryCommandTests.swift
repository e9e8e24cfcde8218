import FXParams
import Foundation
import HDF5Store
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

@Suite("Commands about symmetries")
struct SymmetryCommandTests {
  static let chain = ChainDescription(
    sampleRate: 16_000,
    series: [
      .biquad(.init(name: "a", response: .peak, frequencyHz: .init(30, 4000), q: .init(0.2, 20))),
      .biquad(.init(name: "b", response: .peak, frequencyHz: .init(100, 7000), q: .init(0.1, 10))),
    ],
    sends: [
      .feedbackDelayNetwork(
        .init(delaySamples: [97, 131], decayPoints: 4, responseSeconds: 0.2, maximumT60Seconds: 0.3, tone: []))
    ])

  /// A folder with 60 random presets under `presets.h5`.
  static func workspace() throws -> Workspace { try SymmetryCommandTests().workspace().space }

  /// 60 random presets under `presets.h5`.
  private func workspace() throws -> (space: Workspace, presets: PresetCollection) {
    let workspace = try Workspace()
    var source = RandomSource(seed: 3)
    let dimension = Self.chain.parameterSpace.count
    let values = (0..<60 * dimension).map { _ in source.nextNormal() }
    let presets = PresetCollection(chain: Self.chain, theta: Matrix(rows: 60, columns: dimension, values: values))
    try PresetFile.write(
      presets, to: workspace.path("presets.h5"), provenance: try Provenance(arguments: ["test"]), overwrite: false)
    return (workspace, presets)
  }

  @Test("canonicalise reports what it moved, is idempotent, and says so in the file")
  func canonicalise() throws {
    let (workspace, _) = try workspace()
    let first = try workspace.succeed(["canonicalise", "presets.h5", "-o", "canonical.h5"])
    #expect(first.standardOutput.contains("60 presets moved"))
    #expect(first.standardOutput.contains("equaliser peak: exchange a and b"))
    #expect(first.standardOutput.contains("log det of the covariance"))
    let again = try workspace.succeed(["canonicalise", "canonical.h5", "-o", "twice.h5", "--json"])
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(again.standardOutput.utf8)) as? [String: Any])
    #expect(report["canonical_form"] as? String == "bands ordered, gauge balanced, signs aligned to the mean")
    let canonical = try PresetFile.read(workspace.path("canonical.h5"))
    let twice = try PresetFile.read(workspace.path("twice.h5"))
    #expect(zip(canonical.theta.values, twice.theta.values).allSatisfy { abs($0 - $1) < 1e-9 })
    #expect(canonical.canonicalisation != nil)
    try workspace.succeed([
      "canonicalise", "presets.h5", "--reference", "canonical.h5", "--bands", "assigned", "--mirror", "-o",
      "other.h5",
    ])
    try workspace.expectFailure(["canonicalise", "presets.h5", "-o", "canonical.h5"], "canonical.h5", "--force")
    try workspace.succeed(["fit", "canonical.h5", "-o", "prior.h5", "--family", "diagonal"])
    #expect(try PriorFile.read(workspace.path("prior.h5")).record?.canonicalisation == canonical.canonicalisation)
  }

  @Test("invariant fits and orbit sums are priors that score copies alike")
  func priors() throws {
    let (workspace, presets) = try workspace()
    let group = try Self.chain.symmetries.exactGroup()
    var copies = presets
    copies.theta = Matrix(
      rows: (0..<presets.count).map { row in
        group.involutions.reduce(presets.theta.row(row)) { $1.image(of: $0)?.theta ?? $0 }
      })
    try PresetFile.write(
      copies, to: workspace.path("copies.h5"), provenance: try Provenance(arguments: ["test"]), overwrite: false)
    func scores(_ arguments: [String]) throws -> [[Double]] {
      try workspace.succeed(["score"] + arguments).standardOutput.split(separator: "\n").dropFirst().map {
        $0.split(separator: ",").dropFirst().compactMap { Double($0) }
      }
    }
    func areEqual(_ first: [[Double]], _ second: [[Double]]) -> Bool {
      zip(first.joined(), second.joined()).allSatisfy { abs($0 - $1) < 1e-8 * (1 + abs($1)) }
    }
    try workspace.succeed(["fit", "presets.h5", "-o", "plain.h5", "--family", "ridge"])
    try workspace.succeed([
      "fit", "presets.h5", "-o", "even.h5", "--family", "ridge", "--invariant-to", "signs,mirror",
    ])
    try workspace.succeed(["fit", "presets.h5", "-o", "sum.h5", "--family", "ridge", "--orbit-sum"])
    #expect(try !areEqual(scores(["plain.h5", "presets.h5"]), scores(["plain.h5", "copies.h5"])))
    for arguments in [["even.h5"], ["sum.h5"], ["plain.h5", "--over-orbit"]] {
      let rest = Array(arguments.dropFirst())
      let own = try scores([arguments[0], "presets.h5"] + rest)
      #expect(own.count == 60 && own[0].count == 2)
      #expect(try areEqual(own, scores([arguments[0], "copies.h5"] + rest)), "\(arguments)")
    }
    #expect(try areEqual(scores(["sum.h5", "presets.h5"]), scores(["plain.h5", "presets.h5", "--over-orbit"])))
    #expect(try PriorFile.read(workspace.path("even.h5")).record?.estimator == "ridge-invariant-to-signs-mirror")
    try workspace.succeed(["sample", "sum.h5", "--count", "3", "-o", "draws.h5"])
    try workspace.succeed(["show", "sum.h5"])
  }

  @Test("distances over orbits find copies, nearest first")
  func distances() throws {
    let (workspace, presets) = try workspace()
    let sign = try #require(Self.chain.symmetries.networks.first).sign(ofLine: 0)
    var copies = presets
    copies.theta = Matrix(rows: (0..<presets.count).map { sign.image(of: presets.theta.row($0))?.theta ?? [] })
    copies.labels = (0..<60).map { "copy \($0)" }
    try PresetFile.write(
      copies, to: workspace.path("copies.h5"), provenance: try Provenance(arguments: ["test"]), overwrite: false)
    let plain = try workspace.succeed(["distance", "presets.h5", "--row", "7", "copies.h5"])
    #expect(plain.standardOutput.split(separator: "\n").count == 62)
    let near = try workspace.succeed([
      "distance", "presets.h5", "--row", "7", "copies.h5", "--over-orbit", "--nearest", "2", "--json",
    ])
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(near.standardOutput.utf8)) as? [String: Any])
    let entries = try #require(report["presets"] as? [[String: Any]])
    #expect(entries.count == 2 && entries[0]["label"] as? String == "copy 7")
    #expect(try #require(entries[0]["parameter_mean_squared_error"] as? Double) < 1e-12)
  }

  @Test("equivariance diagnoses sound, prior, and undeclared symmetries")
  func equivariance() throws {
    let (workspace, _) = try workspace()
    try workspace.succeed(["fit", "presets.h5", "-o", "prior.h5", "--family", "ridge"])
    let table = try workspace.succeed([
      "equivariance", "presets.h5", "--prior", "prior.h5", "--rendered", "2", "--search", "1", "-o", "report.h5",
    ]).standardOutput
    for words in ["reverb sign of line 1", "reverb gauge 2", "mirrored", "from canonical:", "length to 1 dB"] {
      #expect(table.contains(words), "\(table)")
    }
    let report = try HDF5Reader(path: workspace.path("report.h5"))
    let names = try report.strings("/symmetries/names")
    let changes = try report.doubles("/symmetries/log_density_change")
    #expect(changes.shape == [names.count, 5] && report.contains("/directions/lengths"))
    let json = try workspace.succeed([
      "equivariance", "presets.h5", "--rendered", "1", "--search", "0", "--json",
    ]).standardOutput
    let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    #expect((object["directions"] as? [Any])?.isEmpty == true && object["diagnosis"] != nil)
  }

  @Test("wrong wishes fail with a reason")
  func failures() throws {
    let (workspace, _) = try workspace()
    let wrong = try workspace.run(["fit", "presets.h5", "-o", "p.h5", "--invariant-to", "sign"])
    #expect(wrong.exitCode == 64 && wrong.standardError.contains("signs, bands, lookahead, mirror"))
    let automatic = try workspace.run(["fit", "presets.h5", "-o", "p.h5", "--family", "auto", "--orbit-sum"])
    #expect(automatic.exitCode == 64 && automatic.standardError.contains("--family"))
    try workspace.expectFailure(
      ["fit", "presets.h5", "-o", "p.h5", "--family", "ridge", "--invariant-to", "lookahead"], "lookahead")
    #expect(!workspace.exists("p.h5"))
    let unheard = try workspace.run(["equivariance", "presets.h5", "--rendered", "0"])
    #expect(
      unheard.exitCode == 64
        && unheard.standardError.contains("--rendered is 0 but must be a whole number between 1 and"))
  }
}
