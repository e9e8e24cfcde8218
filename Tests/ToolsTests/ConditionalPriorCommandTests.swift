import AudioFiles
import FXParams
import Foundation
import HDF5Store
import NumericCore
import PresetStore
import PriorKit
import Testing

/// Fits, comparisons, uses and calibration of conditional priors by the command line.
@Suite struct ConditionalPriorCommandTests {
  /// Presets of one peak filter whose gain follows the first of six features.
  static func folder(_ count: Int = 120, shuffled: Bool = false, record: FeatureRecord? = nil) throws -> Workspace {
    let folder = try Workspace()
    var source = RandomSource(seed: 6)
    var (rows, features) = ([[Double]](), [[Double]]())
    for _ in 0..<count {
      let x = (0..<6).map { _ in source.nextNormal() }
      rows.append([2 * x[0] + 0.3 * source.nextNormal(), x[1] + source.nextNormal(), source.nextNormal()])
      features.append(x)
    }
    if shuffled { features.shuffle(using: &source) }
    func write(_ range: Range<Int>, _ name: String) throws {
      var presets = PresetCollection(
        chain: .bell, theta: Matrix(rows: Array(rows[range])), features: Matrix(rows: Array(features[range])),
        featureNames: (0..<6).map { "mfcc.mid.\($0)" })
      presets.featureRecord = record
      try PresetFile.write(
        presets, to: folder.path(name), provenance: Provenance(arguments: ["test"]), overwrite: false)
    }
    try write(0..<count - 30, "pairs.h5")
    try write(count - 30..<count, "held.h5")
    return folder
  }

  // MARK: - Fitting

  @Test func fitTellsThatTheFeaturesHelp() throws {
    let folder = try Self.folder()
    let result = try folder.succeed(["fit", "pairs.h5", "--given", "features", "-o", "c.h5"])
    #expect(result.standardError.contains("The features help: linear-gaussian gains"))
    #expect(try folder.succeed(["show", "c.h5"]).standardOutput.contains("linear-gaussian"))
    let scores = try folder.succeed(["score", "c.h5", "held.h5"]).standardOutput.split(separator: "\n").dropFirst()
    let own = scores.compactMap { Double($0.split(separator: ",")[1]) }.reduce(0, +) / 30
    try folder.succeed(["fit", "pairs.h5", "-o", "p.h5"])
    let plain = try folder.succeed(["score", "p.h5", "held.h5"]).standardOutput.split(separator: "\n").dropFirst()
    #expect(own > plain.compactMap { Double($0.split(separator: ",")[1]) }.reduce(0, +) / 30 + 1)
  }

  @Test func shuffledPairsFallBack() throws {
    let folder = try Self.folder(shuffled: true)
    let fitted = try folder.succeed([
      "fit", "pairs.h5", "--given", "features", "--components", "4", "-o", "c.h5",
    ])
    #expect(fitted.standardError.contains("The features do not help"))
    let compared = try folder.succeed([
      "compare", "pairs.h5", "--given", "features", "--folds", "4", "--families", "linear-gaussian,reduced-rank",
    ])
    #expect(compared.standardError.contains("The features do not help"))
    #expect(compared.standardOutput.contains("linear-gaussian-unconditional"))
    let automatic = try folder.succeed(["fit", "pairs.h5", "--given", "features", "--family", "auto", "-o", "a.h5"])
    #expect(automatic.standardError.contains("an unconditional prior"))
    let prior = try PriorFile.read(folder.path("a.h5"))
    #expect(prior.record?.estimator.hasSuffix("-unconditional") == true)
    #expect(prior.record?.evidence.contains("do not help") == true)
  }

  // MARK: - Use

  @Test func priorsGivenAudioServeEveryCommand() throws {
    let folder = try Workspace()
    try folder.storePrior()
    try folder.storeVoice(seconds: 2)
    try folder.succeed([
      "simulate", "prior.h5", "--dry", "dry.wav", "--count", "24", "--segments", "1", "--segment-seconds", "0.5",
      "-o",
      "pairs.h5",
    ])
    try folder.succeed(["fit", "pairs.h5", "--given", "features", "--components", "3", "-o", "c.h5"])
    try folder.expectFailure(["sample", "c.h5", "--mean", "-o", "m.h5"], "c.h5", "--given-audio")
    try folder.succeed(["sample", "c.h5", "--mean", "--given-audio", "reference.wav", "-o", "m.h5"])
    try folder.succeed(["sample", "c.h5", "--mean", "--features", "pairs.h5", "--features-row", "2", "-o", "f.h5"])
    let (audio, stored) = (try PresetFile.read(folder.path("m.h5")), try PresetFile.read(folder.path("f.h5")))
    #expect(audio.theta != stored.theta)
    try folder.succeed(["score", "c.h5", "m.h5", "--given-audio", "reference.wav"])
    // The reference serves a prior over processed vocals by default, and the start point is its mean.
    let style = ["--reference", "reference.wav", "--dry", "dry.wav", "--segment-seconds", "0.5"]
    try folder.succeed(["transfer", "--prior", "c.h5"] + style + ["--steps", "1", "-o", "t"])
    #expect(try folder.open("t/trace.h5").doubles("/theta").values.prefix(130).elementsEqual(audio.theta.row(0)))
    try folder.succeed(
      ["transfer", "--prior", "prior.h5", "--start", "c.h5"] + style + ["--steps", "1", "-o", "u"])
    #expect(try folder.open("u/trace.h5").doubles("/theta").values.prefix(130).elementsEqual(audio.theta.row(0)))
    try folder.succeed(["objective", "--prior", "c.h5", "--presets", "m.h5"] + style + ["-o", "o.h5"])
    try folder.expectFailure(
      ["sample", "prior.h5", "--given-audio", "dry.wav", "-o", "x.h5"], "no conditional prior")
    try folder.expectFailure(
      ["sample", "c.h5", "--features", "pairs.h5", "--features-row", "99", "-o", "x.h5"], "99", "23")
    try folder.expectFailure(["sample", "c.h5", "--given-audio", "dry.wav", "-o", "x.h5"], "dry.wav", "stereo")
  }

  @Test func otherFeaturesAreRefused() throws {
    let record = FeatureRecord(
      encoder: "mfcc", source: .dry, sampleRate: 44_100, loudnessLUFS: -18, segmentSeconds: 11)
    let folder = try Self.folder(record: record)
    try folder.succeed(["fit", "pairs.h5", "--given", "features", "--components", "2", "-o", "c.h5"])
    func store(_ name: String, _ change: (inout PresetCollection) -> Void) throws {
      var presets = try PresetFile.read(folder.path("held.h5"))
      change(&presets)
      try PresetFile.write(
        presets, to: folder.path(name), provenance: Provenance(arguments: ["test"]), overwrite: false)
    }
    try store("mir.h5") { $0.featureRecord?.encoder = "mir" }
    try store("short.h5") {
      $0.features = Matrix(rows: 30, columns: 2, repeating: 1)
      $0.featureNames = ["a", "b"]
    }
    try store("none.h5") {
      $0.features = nil
      $0.featureNames = nil
    }
    try folder.expectFailure(["score", "c.h5", "mir.h5"], "mir.h5", "mfcc of the dry")
    try folder.expectFailure(["calibrate", "c.h5", "short.h5"], "2 features", "6")
    try folder.expectFailure(["score", "c.h5", "none.h5"], "none.h5", "/features")
    try folder.expectFailure(["fit", "none.h5", "--given", "features", "-o", "x.h5"], "none.h5", "/features")
    try folder.expectFailure(
      ["compare", "pairs.h5", "--given", "features", "--test", "mir.h5"], "mir.h5", "another making")
    try folder.expectFailure(
      ["fit", "pairs.h5", "--given", "features", "--family", "nonsense", "-o", "x.h5"], "nonsense",
      "linear-gaussian")
  }

  // MARK: - Calibration

  /// Presets far from what their features say.
  private func spoil(_ folder: borrowing Workspace) throws {
    var presets = try PresetFile.read(folder.path("held.h5"))
    for index in presets.theta.values.indices { presets.theta.values[index] += index.isMultiple(of: 2) ? 9 : -9 }
    try PresetFile.write(
      presets, to: folder.path("spoiled.h5"), provenance: Provenance(arguments: ["test"]), overwrite: false)
  }

  @Test func calibrationIsPlotted() throws {
    let folder = try Self.folder()
    try folder.succeed(["fit", "pairs.h5", "--given", "features", "-o", "c.h5"])
    let table = try folder.succeed(["calibrate", "c.h5", "held.h5", "--draws", "19"])
    #expect(table.standardOutput.contains("30 pairs, 19 draws each"))
    let json = try folder.succeed(["calibrate", "c.h5", "--own-simulations", "60", "--json"]).standardOutput
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    #expect((object["passing_share"] as? Double).map { $0 > 0.6 } == true)
    // The same pairs as a test: a verdict, and figures beside those of a prior without condition.
    try folder.succeed(["fit", "pairs.h5", "-o", "plain.h5"])
    let test = try folder.run(["calibrate", "c.h5", "--test", "held.h5", "--against", "plain.h5"])
    let isTrusted = test.standardOutput.contains("as sure as it should be")
    #expect(test.standardOutput.contains("90 % regions hold") && test.exitCode == (isTrusted ? 0 : 3))
    #expect(test.standardOutput.contains("the prior given by --against"))
    try spoil(folder)
    let wrong = try folder.run(["calibrate", "c.h5", "--test", "spoiled.h5"])
    #expect(wrong.exitCode == 3 && wrong.standardOutput.contains("too sure here"))
    // Regions as wide as these presets ask for hold there.
    try folder.succeed(["calibrate", "c.h5", "--test", "spoiled.h5", "--widened", "wide.h5"])
    #expect(try folder.succeed(["show", "wide.h5"]).standardOutput.contains("about its mean since it was fitted"))
    let widened = try folder.run(["calibrate", "wide.h5", "--test", "spoiled.h5"])
    #expect(!widened.standardOutput.contains("too sure here"))
    try folder.expectFailure(
      ["calibrate", "c.h5", "--test", "spoiled.h5", "--widened", "wide.h5"], "wide.h5", "--force")
    let untested = try folder.run(["calibrate", "c.h5", "held.h5", "--widened", "w.h5"])
    #expect(untested.exitCode == 64 && untested.standardError.contains("--test"))
    let both = try folder.run(["calibrate", "c.h5", "held.h5", "--test", "held.h5"])
    #expect(both.exitCode == 64 && both.standardError.contains("--own-simulations"))
    guard Gnuplot.isInstalled else {
      return try folder.expectFailure(["calibrate", "c.h5", "held.h5", "--directory", "k"], "gnuplot-nox")
    }
    try folder.succeed(["calibrate", "c.h5", "held.h5", "--directory", "k"])
    for name in ["k/ranks.svg", "k/coverage.svg"] { #expect(try folder.text(name).contains("</svg>")) }
    #expect(try folder.text("k/parameters.csv").split(separator: "\n").count == 4)
  }
}
