import FXParams
import NumericCore
import PriorKit

/// How much the posterior of one parameter depends on the prior and on the likelihood, by ``PowerScaling``.
public struct ParameterSensitivity: Sendable, Hashable {
  /// What the two sensitivities say together.
  public enum Verdict: String, Sendable, Hashable, CaseIterable {
    /// Both pull: they may disagree.
    case conflict = "prior and data may disagree"
    /// The prior pulls, and the likelihood does not.
    case priorDecides = "the prior decides"
    /// Neither is remarkable.
    case none = "-"
  }

  /// The parameter's name.
  public let name: String
  /// The sensitivity to a power of the prior.
  public let prior: Double
  /// The sensitivity to a power of the likelihood.
  public let likelihood: Double

  /// Which of the two exceed ``PowerScaling/threshold``, in words.
  public var verdict: Verdict {
    guard prior >= PowerScaling.threshold else { return .none }
    return likelihood >= PowerScaling.threshold ? .conflict : .priorDecides
  }

  /// All parameters but the fixed ones, in flat order, as physical values.
  ///
  /// - Throws: ``PosteriorError`` where the log prior or the log-likelihood is the same at all draws, as after
  ///   sampling the prior alone.
  public static func all(in draws: PosteriorDraws) throws -> (parameters: [ParameterSensitivity], shape: Double) {
    let prior = try PowerScaling(component: ScalarDraws(chains: draws.chains.map(\.logPrior)))
    let likelihood = try PowerScaling(component: ScalarDraws(chains: draws.chains.map(\.logLikelihood)))
    let names = draws.chain.parameterSpace.names
    let parameters = draws.freePositions.map { index in
      let values = draws.scalar(index)
      return ParameterSensitivity(
        name: names[index], prior: prior.sensitivity(of: values), likelihood: likelihood.sensitivity(of: values))
    }
    return (parameters, max(prior.shape, likelihood.shape))
  }
}
