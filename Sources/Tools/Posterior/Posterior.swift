import ArgumentParser
import FileOutput
import Foundation
import Inference
import PresetStore
import PriorKit
import StyleFeatures
import Workflows

/// `priorkit posterior`: draws from all presets that may have made a reference, by their plausibility.
struct Posterior: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw presets from the posterior of a style transfer.",
    discussion: """
      EXAMPLES:
        priorkit posterior --prior prior.h5 --reference wet.wav --dry dry.wav \\
          --sampler nuts --chains 4 --draws 500 -o posterior.nc
        priorkit posterior --prior prior.h5 --reference wet.wav --dry dry.wav \\
          --sampler ess --draws 2000 --thinning 5 -o posterior.nc
        priorkit posterior --prior prior.h5 --from-prior -o prior-draws.nc
        priorkit posterior ... -o posterior.nc --resume   # after Ctrl-C or a crash

      The posterior is p(settings) exp(N_eff log-likelihood) with N_eff = 1/alpha.
      Every iteration is kept in the folder posterior.nc.chains until the file is
      written, and --resume goes on from there, bit for bit. nuts, hmc, laplace and
      is follow gradients; ess needs none. --from-prior draws from the prior alone.
      The file is written in any case; the exit code is 3 if the draws miss a limit
      of `priorkit diagnose`, whose sentences say which.
      """)

  @OptionGroup var style: StyleOptions
  @OptionGroup var sampling: SamplerOptions

  @Flag(name: .long, help: "Draw from the prior alone, by the same sampler; recordings are not needed.")
  var fromPrior = false

  @Flag(name: .long, help: "Go on from the iterations that an interrupted run left.")
  var resume = false

  @Flag(name: .long, help: "Name variables as attributes in Python: data.posterior.peak1_gain, not peak1.gain.")
  var pythonNames = false

  @OptionGroup var output: OutputOptions
  @OptionGroup var random: RandomOptions
  @OptionGroup var parallel: ThreadOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    let suffix = URL(fileURLWithPath: output.output).pathExtension.lowercased()
    guard ["nc", "nc4", "netcdf", "h5", "hdf5"].contains(suffix) else {
      throw ValidationError(
        "The output \(output.output) must end in .nc or .h5, for netCDF-4, which is HDF5: export writes other "
          + "formats.")
    }
    guard !fromPrior else {
      guard style.dry.isEmpty, style.reference.isEmpty else {
        throw ValidationError("--from-prior takes no recordings: leave out --dry and --reference.")
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
    var settings = sampling.settings
    settings.seed = random.seed
    settings.threads = parallel.count
    let (target, provenance, fingerprint) = try target(settings)
    // Positions of draws mean nothing in other coordinates.
    let logs = MarkovChainLogs(
      folder: output.output + ".chains", problem: "\(fingerprint) metric=\(settings.effectiveMetric.rawValue)",
      isResuming: resume, command: provenance.command)
    try check(logs, force: force)
    let draws = try PosteriorSampling(target, settings: settings).run(logs: logs, monitor: global.console)
    try PosteriorFile.write(
      draws, to: output.output, force: force, provenance: provenance,
      naming: pythonNames ? .identifiers : .parameters)
    logs.remove()
    try report(draws)
  }

  // MARK: - Parts

  /// What is drawn from, how it came to be, and all that it depends on in one line.
  private func target(
    _ settings: PosteriorSettings
  ) throws -> (target: PosteriorTarget, provenance: Provenance, fingerprint: String) {
    let condition = style.conditions.fingerprint
    guard !fromPrior else {
      let prior = try style.conditions.prior(at: style.prior, console: global.console)
      let provenance = try Provenance.ofThisCommand(
        seed: random.seed, inputs: [style.prior] + style.conditions.paths)
      let digests = provenance.inputs.map(\.sha256).joined(separator: " ")
      return (PosteriorTarget(priorAlone: prior), provenance, "prior \(digests)\(condition)")
    }
    let problem = try style.problem(console: global.console)
    if settings.method.usesGradient { try problem.requireGradient("--sampler \(settings.method.rawValue)") }
    let target = try PosteriorTarget(problem)
    let provenance = try Provenance.ofThisCommand(seed: random.seed, inputs: style.paths)
    return (target, provenance, problem.fingerprint(provenance, condition: condition))
  }

  private func check(_ logs: MarkovChainLogs, force: Bool) throws {
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

  /// Says what was written and whether it can be trusted, as `diagnose` does.
  private func report(_ draws: PosteriorDraws) throws {
    global.console.message(
      "\(output.output): \(CountText.draws(chains: draws.chains.count, each: draws.drawCount)) in "
        + "\(NumberText.short(draws.elapsedSeconds)) s")
    let diagnostics = PosteriorDiagnostics(draws, threads: parallel.count)
    let words = DiagnosticsReport(diagnostics, rows: nil).verdict
    guard !diagnostics.isTrustworthy else { return global.console.message("The draws are fit for use: " + words) }
    global.console.message(
      "The draws are " + words + "\nThe numbers behind this: priorkit diagnose \(output.output)")
    throw DiagnosticsFailed()
  }
}
