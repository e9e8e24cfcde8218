import AudioFiles
import FXParams
import Foundation
import HDF5Store
import Inference
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

/// `priorkit posterior` when something is wrong or ends it: one clear sentence, and nothing lost.
@Suite("priorkit posterior, when things go wrong")
struct PosteriorRobustnessTests {
  private let workspace: Workspace

  /// A voice, and `prior.h5` over a peak and a pan: four parameters.
  init() throws {
    workspace = try Workspace()
    try workspace.storeVoice(seconds: 0.6)
    try storePrior("prior.h5")
  }

  private static let chain = ChainDescription(
    series: [.biquad(BiquadBand(name: "bell", response: .peak, frequencyHz: .init(33, 5400), q: .init(0.2, 20)))],
    sends: [])

  private func storePrior(_ name: String, gain: Double = 0, deviation: Double = 3) throws {
    let mean = [gain, 0, 0, 0]
    let prior = try Prior(
      chain: Self.chain,
      distribution: try MultivariateNormal(mean: mean, covariance: .diagonal([deviation * deviation, 1, 1, 1])))
    try PriorFile.write(
      prior, to: workspace.path(name), provenance: Provenance(arguments: ["test"]), overwrite: false)
  }

  private func posterior(
    _ sampler: String = "ess", prior: String = "prior.h5", reference: String = "reference.wav",
    input: String = "dry.wav", draws: Int = 20, output: String = "out.nc", _ more: String...
  ) -> [String] {
    [
      "posterior", "--prior", prior, "--reference", reference, "--dry", input, "--sampler", sampler, "--chains",
      "2",
      "--draws", "\(draws)", "-o", output,
    ] + more
  }

  // MARK: - Options

  @Test(arguments: [
    (["--draws", "0"], "--draws is 0"), (["--chains", "0"], "--chains is 0"), (["--warmup=-1"], "--warmup is -1"),
    (["--alpha", "0"], "--alpha 0 leaves the prior out"), (["--alpha=-1"], "--alpha is -1"),
    (["--thinning", "0"], "--thinning is 0"), (["--maximum-depth", "40"], "--maximum-depth is 40"),
    (["--path-length", "0"], "--path-length is 0"), (["--target-acceptance", "1"], "--target-acceptance is 1"),
  ])
  func impossibleNumbersAreRefusedInASentence(_ more: [String], words: String) throws {
    let before = try workspace.contents()
    let result = try workspace.run(posterior() + more)
    #expect(result.exitCode == 64 && result.standardOutput.isEmpty)
    let sentence = result.standardError.split(separator: "\n").first ?? ""
    #expect(sentence.hasPrefix("priorkit: error: " + words) && sentence.hasSuffix("."), "\(sentence)")
    #expect(try workspace.contents() == before)
  }

  @Test func oneChainOfOneDrawIsAFileForEverySampler() throws {
    for sampler in ["nuts", "hmc", "ess", "laplace", "is"] {
      let result = try workspace.succeed(
        posterior(sampler, output: "\(sampler).nc") + ["--chains", "1", "--draws", "1", "--warmup", "0"])
      #expect(result.standardError.contains("\(sampler).nc: 1 chain of 1 draw in"))
      #expect(result.exitCode == 3 && result.standardError.contains("1 draw in each chain cannot be judged"))
      #expect(try PosteriorFile.read(workspace.path("\(sampler).nc")).drawCount == 1)
      #expect(try workspace.run(["diagnose", "\(sampler).nc"]).exitCode == 3)
    }
  }

  // MARK: - Files

  @Test func filesOfOtherKindsAreRefused() throws {
    try workspace.storeSmallPresets()
    try workspace.expectFailure(posterior(prior: "small.h5"), "small.h5 holds presets, not a prior")
    try workspace.expectFailure(posterior(prior: "dry.wav"), "dry.wav", "HDF5")
    try workspace.expectFailure(posterior(prior: "none.h5"), "no file none.h5")
    try workspace.expectFailure(
      ["posterior", "--prior", "small.h5", "--from-prior", "-o", "out.nc"],
      "holds presets, not a prior")
    // A prior whose density has another dimension than its chain.
    try HDF5Writer.create(workspace.path("wrong.h5"), overwrite: false) { file in
      try file.set("prior", attribute: "priorkit_kind")
      try file.set(1, attribute: "priorkit_version")
      try file.write(Self.chain.yaml(), to: "/parameter_space")
      try file.write(Self.chain.parameterSpace.names, to: "/names")
      try file.set("gaussian", attribute: "family")
      try file.write([0, 0], shape: [2], to: "/mean")
      try file.write([1, 0, 0, 1], shape: [2, 2], to: "/covariance")
    }
    try workspace.expectFailure(posterior(prior: "wrong.h5"), "wrong.h5")
  }

  @Test func existingOutputIsKept() throws {
    try workspace.store("precious".utf8, as: "out.nc")
    try workspace.expectFailure(posterior(), "out.nc exists already", "--force")
  }

  @Test func recordingsWithoutStyleAreRefused() throws {
    let silence = [Float](repeating: 0, count: 66_150)
    try workspace.store(AudioBuffer(channels: [silence, silence], sampleRate: 44_100), as: "silence.wav")
    let voice = try Voice.excerpt(seconds: 1.5)
    try workspace.store(AudioBuffer(channels: [voice, voice], sampleRate: 44_100), as: "mono.wav")
    try workspace.expectFailure(posterior(reference: "silence.wav"), "silence.wav", "silent")
    try workspace.expectFailure(posterior(input: "silence.wav"), "silence.wav", "silent")
    try workspace.expectFailure(posterior(reference: "dry.wav"), "dry.wav", "1 channel", "stereo")
    for command in [
      posterior(reference: "mono.wav"), ["transfer"] + posterior(reference: "mono.wav")[1..<7] + ["-o", "t"],
    ] {
      try workspace.expectFailure(command, "mono.wav has equal left and right channels", "stereo reference")
    }
  }

  // MARK: - Densities that are not finite

  /// Gains above 770 dB, the end of single precision, are two fifths of this prior.
  @Test(arguments: ["nuts", "hmc", "ess"]) func aRegionWithoutADensityIsLeftOut(_ sampler: String) throws {
    try storePrior("holed.h5", deviation: 3000)
    try workspace.succeed(
      posterior(sampler, prior: "holed.h5") + ["--warmup", "5", "--maximum-depth", "3", "--path-length", "0.1"])
    let draws = try PosteriorFile.read(workspace.path("out.nc"))
    #expect(!draws.pooledLogits.column(0).contains { !($0 < 800) })
    #expect(!draws.chains.contains { $0.logLikelihood.contains { !$0.isFinite } })
  }

  @Test(arguments: ["nuts", "hmc", "ess"]) func aDensityThatIsNowhereFiniteEndsInASentence(_ sampler: String) throws
  {
    try storePrior("nowhere.h5", gain: 1e6)
    let result = try workspace.run(posterior(sampler, prior: "nowhere.h5"))
    #expect(result.exitCode == 1)
    let sentence = result.standardError.split(separator: "\n").last ?? ""
    #expect(sentence.contains("finds no point to begin at") && sentence.hasSuffix("."), "\(sentence)")
    #expect(!workspace.exists("out.nc"))
  }

  @Test(arguments: ["laplace", "is"]) func noModeNoApproximation(_ sampler: String) throws {
    try storePrior("nowhere.h5", gain: 1e6)
    let result = try workspace.run(posterior(sampler, prior: "nowhere.h5"))
    #expect(result.exitCode == 1 && !workspace.exists("out.nc"))
    let sentence = result.standardError.split(separator: "\n").last ?? ""
    #expect(sentence.hasPrefix("priorkit: error: ") && sentence.hasSuffix("."), "\(sentence)")
  }

  // MARK: - Killed and gone on with

  /// Waits until the first chain has some iterations on disk, and kills the process.
  private func kill(_ arguments: [String], atBytes bytes: Int, chains: String = "out.nc.chains") throws {
    let tool = try RunningTool(arguments, folder: workspace.folder)
    let log = workspace.path(chains + "/chain-0.draws")
    while tool.isRunning {
      let size = (try? FileManager.default.attributesOfItem(atPath: log)[.size] as? Int) ?? 0
      if size >= bytes { break }
      usleep(500)
    }
    tool.kill()
    #expect(try tool.result().exitCode == 137)
  }

  /// Every dataset of a file, to the last bit.
  private func datasets(_ name: String) throws -> [String: Data] {
    let file = try workspace.open(name)
    var result: [String: Data] = [:]
    for group in try file.children() {
      for name in try file.children(of: "/" + group) {
        let path = "/\(group)/\(name)"
        result[path] =
          if let numbers = try? file.doubles(path).values {
            numbers.withUnsafeBytes { Data($0) }
          } else { Data(try file.strings(path).joined(separator: "\n").utf8) }
      }
    }
    return result
  }

  @Test(arguments: ["nuts", "hmc", "ess", "laplace", "is"])
  func killedTwiceAndResumedIsTheUninterruptedFile(_ sampler: String) throws {
    let count = sampler == "nuts" || sampler == "hmc" ? 40 : 200
    let arguments = posterior(sampler, draws: count) + ["--warmup", "20", "--maximum-depth", "3"]
    try workspace.succeed(arguments.map { $0 == "out.nc" ? "whole.nc" : $0 })
    try kill(arguments, atBytes: 1500)
    #expect(!workspace.exists("out.nc") && workspace.exists("out.nc.chains"))
    try workspace.expectFailure(arguments, "out.nc.chains", "--resume", "--force")
    try kill(arguments + ["--resume"], atBytes: 2500)
    #expect(!workspace.exists("out.nc"))
    try workspace.succeed(arguments + ["--resume"])
    #expect(!workspace.exists("out.nc.chains"))
    var (whole, parts) = (
      try PosteriorFile.read(workspace.path("whole.nc")), try PosteriorFile.read(workspace.path("out.nc"))
    )
    // The clock alone may differ.
    (whole.elapsedSeconds, parts.elapsedSeconds) = (0, 0)
    #expect(whole == parts)
    let (first, second) = (try datasets("whole.nc"), try datasets("out.nc"))
    #expect(first == second && first.count > 20)
  }

  @Test func resumingAnotherRunIsRefused() throws {
    try storePrior("other.h5", deviation: 2)
    let arguments = posterior("nuts", draws: 100) + ["--warmup", "20", "--maximum-depth", "3"]
    try kill(arguments, atBytes: 1500)
    let resumed = arguments + ["--resume"]
    let before = try workspace.contents()
    for change in [
      ["--seed", "5"], ["--warmup", "30"], ["--alpha", "0.2"], ["--target-acceptance", "0.9"],
      ["--sampler", "hmc"],
      ["--metric", "laplace"], ["--prior", "other.h5"], ["--encoder", "mir"], ["--segment-seconds", "1"],
    ] {
      let result = try workspace.run(resumed + change)
      let sentence = result.standardError.split(separator: "\n").last ?? ""
      #expect(result.exitCode == 1, "\(change)")
      #expect(sentence.contains("belong to another run") && sentence.hasSuffix("."), "\(change): \(sentence)")
      // Nothing of the run is lost.
      let after = try workspace.contents()
      for (name, bytes) in before where name.hasSuffix(".draws") { #expect(after[name] == bytes, "\(change)") }
    }
    try workspace.succeed(resumed)
  }
}
