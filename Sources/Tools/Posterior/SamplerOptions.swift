import ArgumentParser
import Inference

/// How `posterior` draws.
struct SamplerOptions: ParsableArguments {
  enum Method: String, CaseIterable, ExpressibleByArgument {
    case nuts, hmc, ess, laplace
    case importance = "is"

    var usesGradient: Bool { self != .ess }
    /// Whether it draws from a Gaussian at the mode.
    var isApproximate: Bool { self == .laplace || self == .importance }
  }

  enum Metric: String, CaseIterable, ExpressibleByArgument { case prior, laplace }

  @Option(
    name: .long, help: "nuts, hmc, ess (elliptical slice), laplace or is (importance resampling of Laplace draws).")
  var sampler: Method = .nuts

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
  var metric: Metric = .prior

  @Option(within: 1...1_000_000, help: "ess: transitions for one draw.")
  var thinning = 1

  @Option(within: 1...1_000_000, help: "is: Laplace draws for one draw.")
  var oversampling = 4

  var warmUp: Int { warmup ?? (sampler.isApproximate ? 0 : 500) }
  /// What the coordinates are scaled by: approximations and ellipses have no choice.
  var effectiveMetric: Metric { sampler.isApproximate ? .laplace : sampler == .ess ? .prior : metric }
  var needsLaplace: Bool { effectiveMetric == .laplace }
}
