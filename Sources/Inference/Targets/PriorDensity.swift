import FXParams
public import PriorKit

/// A prior as a log density: what is left of a posterior without data.
public final class PriorDensity: LogDensity {
  private let prior: Prior

  /// The density of a prior, over all of its logits.
  public init(_ prior: Prior) { self.prior = prior }

  public var dimension: Int { prior.space.count }

  public func evaluate(at theta: [Double], gradient: inout [Double]) -> DensityEvaluation {
    guard !theta.contains(where: { !$0.isFinite }) else { return .impossible }
    let value = prior.logDensity(at: theta, score: &gradient)
    return DensityEvaluation(value: value, logLikelihood: 0, logPrior: value)
  }

  public func evaluate(at theta: [Double]) -> DensityEvaluation {
    guard !theta.contains(where: { !$0.isFinite }) else { return .impossible }
    let value = prior.logDensity(at: theta)
    return DensityEvaluation(value: value, logLikelihood: 0, logPrior: value)
  }
}
