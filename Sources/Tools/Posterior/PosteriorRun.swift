import FXParams
import FileOutput
import Foundation
import Inference
import NumericCore
import PriorKit
import Synchronization

/// What `priorkit posterior` does between reading and writing: coordinates, chains, draws.
struct PosteriorRun {
  let prior: any Prior
  let options: SamplerOptions
  let seed: UInt64
  let threads: Int
  let logs: ChainLogs
  let console: Console
  /// The likelihood's and the prior's weight together: what the Hessian is about, in the prior's coordinates.
  let curvature: Double
  /// A density for one chain, with threads of its own.
  let makeDensity: @Sendable (Int) throws -> any LogDensity

  /// What a sampler left, on its way to a file.
  struct Outcome {
    var chains: [ChainDraws]
    var warmup: [ChainDraws] = []
    var settings: [String: String]
    var paretoShape: Double?
    var losses: [Double] = []
  }

  func run() throws -> Outcome {
    let white = try WhiteCoordinates(whitening: prior.density)
    let laplace = options.needsLaplace ? try laplace(white: white) : nil
    var outcome: Outcome
    switch options.sampler {
    case .nuts:
      let sampler = NoUTurn(targetAcceptance: options.targetAcceptance, maximumDepth: options.maximumDepth)
      outcome = try draw(sampler, coordinates: try laplace?.approximation.metric(white: white) ?? white)
    case .hmc:
      let sampler = HamiltonianMonteCarlo(
        targetAcceptance: options.targetAcceptance, pathLength: options.pathLength)
      outcome = try draw(sampler, coordinates: try laplace?.approximation.metric(white: white) ?? white)
    case .ess:
      outcome = try draw(EllipticalSlice(suiting: prior.density, thinning: options.thinning), coordinates: white)
    case .laplace, .importance:
      guard let laplace else { preconditionFailure("A Laplace approximation was not asked for") }
      outcome = try approximate(laplace.approximation)
    }
    if let laplace {
      outcome.losses = laplace.losses
      outcome.settings["raised_curvatures"] = "\(laplace.approximation.raisedCount)"
      outcome.settings["non_positive_curvatures"] = "\(laplace.approximation.nonPositiveCount)"
    }
    outcome.settings["metric"] = options.effectiveMetric.rawValue
    outcome.settings["warm_up"] = "\(options.warmUp)"
    return outcome
  }

  // MARK: - Markov chains

  private func draw<Method: Sampler>(
    _ sampler: Method, coordinates: WhiteCoordinates, count: Int? = nil, from start: [Double]? = nil
  ) throws -> Outcome {
    let draws = count ?? options.draws
    let sampling = ChainSampling(
      sampler: sampler, chains: options.chains, warmUp: options.warmUp, draws: draws, seed: seed, threads: lanes)
    let progress = console.progress(sampler.name, total: options.chains * (options.warmUp + draws))
    defer { progress.finish() }
    let (prior, makeDensity, share) = (prior, makeDensity, max(1, threads / lanes))
    let histories = try Interruption.polling {
      try sampling.run(
        coordinates: coordinates, start: { source in start ?? prior.sample(using: &source) }, log: logs,
        progress: { report in
          progress.advance(note: "chain \(report.chain), log density \(NumberText.short(report.value))")
        },
        isCancelled: { Interruption.isRequested }, makeDensity: { try makeDensity(share) })
    }
    return Outcome(
      chains: histories.map { $0.draws(options.warmUp..<options.warmUp + draws, coordinates: coordinates) },
      warmup: options.warmUp == 0 ? [] : histories.map { $0.draws(0..<options.warmUp, coordinates: coordinates) },
      settings: sampler.settings)
  }

  private var lanes: Int { min(threads, options.chains) }

  // MARK: - Approximations

  /// Draws of the approximation as they are, or resampled by their weights.
  private func approximate(_ approximation: LaplaceApproximation) throws -> Outcome {
    let isWeighted = options.sampler == .importance
    var outcome = try draw(
      IndependentDraws(), coordinates: try approximation.coordinates,
      count: options.draws * (isWeighted ? options.oversampling : 1), from: approximation.mode)
    let ratios = outcome.chains.flatMap { $0.statistics["log_ratio"] ?? [] }
    guard isWeighted else {
      outcome.paretoShape = try ParetoSmoothing(logRatios: ratios).shape
      return outcome
    }
    // A stream that no chain has.
    var source = RandomSource(seed: seed, stream: .max)
    let chosen = try ImportanceResampling.resample(
      logRatios: ratios, count: options.chains * options.draws, using: &source)
    outcome.paretoShape = chosen.smoothing.shape
    outcome.settings["oversampling"] = "\(options.oversampling)"
    outcome.chains = (0..<options.chains).map { chain in
      ChainDraws(
        chosen.indices[chain * options.draws..<(chain + 1) * options.draws], of: outcome.chains)
    }
    outcome.warmup = []
    return outcome
  }

  /// The mode by L-BFGS and the Hessian there, or what an earlier run has kept of them.
  private func laplace(
    white: WhiteCoordinates
  ) throws -> (approximation: LaplaceApproximation, losses: [Double]) {
    let path = logs.folder + "/laplace.h5"
    if logs.isResuming, FileManager.default.fileExists(atPath: path) {
      return try LaplaceFile.read(path, problem: logs.problem)
    }
    let driver = MaximumAPosteriori(
      optimiser: Whitened(
        ScanningLBFGS(
          curvature: curvature, rippledPositions: prior.chain.rippledPositions, coordinates: white),
        coordinates: white), steps: 300,
      stopRule: StopRule(tolerance: 1e-5, patience: 30))
    let (makeDensity, threads) = (makeDensity, threads)
    let found: (LaplaceApproximation, [Double]) = try Interruption.polling {
      var state = try driver.makeState(from: prior.mean)
      let outcome = try driver.run(
        try makeDensity(threads), state: &state, isCancelled: { Interruption.isRequested })
      guard let result = outcome.result else { throw SamplingInterruption() }
      let approximation = try LaplaceApproximation(
        at: result.best.theta, white: white, threads: threads, isCancelled: { Interruption.isRequested },
        makeDensity: { try makeDensity(1) })
      return (approximation, state.trace.loss.filter(\.isFinite))
    }
    if let note = found.0.note { console.warning(note + ".") }
    try OutputFolder(path: logs.folder).make()
    try LaplaceFile.write(found.0, losses: found.1, problem: logs.problem, to: path)
    return found
  }
}

extension ChainDraws {
  /// Some draws of several chains, counted chain after chain, as one chain.
  init(_ positions: some Sequence<Int>, of chains: [ChainDraws]) {
    let places = positions.map { (chain: $0 / chains[0].count, draw: $0 % chains[0].count) }
    let dimension = chains[0].logits.columns
    let names = chains[0].statistics.keys
    self.init(
      logits: Matrix(
        rows: places.count, columns: dimension,
        values: places.flatMap { chains[$0.chain].logits.row($0.draw) }),
      statistics: Dictionary(
        uniqueKeysWithValues: names.map { name in
          (name, places.compactMap { chains[$0.chain].statistics[name]?[$0.draw] })
        }),
      logPrior: places.map { chains[$0.chain].logPrior[$0.draw] },
      logLikelihood: places.map { chains[$0.chain].logLikelihood[$0.draw] })
  }
}
