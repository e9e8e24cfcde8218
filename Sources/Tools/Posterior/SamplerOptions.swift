public import ArgumentParser
import Workflows

/// How `posterior` draws.
struct SamplerOptions: ParsableArguments {
  private static let usual = PosteriorSettings()

  @Option(
    name: .long, help: "nuts, hmc, ess (elliptical slice), laplace or is (importance resampling of Laplace draws).")
  var sampler = usual.method

  @Option(within: 1...10_000, help: "Chains, in parallel.")
  var chains = usual.chains

  @Option(within: 1...10_000_000, help: "Draws of each chain.")
  var draws = usual.draws

  @Option(
    within: 0...10_000_000,
    help: "Iterations of each chain before its draws (default: 500; none for laplace and is).")
  var warmup: Int?

  @Option(within: 0.01...0.999, help: "nuts, hmc: the mean acceptance that the step size is adapted to.")
  var targetAcceptance = usual.targetAcceptance

  @Option(within: 1...20, help: "nuts: a path has at most 2^depth - 1 steps.")
  var maximumDepth = usual.maximumDepth

  @Option(
    within: 0.001...1000, help: "hmc: the length of a path, in standard deviations of the metric times radians.")
  var pathLength = usual.pathLength

  @Option(
    name: .long,
    help: "nuts, hmc: the covariance that scales the space, the prior's or that of a Laplace approximation.")
  var metric = usual.metric

  @Option(within: 1...1_000_000, help: "ess: transitions for one draw.")
  var thinning = usual.thinning

  @Option(within: 1...1_000_000, help: "is: Laplace draws for one draw.")
  var oversampling = usual.oversampling

  /// How the posterior is drawn from, but for seed and threads.
  var settings: PosteriorSettings {
    var settings = PosteriorSettings()
    settings.method = sampler
    settings.chains = chains
    settings.draws = draws
    settings.warmUp = warmup
    settings.targetAcceptance = targetAcceptance
    settings.maximumDepth = maximumDepth
    settings.pathLength = pathLength
    settings.metric = metric
    settings.thinning = thinning
    settings.oversampling = oversampling
    return settings
  }
}

extension PosteriorSettings.Method: ExpressibleByArgument {}
extension PosteriorSettings.Metric: ExpressibleByArgument {}
