/// How a posterior is drawn from.
public struct PosteriorSettings: Sendable, Hashable {
  /// What draws.
  public enum Method: String, CaseIterable, Sendable {
    /// The no-U-turn sampler.
    case nuts
    /// Hamiltonian Monte Carlo with paths of one length.
    case hmc
    /// Elliptical slice sampling, which needs no gradient.
    case ess
    /// Draws of a Gaussian at the mode.
    case laplace
    /// Those draws, resampled by their importance.
    case importance = "is"

    /// Whether the chain must have a gradient.
    public var usesGradient: Bool { self != .ess }
    /// Whether it draws from a Gaussian at the mode.
    public var isApproximate: Bool { self == .laplace || self == .importance }
  }

  /// What the coordinates are scaled by.
  public enum Metric: String, CaseIterable, Sendable {
    /// The covariance of the prior.
    case prior
    /// The covariance of a Laplace approximation.
    case laplace
  }

  /// What draws.
  public var method = Method.nuts
  /// Chains, in parallel.
  public var chains = 4
  /// Draws of each chain.
  public var draws = 500
  /// Iterations of each chain before its draws; nil for 500, or none for approximations.
  public var warmUp: Int?
  /// The mean acceptance that the step size of nuts and hmc is adapted to.
  public var targetAcceptance = 0.8
  /// A path of nuts has at most 2^depth - 1 steps.
  public var maximumDepth = 10
  /// The length of a path of hmc, in standard deviations of the metric times radians.
  public var pathLength = Double.pi / 2
  /// What scales the space for nuts and hmc.
  public var metric = Metric.prior
  /// Transitions for one draw of ess.
  public var thinning = 1
  /// Laplace draws for one draw of importance resampling.
  public var oversampling = 4
  /// Of the chains: the same seed gives the same draws.
  public var seed: UInt64 = 0
  /// Most threads to use; the draws do not depend on them.
  public var threads = 1

  /// Four chains of 500 draws by nuts.
  public init() {}

  /// Iterations of each chain before its draws.
  public var warmUpCount: Int { warmUp ?? (method.isApproximate ? 0 : 500) }
  /// What the coordinates are scaled by: approximations and ellipses have no choice.
  public var effectiveMetric: Metric { method.isApproximate ? .laplace : method == .ess ? .prior : metric }
  var needsLaplace: Bool { effectiveMetric == .laplace }
  /// Chains that run at the same time.
  var lanes: Int { min(threads, chains) }
}
