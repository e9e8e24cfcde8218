public import Inference
public import PriorKit
import StyleFeatures

/// What is drawn from: the posterior of a style transfer, or a prior alone.
public struct PosteriorTarget: Sendable {
  /// Of the preset.
  public let prior: Prior
  /// How much the likelihood and the prior count.
  public let weights: ObjectiveWeights
  /// The weight of the log prior, 1/N_eff, in the published loss; 0 for a prior alone.
  public let alpha: Double
  /// What was observed, by name: the style embeddings of the references.
  public let observed: [String: [Double]]
  /// Settings that belong to the draws, as text.
  let settings: [String: String]
  /// A density for one chain, with so many threads of its own.
  let makeDensity: @Sendable (Int) throws -> any LogDensity

  /// The posterior p(preset) exp(N_eff log-likelihood) with N_eff = 1/alpha.
  ///
  /// - Throws: as ``StyleProblem/makePosterior(threads:weights:)``; ``WorkflowError`` for an alpha of 0, which
  ///   leaves the prior out.
  public init(_ problem: StyleProblem) throws {
    alpha = problem.settings.alpha
    guard alpha > 0 else {
      throw WorkflowError(
        .wrongContents,
        "A weight of the log prior of \(alpha) leaves no posterior: give a positive one, 1/N_eff.")
    }
    let weights = ObjectiveWeights.posterior(effectiveObservations: 1 / alpha)
    // Made once before the work, for what is observed and for what may be wrong with the recordings.
    let first = try problem.makePosterior(threads: 1, weights: weights)
    prior = problem.prior
    self.weights = weights
    observed = ["mid": first.references.flatMap(\.mid), "side": first.references.flatMap(\.side)]
    settings = ["encoder": problem.settings.encoder.rawValue, "sigma": problem.settings.scaleText]
    makeDensity = { try problem.makePosterior(threads: $0, weights: weights) }
  }

  /// The prior alone, by the same samplers.
  public init(priorAlone prior: Prior) {
    self.prior = prior
    weights = ObjectiveWeights(likelihood: 0, prior: 1)
    alpha = 0
    observed = [:]
    settings = [:]
    makeDensity = { _ in PriorDensity(prior) }
  }
}
