public import NumericCore

/// What one chain of a sampler kept: its draws, the densities there, and how the sampler fared.
public struct MarkovChainDraws: Sendable, Hashable {
  /// One draw per row, [draws, dimension], in the flat order of the parameter space.
  public var logits: Matrix
  /// Numbers of the sampler, one per draw, under ArviZ's names: ``lp``, `acceptance_rate`, `step_size`,
  /// `tree_depth`, `n_steps`, ``diverging`` (0 or 1), ``energy``, `energy_error`, `max_energy_error`. Others are
  /// kept as they are.
  public var statistics: [String: [Double]]
  /// log p(theta) at each draw, in nats.
  public var logPrior: [Double]
  /// N_eff log L(theta) at each draw: the log-likelihood as it enters the posterior, so that
  /// `logPrior + logLikelihood` is the log density sampled but for a constant. 0 where only the prior was sampled.
  public var logLikelihood: [Double]

  public init(
    logits: Matrix, statistics: [String: [Double]] = [:], logPrior: [Double], logLikelihood: [Double]
  ) {
    self.logits = logits
    self.statistics = statistics
    self.logPrior = logPrior
    self.logLikelihood = logLikelihood
  }

  /// Number of draws.
  public var count: Int { logits.rows }

  // MARK: - Names of statistics that the diagnostics know

  /// The log density sampled.
  public static let lp = "lp"
  /// 1 where the integrator of a transition diverged.
  public static let diverging = "diverging"
  /// The Hamiltonian at the start of a transition: E-BFMI is computed from it.
  public static let energy = "energy"
}
