import FXParams
import Foundation
import HDF5Store
import Inference
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

/// Priors of `condition`: what they fix stays to the last bit, whatever draws or optimises.
@Suite("Fixed parameters")
struct FixedParameterTests {
  private let workspace: Workspace
  private let fixed: [Int]

  init() throws {
    workspace = try Workspace()
    try workspace.storePrior()
    try workspace.storeVoice()
    try workspace.succeed([
      "condition", "prior.h5", "--given", "lowshelf.gain=3", "--given", "peak1.frequency=900", "-o", "c.h5",
    ])
    fixed = try PriorFile.read(workspace.path("c.h5")).pinnedPositions
  }

  private var pinned: [UInt64] {
    get throws {
      let mean = try PriorFile.read(workspace.path("c.h5")).mean
      return fixed.map { mean[$0].bitPattern }
    }
  }

  private func expectFixed(_ logits: Matrix) throws {
    let expected = try pinned
    for row in 0..<logits.rows { #expect(fixed.map { logits[row, $0].bitPattern } == expected) }
  }

  private let voice = ["--prior", "c.h5", "--reference", "reference.wav", "--dry", "dry.wav"]

  // MARK: - Sampling

  @Test(arguments: ["nuts", "hmc", "ess", "laplace", "is"])
  func everySamplerDrawsTheConditional(_ sampler: String) throws {
    try workspace.succeed([
      "posterior", "--prior", "c.h5", "--from-prior", "--sampler", sampler, "--chains", "2", "--draws", "300",
      "--warmup", "100", "-o", "out.nc",
    ])
    let draws = try PosteriorFile.read(workspace.path("out.nc"))
    #expect(draws.pinnedPositions == fixed && draws.freePositions.count == 128)
    try expectFixed(draws.pooledLogits)
    try expectFixed(try #require(draws.priorDraws))
    for chain in draws.warmUp { try expectFixed(chain.logits) }
    // Chi squared with 128 degrees of freedom has mean 128; the chains are worth some 100 draws.
    let prior = try PriorFile.read(workspace.path("c.h5"))
    let distances = (0..<600).compactMap { prior.squaredMahalanobisDistance(to: draws.pooledLogits.row($0)) }
    let mean = distances.reduce(0, +) / 600
    #expect(abs(mean - 128) < 12, "\(mean)")
  }

  @Test func aPosteriorIsDrawnAndDiagnosed() throws {
    try workspace.succeed(
      ["posterior"] + voice + [
        "--sampler", "nuts", "--maximum-depth", "2", "--chains", "2", "--warmup", "4", "--draws", "8", "-o",
        "out.nc",
      ])
    let draws = try PosteriorFile.read(workspace.path("out.nc"))
    try expectFixed(draws.pooledLogits)
    let diagnosis = try workspace.run(["diagnose", "out.nc"])
    #expect(diagnosis.exitCode == 3)
    #expect(diagnosis.standardOutput.contains("130 parameters, 2 of them fixed, by nuts"))
    #expect(!diagnosis.standardOutput.contains("same value in all draws"))
    let lines = diagnosis.standardOutput.split(separator: "\n")
    #expect(lines.suffix(2).allSatisfy { $0.hasSuffix("fixed") } && lines.count { $0.hasSuffix("fixed") } == 2)
    let few = try workspace.run(["diagnose", "out.nc", "--rows", "5"]).standardOutput
    #expect(few.contains("and 123 more, better than these, 2 that are fixed (--rows)."))
    #expect(
      try workspace.succeed(["show", "out.nc"]).standardOutput.split(separator: "\n").count { $0.contains("fixed") }
        == 2)
    try workspace.succeed(["export", "out.nc", "-o", "draws.h5"])
    try expectFixed(try PresetFile.read(workspace.path("draws.h5")).theta)
  }

  @Test(.enabled(if: Gnuplot.isInstalled, Gnuplot.absence)) func aReportSaysThatTheyAreFixed() throws {
    try workspace.succeed(
      ["posterior"] + voice + [
        "--sampler", "ess", "--chains", "2", "--warmup", "4", "--draws", "8", "-o", "out.nc",
      ])
    try workspace.succeed(["report", "out.nc", "-o", "out.html"])
    let page = try workspace.text("out.html")
    #expect(page.contains(" of 128 parameters") && page.contains("<td>fixed</td>") && !page.contains("nan"))
  }

  /// Elliptical slice sampling without gradients, and a family that is not Gaussian.
  @Test func otherFamiliesAreDrawnToo() throws {
    try workspace.succeed(["fit", "presets.h5", "--family", "student-t-blocks", "-o", "t.h5"])
    try workspace.succeed([
      "condition", "t.h5", "--given", "lowshelf.gain=3", "--given", "peak1.frequency=900", "-o", "c.h5", "--force",
    ])
    for sampler in ["ess", "nuts"] {
      try workspace.succeed([
        "posterior", "--prior", "c.h5", "--from-prior", "--sampler", sampler, "--chains", "1", "--draws", "20",
        "--warmup", "20", "-o", "\(sampler).nc",
      ])
      try expectFixed(try PosteriorFile.read(workspace.path("\(sampler).nc")).pooledLogits)
    }
  }

  // MARK: - Optimising

  @Test(arguments: ["lbfgs", "adam-white", "cma-es"]) func everyOptimiserKeepsThem(_ optimiser: String) throws {
    try workspace.succeed(
      ["transfer"] + voice + ["--optimiser", optimiser, "--steps", "12", "--restarts", "2", "-o", "out"])
    try expectFixed(try PresetFile.read(workspace.path("out/preset.h5")).theta)
    let trace = try workspace.open("out/trace.h5").doubles("/theta")
    try expectFixed(Matrix(rows: trace.shape[0], columns: trace.shape[1], values: trace.values))
    // A generation of CMA-ES may well find nothing better.
    guard optimiser != "cma-es" else { return }
    let losses = try workspace.open("out/trace.h5").doubles("/loss").values
    #expect(try #require(losses.min()) < losses[0])
  }

  @Test func orbitsKeepThem() throws {
    try workspace.succeed(
      ["transfer"] + voice + ["--optimiser", "adam", "--over-orbit", "--steps", "2", "-o", "out"])
    try expectFixed(try PresetFile.read(workspace.path("out/preset.h5")).theta)
  }
}
