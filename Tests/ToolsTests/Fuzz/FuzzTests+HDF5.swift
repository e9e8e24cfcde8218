import FXParams
import Foundation
import Inference
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

extension FuzzTests {
  @Test func presets() throws {
    var presets = try PresetFile.read(workspace.path("small.h5"))
    presets.labels = (0..<presets.count).map { "p\($0)" }
    presets.groups = presets.labels
    presets.weights = (0..<presets.count).map { Double($0 + 1) }
    presets.features = presets.theta
    presets.featureNames = ["a", "b", "c"]
    try PresetFile.write(
      presets, to: workspace.path("full.h5"), provenance: Provenance(arguments: ["test"]), overwrite: true)
    try fuzzContent("presets", of: "full.h5") { path in
      let found = try PresetFile.read(path)
      let statistics = try PresetStatistics(of: PresetStream(path), threads: 1)
      let prior = try GaussianEstimator.unbiased.fit(found)
      return found.theta.values + statistics.moments.mean + prior.mean
    }
  }

  @Test func presetsOfVaryingShape() throws {
    try PresetFile.write(
      .varying(), to: workspace.path("varying.h5"), provenance: Provenance(arguments: ["test"]), overwrite: true)
    try fuzzContent("presets of varying shape", of: "varying.h5") { path in
      let found = try PresetFile.read(path, acceptsVaryingShape: true)
      return try found.rowsByPattern.flatMap { try found.ofPattern($0.pattern, path: path).theta.values }
    }
  }

  @Test(arguments: [
    "published", "student-t-blocks", "mixture-factors-2", "copula-kernel-student-t-blocks-radial",
    "copula-sinh-arcsinh-student-t-blocks",
  ])
  func priors(family: String) throws {
    try workspace.succeed(["fit", "small.h5", "--family", family, "-o", "prior.h5"])
    try fuzzContent("prior \(family)", of: "prior.h5") { path in
      let prior = try PriorFile.read(path)
      let draw = prior.samples(0..<1, seed: 1, threads: 1)
      return prior.mean + draw.values + [prior.logDensity(at: prior.mean)]
    }
  }

  @Test func conditionalPriors() throws {
    var presets = try PresetFile.read(workspace.path("small.h5"))
    var source = RandomSource(seed: 9)
    let features = (0..<presets.count).map { row in (0..<4).map { presets.theta[row, $0 % 3] + source.nextNormal() }
    }
    presets.features = Matrix(rows: features)
    presets.featureNames = ["a", "b", "c", "d"]
    try PresetFile.write(
      presets, to: workspace.path("pairs.h5"), provenance: Provenance(arguments: ["test"]), overwrite: true)
    try workspace.succeed(["fit", "pairs.h5", "--given", "features", "-o", "conditional.h5"])
    try fuzzContent("conditional prior", of: "conditional.h5") { path in
      let prior = try ConditionalPriorFile.read(path).prior(given: [0.1, -0.2, 0.3, 1])
      return prior.mean + prior.samples(0..<1, seed: 1, threads: 1).values
    }
  }

  @Test func statistics() throws {
    try workspace.succeed(["fit", "small.h5", "--statistics-only", "-o", "statistics.h5"])
    try fuzzContent("statistics", of: "statistics.h5") { path in
      var statistics = try StatisticsFile.read(path)
      statistics.merge(statistics)
      return statistics.moments.mean + (try GaussianEstimator.unbiased.fit(statistics)).mean
    }
  }

  @Test func shards() throws {
    let presets = try PresetFile.read(workspace.path("small.h5"))
    let record = ShardRecord(
      kind: .pairs, index: 2, count: 3, rowCount: 120, command: "priorkit", terms: [.init("seed", "1")])
    try PresetShardFile.write(
      PresetShard(
        record: record, provenance: Provenance(arguments: ["test"]),
        rows: (0..<presets.count).map { 3 * $0 + 1 }, presets: presets),
      to: workspace.path("shard.h5"), overwrite: true)
    try fuzzContent("shard of presets", of: "shard.h5") { path in
      let shard = try PresetShardFile.read(path)
      return shard.presets.theta.values + shard.rows.map { Double($0) }
    }
    let outcomes = (0..<4).map {
      FitOutcome(estimator: "published", split: $0, seconds: 1, result: .scores([1, 2, Double($0)]))
    }
    try ComparisonCheckpoint(path: workspace.path("fits.h5"), problem: "p").write(outcomes, record: record)
    try fuzzContent("fits of a comparison", of: "fits.h5") { path in
      try ComparisonCheckpoint.Content(path).outcomes.flatMap { outcome -> [Double] in
        guard case .scores(let scores) = outcome.result else { return [] }
        return scores
      }
    }
  }

  @Test func posteriors() throws {
    try workspace.succeed(["fit", "small.h5", "-o", "prior.h5"])
    try workspace.succeed([
      "posterior", "--prior", "prior.h5", "--from-prior", "--sampler", "ess", "--chains", "2", "--draws", "12",
      "--warmup", "2", "-o",
      "posterior.nc",
    ])
    try fuzzContent("posterior", of: "posterior.nc") { path in
      let draws = try PosteriorFile.read(path)
      let diagnostics = PosteriorDiagnostics(draws)
      _ = diagnostics.findings
      return diagnostics.parameters.flatMap {
        [$0.mean, $0.lower5, $0.upper95, $0.bulkESS ?? 0, $0.meanError ?? 0]
      }
    }
  }

  @Test func checkpoints() throws {
    let checkpoint = MAPCheckpoint(problem: "p", dimension: 3, optimiser: LBFGS())
    var state = try MaximumAPosteriori(optimiser: LBFGS(), steps: 6).makeState(from: [1, 2, 3])
    _ = try MaximumAPosteriori(optimiser: LBFGS(), steps: 6).run(Bowl(), state: &state)
    try checkpoint.write(state, to: workspace.path("state.h5"))
    try fuzzContent("optimiser state", of: "state.h5") { path in
      var state = try checkpoint.load(from: path)
      let result = try MaximumAPosteriori(optimiser: LBFGS(), steps: state.stepCount + 2).run(Bowl(), state: &state)
      guard case .completed(let end) = result else { return [] }
      return end.best.theta
    }
  }
}

/// log p = -|x|^2.
private final class Bowl: LogDensity {
  let dimension = 3

  func evaluate(at point: [Double]) throws -> DensityEvaluation {
    DensityEvaluation(value: -point.reduce(0) { $0 + $1 * $1 })
  }

  func evaluate(at point: [Double], gradient: inout [Double]) throws -> DensityEvaluation {
    for index in point.indices { gradient[index] = -2 * point[index] }
    return try evaluate(at: point)
  }
}
