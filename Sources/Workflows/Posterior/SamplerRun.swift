import FXParams
import FileOutput
import Foundation
import Inference
import NumericCore
import PriorKit

/// What a sampler left, on its way to a file.
struct SamplerOutcome {
  var chains: [MarkovChainDraws]
  var warmUp: [MarkovChainDraws] = []
  var settings: [String: String]
  var paretoShape: Double?
  var losses: [Double] = []
}

/// One run of a sampler: coordinates, chains, draws.
struct SamplerRun<Monitor: WorkMonitor> {
  let target: PosteriorTarget
  let settings: PosteriorSettings
  let logs: MarkovChainLogs
  let monitor: Monitor

  func run() throws -> SamplerOutcome {
    let white = try WhiteCoordinates(whitening: target.prior.distribution)
    let laplace = settings.needsLaplace ? try laplace(white: white) : nil
    var outcome: SamplerOutcome
    switch settings.method {
    case .nuts:
      let sampler = NoUTurn(targetAcceptance: settings.targetAcceptance, maximumDepth: settings.maximumDepth)
      outcome = try draw(sampler, coordinates: try laplace?.approximation.metric(white: white) ?? white)
    case .hmc:
      let sampler = HamiltonianMonteCarlo(
        targetAcceptance: settings.targetAcceptance, pathLength: settings.pathLength)
      outcome = try draw(sampler, coordinates: try laplace?.approximation.metric(white: white) ?? white)
    case .ess:
      outcome = try draw(
        EllipticalSlice(suiting: target.prior.distribution, thinning: settings.thinning), coordinates: white)
    case .laplace, .importance:
      guard let laplace else { preconditionFailure("A Laplace approximation was not asked for") }
      outcome = try approximate(laplace.approximation)
    }
    if let laplace {
      outcome.losses = laplace.losses
      outcome.settings["raised_curvatures"] = "\(laplace.approximation.raisedCount)"
      outcome.settings["non_positive_curvatures"] = "\(laplace.approximation.nonPositiveCount)"
    }
    outcome.settings["metric"] = settings.effectiveMetric.rawValue
    outcome.settings["warm_up"] = "\(settings.warmUpCount)"
    return outcome
  }

  // MARK: - Markov chains

  private func draw<Method: Sampler>(
    _ sampler: Method, coordinates: WhiteCoordinates, count: Int? = nil, from start: [Double]? = nil
  ) throws -> SamplerOutcome {
    let draws = count ?? settings.draws
    let sampling = MarkovChainSampling(
      sampler: sampler, chains: settings.chains, warmUp: settings.warmUpCount, draws: draws, seed: settings.seed,
      threads: lanes)
    let progress = monitor.progress(sampler.name, total: settings.chains * (settings.warmUpCount + draws))
    defer { progress.finish() }
    let share = max(1, settings.threads / lanes)
    let (prior, makeDensity) = (target.prior, target.makeDensity)
    let histories = try monitor.cancellable {
      try sampling.run(
        coordinates: coordinates, start: { source in start ?? prior.sample(using: &source) }, log: logs,
        progress: { report in
          progress.advance(note: "chain \(report.chain), log density \(NumberText.short(report.value))")
        },
        isCancelled: { monitor.isCancelled }, makeDensity: { try makeDensity(share) })
    }
    return SamplerOutcome(
      chains: histories.map {
        $0.draws(settings.warmUpCount..<settings.warmUpCount + draws, coordinates: coordinates)
      },
      warmUp: settings.warmUpCount == 0
        ? [] : histories.map { $0.draws(0..<settings.warmUpCount, coordinates: coordinates) },
      settings: sampler.settings)
  }

  private var lanes: Int { settings.lanes }

  // MARK: - Approximations

  /// Draws of the approximation as they are, or resampled by their weights.
  private func approximate(_ approximation: LaplaceApproximation) throws -> SamplerOutcome {
    let isWeighted = settings.method == .importance
    var outcome = try draw(
      IndependentDraws(), coordinates: try approximation.coordinates,
      count: settings.draws * (isWeighted ? settings.oversampling : 1), from: approximation.mode)
    let ratios = outcome.chains.flatMap { $0.statistics["log_ratio"] ?? [] }
    guard isWeighted else {
      outcome.paretoShape = try ParetoSmoothing(logRatios: ratios).shape
      return outcome
    }
    // A stream that no chain has.
    var source = RandomSource(seed: settings.seed, stream: .max)
    let chosen = try ImportanceResampling.resample(
      logRatios: ratios, count: settings.chains * settings.draws, using: &source)
    outcome.paretoShape = chosen.smoothing.shape
    outcome.settings["oversampling"] = "\(settings.oversampling)"
    outcome.chains = (0..<settings.chains).map { chain in
      MarkovChainDraws(
        chosen.indices[chain * settings.draws..<(chain + 1) * settings.draws], of: outcome.chains)
    }
    outcome.warmUp = []
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
          curvature: target.weights.expectedCurvature,
          oscillatoryPositions: target.prior.chain.oscillatoryPositions,
          coordinates: white),
        coordinates: white), steps: 300,
      stopRule: StopRule(tolerance: 1e-5, patience: 30))
    let (makeDensity, threads) = (target.makeDensity, settings.threads)
    let found: (LaplaceApproximation, [Double]) = try monitor.cancellable {
      var state = try driver.makeState(from: target.prior.mean)
      let outcome = try driver.run(
        try makeDensity(threads), state: &state, isCancelled: { monitor.isCancelled })
      guard let result = outcome.result else { throw SamplingInterruption() }
      let approximation = try LaplaceApproximation(
        at: result.best.theta, white: white, threads: threads, isCancelled: { monitor.isCancelled },
        makeDensity: { try makeDensity(1) })
      return (approximation, state.trace.loss.filter(\.isFinite))
    }
    if let note = found.0.note { monitor.warning(note + ".") }
    try OutputFolder(path: logs.folder).make()
    try LaplaceFile.write(found.0, losses: found.1, problem: logs.problem, to: path)
    return found
  }
}

extension MarkovChainDraws {
  /// Some draws of several chains, counted chain after chain, as one chain.
  init(_ positions: some Sequence<Int>, of chains: [MarkovChainDraws]) {
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
