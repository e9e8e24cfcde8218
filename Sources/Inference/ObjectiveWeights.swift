/// How much the log-likelihood and the log-prior count in a log density:
/// value = likelihood · log L(theta) + prior · log p(theta).
///
/// The style likelihood is a mean over pairs of segments and so counts as one observation. A posterior that takes
/// it for N_eff observations is p(theta) L(theta)^N_eff; its maximum is that of log L + alpha log p with
/// alpha = 1 / N_eff. Both weighings are the same curve scaled by N_eff: ``loss(alpha:)`` is the scale of the
/// published losses and suits optimisers, ``posterior(effectiveObservations:)`` is the one that samplers must use.
public struct ObjectiveWeights: Sendable, Hashable {
  /// The factor of the log-likelihood.
  public let likelihood: Double
  /// The factor of the log-prior.
  public let prior: Double

  /// - Precondition: both weights are finite and not negative.
  public init(likelihood: Double, prior: Double) {
    precondition(
      likelihood.isFinite && prior.isFinite && likelihood >= 0 && prior >= 0,
      "Weights must be finite and not negative, not \(likelihood) and \(prior)")
    self.likelihood = likelihood
    self.prior = prior
  }

  /// The negative of the published loss: log L + alpha log p. An `alpha` of 0 leaves the prior out.
  public static func loss(alpha: Double) -> ObjectiveWeights { ObjectiveWeights(likelihood: 1, prior: alpha) }

  /// The posterior: N_eff log L + log p.
  public static func posterior(effectiveObservations count: Double) -> ObjectiveWeights {
    ObjectiveWeights(likelihood: count, prior: 1)
  }

  /// About how curved the weighted sum is along a standard deviation of the prior in most directions: the prior's
  /// 1, and 0.9 for the style likelihood, which served better than 0.2 on transfers with MFCC (docs/posteriors.md).
  public var expectedCurvature: Double { prior + 0.9 * likelihood }

  /// The weighted sum. A term of weight 0 is left out altogether, so that it cannot turn the sum into NaN.
  public func evaluation(logLikelihood: Double, logPrior: Double) -> DensityEvaluation {
    let value =
      (likelihood == 0 ? 0 : likelihood * logLikelihood) + (prior == 0 ? 0 : prior * logPrior)
    return DensityEvaluation(value: value, logLikelihood: logLikelihood, logPrior: logPrior)
  }
}
