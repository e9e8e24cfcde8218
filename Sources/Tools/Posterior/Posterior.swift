import ArgumentParser
import FileOutput
import Foundation
import Inference
import PresetStore
import PriorKit
import StyleFeatures

/// `priorkit posterior`: draws from all presets that may have made a reference, by their plausibility.
struct Posterior: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw presets from the posterior of a style transfer.",
    discussion: """
      EXAMPLES:
        priorkit posterior --prior prior.h5 --reference wet.wav --input dry.wav \\
          --sampler nuts --chains 4 --draws 500 -o posterior.nc
        priorkit posterior --prior prior.h5 --reference wet.wav --input dry.wav \\
          --sampler ess --draws 2000 --thinning 5 -o posterior.nc
        priorkit posterior --prior prior.h5 --from-prior -o prior-draws.nc
        priorkit posterior ... -o posterior.nc --resume   # after Ctrl-C or a crash

      The posterior is p(settings) exp(N_eff log-likelihood) with N_eff = 1/alpha.
      Every iteration is kept in the folder posterior.nc.chains until the file is
      written, and --resume goes on from there, bit for bit. nuts, hmc, laplace and
      is follow gradients; ess needs none. --from-prior draws from the prior alone.
      """)

  @OptionGroup var style: StyleOptions
  @OptionGroup var sampling: SamplerOptions

  @Flag(name: .long, help: "Draw from the prior alone, by the same sampler; recordings are not needed.")
  var fromPrior = false

  @Flag(name: .long, help: "Go on from the iterations that an interrupted run left.")
  var resume = false

  @OptionGroup var output: OutputOptions
  @OptionGroup var random: RandomOptions
  @OptionGroup var parallel: ThreadOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    let suffix = URL(fileURLWithPath: output.output).pathExtension.lowercased()
    guard ["nc", "nc4", "netcdf", "h5", "hdf5"].contains(suffix) else {
      throw ValidationError(
        "The output \(output.output) must end in .nc or .h5, for netCDF-4, which is HDF5: export writes other formats."
      )
    }
    guard !fromPrior else {
      guard style.input.isEmpty, style.reference.isEmpty else {
        throw ValidationError("--from-prior takes no recordings: leave out --input and --reference.")
      }
      return
    }
    try style.requireRecordings()
    guard style.alpha > 0 else {
      throw ValidationError(
        "--alpha 0 leaves the prior out, and there is no posterior then: give a positive weight, 1/N_eff.")
    }
  }

  func run() throws {
    let force = output.overwriting.force
    try OutputFile.check(output.output, overwrite: force)
    let source = try target()
    if sampling.sampler.usesGradient, !fromPrior {
      try source.problem?.requireGradient("--sampler \(sampling.sampler.rawValue)")
    }
    let provenance = try Provenance.ofThisCommand(seed: random.seed, inputs: source.inputs)
    let fingerprint =
      source.problem?.fingerprint(provenance)
      ?? "prior \(provenance.inputs.map(\.sha256).joined(separator: " "))\(style.conditions.fingerprint)"
    // Positions of draws mean nothing in other coordinates.
    let logs = ChainLogs(
      folder: output.output + ".chains", problem: "\(fingerprint) metric=\(sampling.effectiveMetric)",
      isResuming: resume)
    try check(logs, force: force)

    let begin = ContinuousClock.now
    let run = PosteriorRun(
      prior: source.prior, options: sampling, seed: random.seed, threads: parallel.count, logs: logs,
      console: global.console, curvature: source.weights.expectedCurvature, makeDensity: source.makeDensity)
    do {
      let outcome = try run.run()
      let seconds = (ContinuousClock.now - begin) / .seconds(1)
      let draws = posterior(outcome, source: source, seconds: seconds)
      try PosteriorFile.write(draws, to: output.output, force: force, provenance: provenance)
      logs.remove()
      report(draws)
    } catch is SamplingInterruption {
      throw InterruptedError("Interrupted: the draws so far are in \(logs.folder), go on with --resume.")
    }
  }

  // MARK: - Parts

  /// What is drawn from.
  private struct Target {
    var prior: any Prior
    var problem: StyleProblem?
    var inputs: [String]
    var weights: ObjectiveWeights
    var observed: [String: [Double]]
    var makeDensity: @Sendable (Int) throws -> any LogDensity
  }

  private func target() throws -> Target {
    guard !fromPrior else {
      let prior = try style.conditions.prior(at: style.prior, console: global.console)
      return Target(
        prior: prior, inputs: [style.prior] + style.conditions.paths,
        weights: ObjectiveWeights(likelihood: 0, prior: 1), observed: [:],
        makeDensity: { _ in PriorDensity(prior) })
    }
    let problem = try StyleProblem(style, console: global.console)
    let weights = ObjectiveWeights.posterior(effectiveObservations: 1 / style.alpha)
    // Made once before the work, for what is observed and for what may be wrong with the recordings.
    let first = try problem.makePosterior(threads: 1, weights: weights)
    return Target(
      prior: problem.prior, problem: problem, inputs: problem.inputPaths, weights: weights,
      observed: ["mid": first.references.flatMap(\.mid), "side": first.references.flatMap(\.side)],
      makeDensity: { try problem.makePosterior(threads: $0, weights: weights) })
  }

  private func check(_ logs: ChainLogs, force: Bool) throws {
    if resume {
      guard logs.exists else {
        throw CommandError("There is no \(logs.folder) to resume from: run without --resume.")
      }
    } else if logs.exists {
      guard force else {
        throw CommandError(
          "\(logs.folder) holds the draws of an interrupted run: go on with --resume, or start anew with --force.")
      }
      logs.remove()
    }
  }

  private func posterior(_ outcome: PosteriorRun.Outcome, source: Target, seconds: Double) -> PosteriorDraws {
    let compared = min(1000, sampling.chains * sampling.draws)
    var settings = outcome.settings
    settings["seed"] = "\(random.seed)"
    if !fromPrior {
      settings["encoder"] = style.encoder.rawValue
      settings["sigma"] = "\(style.sigma)"
    }
    return PosteriorDraws(
      chain: source.prior.chain, chains: outcome.chains, warmup: outcome.warmup,
      priorDraws: source.prior.samples(0..<compared, seed: random.seed &+ 1, threads: parallel.count),
      sampler: sampling.sampler.rawValue, settings: settings, alpha: fromPrior ? 0 : style.alpha,
      observed: source.observed, elapsedSeconds: seconds, paretoShape: outcome.paretoShape,
      lossTraces: outcome.losses.isEmpty ? [] : [outcome.losses], fixedPositions: source.prior.pinnedPositions)
  }

  private func report(_ draws: PosteriorDraws) {
    let diverged = draws.chains.reduce(0) { $0 + Int(($1.statistics[ChainDraws.diverging] ?? []).reduce(0, +)) }
    if diverged > 0 {
      global.console.warning("\(diverged) transitions diverged: raise --target-acceptance.")
    }
    if let shape = draws.paretoShape,
      !(shape < ParetoSmoothing.threshold(count: draws.chains.count * draws.drawCount))
    {
      global.console.warning(
        shape.isFinite
          ? "k-hat is \(NumberText.short(shape)): the Laplace approximation is poor here, so use --sampler nuts or ess."
          : "k-hat cannot be told from so few draws: ask for some hundred to see how good the approximation is.")
    }
    global.console.message(
      "\(output.output): \(CountText.draws(chains: draws.chains.count, each: draws.drawCount)) in "
        + "\(NumberText.short(draws.elapsedSeconds)) s")
  }
}
