import Foundation
import Inference
import NumericCore
import PriorKit
import TestSupport
import Testing

/// Drawing from a posterior, or from the prior alone, as a command.
@Suite("priorkit posterior")
struct PosteriorTests {
  private func workspace(voice: Bool = true) throws -> Workspace {
    let workspace = try Workspace()
    try workspace.storePrior()
    if voice { try workspace.storeVoice() }
    return workspace
  }

  private func fromPrior(_ sampler: String, _ more: String..., output: String = "out.nc") -> [String] {
    ["posterior", "--prior", "prior.h5", "--from-prior", "--sampler", sampler, "--seed", "4", "-o", output] + more
  }

  private func fromVoice(_ sampler: String, draws: Int, output: String, _ more: String...) -> [String] {
    [
      "posterior", "--prior", "prior.h5", "--reference", "reference.wav", "--dry", "dry.wav", "--sampler",
      sampler,
      "--chains", "2", "--warmup", "2", "--draws", "\(draws)", "-o", output,
    ] + more
  }

  // MARK: - The prior alone

  @Test(arguments: ["nuts", "hmc", "ess", "laplace", "is"]) func everySamplerDrawsThePrior(_ sampler: String) throws
  {
    let workspace = try workspace(voice: false)
    try workspace.succeed(fromPrior(sampler, "--chains", "2", "--draws", "300", "--warmup", "100"))
    #expect(!workspace.exists("out.nc.chains"))
    let draws = try PosteriorFile.read(workspace.path("out.nc"))
    #expect(draws.chains.count == 2 && draws.drawCount == 300 && draws.sampler == sampler && draws.alpha == 0)
    #expect(draws.chains.allSatisfy { $0.logLikelihood.allSatisfy { abs($0) < 1e-9 } })
    let prior = try PriorFile.read(workspace.path("prior.h5"))
    let distances = (0..<600).compactMap { prior.squaredMahalanobisDistance(to: draws.pooledLogits.row($0)) }
    // Chi squared with 130 degrees of freedom has mean 130 and deviation 16; the chains are worth some 100 draws.
    let mean = distances.reduce(0, +) / 600
    #expect(abs(mean - 130) < 12, "\(mean)")
  }

  @Test func oneChainOfOneDrawIsAFile() throws {
    let workspace = try workspace(voice: false)
    for sampler in ["nuts", "hmc", "ess"] {
      try workspace.succeed(
        fromPrior(sampler, "--chains", "1", "--draws", "1", "--warmup", "0", "--force"))
      #expect(try PosteriorFile.read(workspace.path("out.nc")).drawCount == 1)
    }
  }

  @Test func impossibleOptionsAreRefused() throws {
    let workspace = try workspace(voice: false)
    for arguments in [
      fromPrior("nuts", "--chains", "0"), fromPrior("nuts", "--draws", "0"), fromPrior("nuts", "--warmup", "-1"),
      fromPrior("nuts", "--target-acceptance", "1"), fromPrior("gibbs"), fromPrior("nuts", "--dry", "dry.wav"),
      fromVoice("nuts", draws: 3, output: "out.nc", "--alpha", "0"),
      ["posterior", "--prior", "prior.h5", "-o", "out.nc"],
    ] {
      #expect(try workspace.run(arguments).exitCode == 64, "\(arguments)")
    }
    try workspace.expectFailure(fromPrior("nuts", "--resume"), "out.nc.chains", "without --resume")
  }

  // MARK: - A posterior

  @Test func threadsDoNotChangeTheDraws() throws {
    let workspace = try workspace()
    try workspace.succeed(fromVoice("ess", draws: 4, output: "one.nc", "--threads", "1"))
    try workspace.succeed(fromVoice("ess", draws: 4, output: "two.nc", "--threads", "2"))
    let (one, two) = (
      try PosteriorFile.read(workspace.path("one.nc")), try PosteriorFile.read(workspace.path("two.nc"))
    )
    #expect(one.chains == two.chains && one.warmUp == two.warmUp)
    #expect(one.observed.keys.sorted() == ["mid", "side"] && one.priorDraws?.rows == 8)
    #expect(one.chains[0].logits != one.chains[1].logits)
  }

  /// Interrupted, then killed, then gone on with: the draws are those of a run that was left alone.
  @Test(arguments: ["ess"]) func resumedRunIsTheUninterruptedOne(_ sampler: String) throws {
    let workspace = try workspace()
    let depth = ["--maximum-depth", "2"]
    try workspace.succeed(fromVoice(sampler, draws: 12, output: "whole.nc") + depth)
    var arguments = fromVoice(sampler, draws: 12, output: "parts.nc") + depth
    let first = try RunningTool(arguments, folder: workspace.folder)
    #expect(try first.waitForMessage("\(sampler): "))
    first.interrupt()
    let result = try first.result()
    #expect(result.exitCode == 130)
    #expect(result.standardError.contains("the work can go on (--resume)."))
    try workspace.expectFailure(arguments, "parts.nc.chains", "--resume")
    arguments.append("--resume")
    let second = try RunningTool(arguments, folder: workspace.folder)
    #expect(try second.waitForMessage("\(sampler): "))
    second.kill()
    #expect(try second.result().exitCode == 137)
    #expect(!workspace.exists("parts.nc"))
    try workspace.succeed(arguments)
    let whole = try PosteriorFile.read(workspace.path("whole.nc"))
    let parts = try PosteriorFile.read(workspace.path("parts.nc"))
    #expect(whole.chains == parts.chains && whole.warmUp == parts.warmUp)
    #expect(!workspace.exists("parts.nc.chains"))
  }

  // MARK: - Chains without a gradient

  @Test func chainsWithoutAGradientNameTheMethodsThatRemain() throws {
    let workspace = try workspace()
    let chain = """
      priorkit_chain: 1
      sample_rate: 44100
      cross_sends: false
      direct_pan: true
      series:
      - effect: peak
        name: peak
        frequency_hz: [33, 5400]
        q: [0.2, 20]
      - effect: bit_crusher
        name: crusher
        bits: [4, 16]
      sends: []

      """
    try Data(chain.utf8).write(to: workspace.folder.appendingPathComponent("crushed.yaml"))
    var table = "logit:peak.gain,logit:peak.frequency,logit:peak.q,logit:crusher.bits,logit:direct.pan\n"
    var source = RandomSource(seed: 2)
    for _ in 0..<30 {
      table += (0..<5).map { _ in "\(source.nextNormal())" }.joined(separator: ",") + "\n"
    }
    try Data(table.utf8).write(to: workspace.folder.appendingPathComponent("crushed.csv"))
    try workspace.succeed(["import", "csv", "crushed.csv", "--chain", "crushed.yaml", "-o", "crushed.h5"])
    try workspace.succeed(["fit", "crushed.h5", "-o", "crushed-prior.h5"])
    let style = ["--prior", "crushed-prior.h5", "--reference", "reference.wav", "--dry", "dry.wav"]
    try workspace.expectFailure(["transfer"] + style + ["-o", "out"], "crusher", "cma-es", "ess")
    try workspace.expectFailure(["posterior"] + style + ["-o", "out.nc"], "crusher", "cma-es", "ess")
    try workspace.expectFailure(
      ["objective"] + style + ["--presets", "crushed.h5", "-o", "o.h5"], "crusher", "cma-es", "ess")
    try workspace.succeed(["transfer"] + style + ["--optimiser", "cma-es", "--steps", "30", "-o", "out"])
    try workspace.succeed(
      ["posterior"] + style + [
        "--sampler", "ess", "--chains", "1", "--draws", "5", "--warmup", "0", "-o", "out.nc",
      ])
    #expect(try PosteriorFile.read(workspace.path("out.nc")).drawCount == 5)
  }
}
