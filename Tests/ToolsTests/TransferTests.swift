import AudioFiles
import FXParams
import Foundation
import HDF5Store
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

/// The folder that `transfer` fills, and how it gets there.
@Suite("priorkit transfer")
struct TransferTests {
  private static let steps = 3

  /// A transfer of the voice, with few steps.
  private func arguments(steps: Int = steps, output: String = "out", _ more: String...) -> [String] {
    [
      "transfer", "--prior", "prior.h5", "--encoder", "mfcc", "--alpha", "0.1", "--steps", "\(steps)",
      "--optimiser", "adam", "--learning-rate", "0.02", "--reference", "reference.wav", "--dry", "dry.wav", "-o",
      output,
    ] + more
  }

  private func workspace() throws -> Workspace {
    let workspace = try Workspace()
    try workspace.storePrior()
    try workspace.storeVoice()
    return workspace
  }

  // MARK: - What is written

  @Test func folderHoldsPresetReadingsAudioAndTrace() throws {
    let workspace = try workspace()
    let result = try workspace.succeed(arguments())
    #expect(result.standardError.contains("at the start"))
    let names = try FileManager.default.contentsOfDirectory(atPath: workspace.path("out")).sorted()
    #expect(
      names == [
        "index.html", "listen-dry.flac", "listen-reference.flac", "listen-wet.flac", "preset.h5", "preset.json",
        "trace.h5", "wet.wav",
      ])

    let trace = try workspace.open("out/trace.h5")
    let theta = try trace.doubles("/theta")
    #expect(theta.shape == [Self.steps + 1, 130])
    for name in ["/loss", "/log_likelihood", "/log_prior"] { #expect(try trace.shape(of: name) == [Self.steps]) }
    let (loss, likelihood) = (try trace.doubles("/loss").values, try trace.doubles("/log_likelihood").values)
    let logPrior = try trace.doubles("/log_prior").values
    for step in 0..<Self.steps { #expect(abs(loss[step] + likelihood[step] + 0.1 * logPrior[step]) < 1e-9) }
    #expect(try trace.text(attribute: "ending") == "completed")

    let prior = try PriorFile.read(workspace.path("prior.h5"))
    #expect(Array(theta.values.prefix(130)) == prior.mean)
    let preset = try PresetFile.read(workspace.path("out/preset.h5"))
    #expect(preset.count == 1 && preset.chain == prior.chain)
    #expect(preset.theta.row(0) == Array(theta.values.suffix(130)))

    let wet = try AudioReader(path: workspace.path("out/wet.wav"))
    #expect(wet.channelCount == 2 && wet.sampleRate == 44_100 && wet.encoding == "32 bit float")
    #expect(wet.frameCount == (try AudioReader(path: workspace.path("dry.wav"))).frameCount)
  }

  /// preset.json, as a reader of its documented keys sees it.
  private struct Report: Decodable {
    struct Reading: Decodable {
      let name: String
      let value: Double
      let unit: String
    }
    let loss: Double
    let logLikelihood: Double
    let logPrior: Double
    let step: Int
    let command: String
    let inputs: [String: String]
    let parameters: [Reading]
  }

  @Test func readingsAreNamedValuesWithUnits() throws {
    let workspace = try workspace()
    try workspace.succeed(arguments())
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let report = try decoder.decode(Report.self, from: Data(try workspace.text("out/preset.json").utf8))
    #expect(abs(report.loss + report.logLikelihood + 0.1 * report.logPrior) < 1e-9)
    #expect(report.step == Self.steps)
    #expect(report.command.hasPrefix("priorkit transfer"))
    #expect(report.inputs.keys.sorted() == ["dry.wav", "prior.h5", "reference.wav"])
    let preset = try PresetFile.read(workspace.path("out/preset.h5"))
    let space = preset.chain.parameterSpace
    #expect(report.parameters.map(\.name) == space.names)
    #expect(report.parameters.map(\.unit) == space.parameters.map(\.unit.rawValue))
    #expect(report.parameters.map(\.value) == space.values(ofLogits: preset.theta.row(0)))
  }

  @Test func wetIsTheDryVocalThroughThePreset() throws {
    let workspace = try workspace()
    try workspace.succeed(arguments(steps: 1, output: "out", "--no-loudness"))
    try workspace.succeed(["render", "out/preset.h5", "dry.wav", "-o", "again.wav"])
    #expect(try workspace.audio("out/wet.wav") == workspace.audio("again.wav"))
  }

  @Test func lossFallsFromThePriorMean() throws {
    let workspace = try workspace()
    try workspace.succeed(arguments(steps: 12))
    let trace = try workspace.open("out/trace.h5")
    let loss = try trace.doubles("/loss").values
    #expect(try trace.double(attribute: "last_loss") < loss[0])
  }

  @Test(arguments: ["mfcc", "mir"]) func bestIsKeptOnRequest(encoder: String) throws {
    let workspace = try workspace()
    try workspace.succeed(arguments(steps: 4, output: "out", "--keep", "best", "--encoder", encoder))
    let trace = try workspace.open("out/trace.h5")
    let best = Int(try trace.double(attribute: "best_step"))
    let preset = try PresetFile.read(workspace.path("out/preset.h5"))
    #expect(preset.theta.row(0) == Array(try trace.doubles("/theta").values[best * 130..<(best + 1) * 130]))
  }

  // MARK: - Methods

  private func method(_ name: String, steps: Int, _ more: String...) -> [String] {
    [
      "transfer", "--prior", "prior.h5", "--optimiser", name, "--steps", "\(steps)", "--reference", "reference.wav",
      "--dry", "dry.wav", "-o", "out",
    ] + more
  }

  @Test(arguments: ["lbfgs", "adam-white", "cma-es"]) func everyMethodKeepsItsBest(_ name: String) throws {
    let workspace = try workspace()
    try workspace.succeed(method(name, steps: 12))
    let trace = try workspace.open("out/trace.h5")
    let loss = try trace.doubles("/loss").values
    #expect(loss.count == 12)
    let best = try trace.double(attribute: "best_loss")
    // A first generation of evolution need not hold a better point.
    #expect(name == "cma-es" ? best <= loss[0] : best < loss[0])
    let step = Int(try trace.double(attribute: "best_step"))
    let preset = try PresetFile.read(workspace.path("out/preset.h5"))
    #expect(preset.theta.row(0) == Array(try trace.doubles("/theta").values[step * 130..<(step + 1) * 130]))
  }

  @Test func theBestOfSeveralStartsIsKept() throws {
    let workspace = try workspace()
    let result = try workspace.succeed(method("lbfgs", steps: 3, "--restarts", "3", "--threads", "1"))
    let line = try #require(
      result.standardError.split(separator: "\n").first { $0.hasPrefix("losses of the starts: ") })
    let losses = line.dropFirst("losses of the starts: ".count).split(separator: ", ").compactMap { Double($0) }
    #expect(losses.count == 3)
    let best = try workspace.open("out/trace.h5").double(attribute: "best_loss")
    #expect(abs(best - (losses.min() ?? 0)) < 1e-3 * abs(best))
    let first = try workspace.open("out/trace.h5").doubles("/theta").values
    try workspace.succeed(method("lbfgs", steps: 3, "--restarts", "3", "--threads", "2", "--force"))
    #expect(try workspace.open("out/trace.h5").doubles("/theta").values == first)
  }

  @Test func optionsOfOtherMethodsAreRefused() throws {
    let workspace = try workspace()
    for arguments in [
      method("lbfgs", steps: 3, "--learning-rate", "0.1"), method("cma-es", steps: 3, "--schedule", "cosine"),
      method("lbfgs", steps: 3, "--restarts", "0"), method("lbfgs", steps: 3, "--sigma", "0.3"),
    ] {
      #expect(try workspace.run(arguments).exitCode == 64)
    }
    try workspace.succeed(method("lbfgs", steps: 2, "--sigma", "0.3,0.4"))
  }

  // MARK: - Inputs

  @Test func everyInputIsRendered() throws {
    let workspace = try workspace()
    try FileManager.default.copyItem(atPath: workspace.path("dry.wav"), toPath: workspace.path("other.wav"))
    try workspace.succeed(
      arguments(steps: 1, output: "out", "--dry", "other.wav", "--reference", "reference.wav"))
    #expect(workspace.exists("out/wet.wav") && workspace.exists("out/wet-2.wav"))
    #expect(try workspace.audio("out/wet.wav") == workspace.audio("out/wet-2.wav"))
    // Twice the same pair of segments is the same mean over pairs.
    try workspace.succeed(arguments(steps: 1, output: "single"))
    let (double, single) = (try workspace.open("out/trace.h5"), try workspace.open("single/trace.h5"))
    #expect(abs(try double.doubles("/loss").values[0] - single.doubles("/loss").values[0]) < 1e-6)
  }

  // MARK: - Going on after an interruption

  @Test func resumedRunIsTheUninterruptedOne() throws {
    let workspace = try workspace()
    try workspace.succeed(arguments(steps: 20, output: "whole"))
    let tool = try RunningTool(arguments(steps: 20, output: "parts"), folder: workspace.folder)
    #expect(try tool.waitForMessage("transfer: "))
    tool.interrupt()
    let result = try tool.result()
    #expect(result.exitCode == 130)
    let sentence = try #require(result.standardError.split(separator: "\n").last)
    #expect(sentence.hasPrefix("priorkit: error: Interrupted after ") && sentence.contains("--resume"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: workspace.path("parts")) == ["state.h5"])

    // As if it had been stopped while it wrote its results: only --resume replaces what is there.
    try workspace.store("half".utf8, as: "parts/wet.wav")
    try workspace.expectFailure(arguments(steps: 20, output: "parts"), "parts/wet.wav", "--force")
    try workspace.succeed(arguments(steps: 20, output: "parts", "--resume"))
    #expect(!workspace.exists("parts/state.h5"))
    let (whole, parts) = (try workspace.open("whole/trace.h5"), try workspace.open("parts/trace.h5"))
    for name in ["/theta", "/loss", "/log_likelihood", "/log_prior"] {
      #expect(try whole.doubles(name).values == parts.doubles(name).values, "\(name)")
    }
    #expect(try workspace.audio("whole/wet.wav") == workspace.audio("parts/wet.wav"))
  }

  @Test func stateOfAnotherRunIsRefused() throws {
    let workspace = try workspace()
    try workspace.expectFailure(arguments(steps: 20, output: "out", "--resume"), "out/state.h5", "without --resume")
    let tool = try RunningTool(arguments(steps: 20), folder: workspace.folder)
    #expect(try tool.waitForMessage("transfer: "))
    tool.interrupt()
    #expect(try tool.result().exitCode == 130)
    try workspace.expectFailure(
      arguments(steps: 20, output: "out", "--resume", "--segment-seconds", "1"), "state.h5", "another run")
  }

  // MARK: - Threads

  @Test func threadsDoNotChangeTheResult() throws {
    let workspace = try workspace()
    for threads in ["1", "2"] {
      try workspace.succeed(arguments(steps: 2, output: "out-\(threads)", "--threads", threads))
    }
    let (one, two) = (try workspace.open("out-1/trace.h5"), try workspace.open("out-2/trace.h5"))
    #expect(try one.doubles("/theta").values == two.doubles("/theta").values)
    #expect(try workspace.audio("out-1/wet.wav") == workspace.audio("out-2/wet.wav"))
  }
}
