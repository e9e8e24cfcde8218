import ArgumentParser
import Inference
import PriorKit

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

  @Option(name: .long, help: "Chains, in parallel.")
  var chains = 4

  @Option(name: .long, help: "Draws of each chain.")
  var draws = 500

  @Option(name: .long, help: "Iterations of each chain before its draws (default: 500; none for laplace and is).")
  var warmup: Int?

  @Option(name: .long, help: "nuts, hmc: the mean acceptance that the step size is adapted to.")
  var targetAcceptance = 0.8

  @Option(name: .long, help: "nuts: a path has at most 2^depth - 1 steps.")
  var maximumDepth = 10

  @Option(name: .long, help: "hmc: the length of a path, in standard deviations of the metric times radians.")
  var pathLength = Double.pi / 2

  @Option(
    name: .long,
    help: "nuts, hmc: the covariance that scales the space, the prior's or that of a Laplace approximation.")
  var metric: Metric = .prior

  @Option(name: .long, help: "ess: transitions for one draw.")
  var thinning = 1

  @Option(name: .long, help: "is: Laplace draws for one draw.")
  var oversampling = 4

  var warmUp: Int { warmup ?? (sampler.isApproximate ? 0 : 500) }
  /// What the coordinates are scaled by: approximations and ellipses have no choice.
  var effectiveMetric: Metric { sampler.isApproximate ? .laplace : sampler == .ess ? .prior : metric }
  var needsLaplace: Bool { effectiveMetric == .laplace }

  func validate() throws {
    for (name, value) in [
      ("chains", chains), ("draws", draws), ("thinning", thinning), ("oversampling", oversampling),
    ] where value < 1 || value > 10_000_000 {
      throw ValidationError("--\(name) is \(value) but must be between 1 and 10000000.")
    }
    if let warmup, warmup < 0 { throw ValidationError("--warmup is \(warmup) but must not be negative.") }
    guard targetAcceptance > 0, targetAcceptance < 1 else {
      throw ValidationError("--target-acceptance is \(targetAcceptance) but must be between 0 and 1.")
    }
    guard (1...20).contains(maximumDepth) else {
      throw ValidationError("--maximum-depth is \(maximumDepth) but must be between 1 and 20.")
    }
    guard pathLength > 0, pathLength.isFinite else {
      throw ValidationError("--path-length is \(pathLength) but must be positive.")
    }
  }
}
