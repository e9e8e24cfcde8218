public import ArgumentParser
import Workflows

/// How `posterior` draws.
struct SamplerOptions: ParsableArguments {
  @Option(
    name: .long, help: "nuts, hmc, ess (elliptical slice), laplace or is (importance resampling of Laplace draws).")
  var sampler = PosteriorSettings.Method.nuts

  @Option(within: 1...10_000, help: "Chains, in parallel.")
  var chains = 4

  @Option(within: 1...10_000_000, help: "Draws of each chain.")
  var draws = 500

  @Option(
    within: 0...10_000_000,
    help: "Iterations of each chain before its draws (default: 500; none for laplace and is).")
  var warmup: Int?

  @Option(within: 0.01...0.999, help: "nuts, hmc: the mean acceptance that the step size is adapted to.")
  var targetAcceptance = 0.8

  @Option(within: 1...20, help: "nuts: a path has at most 2^depth - 1 steps.")
  var maximumDepth = 10

  @Option(
    within: 0.001...1000, help: "hmc: the length of a path, in standard deviations of the metric times radians.")
  var pathLength = Double.pi / 2

  @Option(
    name: .long,
    help: "nuts, hmc: the covariance that scales the space, the prior's or that of a Laplace approximation.")
  var metric = PosteriorSettings.Metric.prior

  @Option(within: 1...1_000_000, help: "ess: transitions for one draw.")
  var thinning = 1

  @Option(within: 1...1_000_000, help: "is: Laplace draws for one draw.")
  var oversampling = 4

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
