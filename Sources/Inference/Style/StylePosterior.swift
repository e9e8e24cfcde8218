import FXParams
import NumericCore
public import PriorKit
public import StyleFeatures

/// The posterior of a chain's parameters given reference audio and dry input: log p(z | theta, x) and log p(theta),
/// weighed by ``ObjectiveWeights`` (arXiv 2505.11315).
///
/// One evaluation renders every dry segment, embeds it, compares it with the references' embeddings and pulls the
/// gradient back through encoder and chain. Reference and prediction are divided by the reference's peak.
/// Workspaces are made once; one instance serves one caller at a time.
///
/// Parameters that the prior pins (`Prior.pinnedPositions`) have no gradient, so that a method which starts at
/// the pinned values stays there.
///
/// Inputs are rendered in the precision that the encoder asks for (`StyleEncoderKind.precision`): MFCC in Float,
/// MIR in Double.
public final class StylePosterior: LogDensity {
  /// The prior over all logits of the chain.
  public let prior: Prior
  /// How much likelihood and prior count.
  public let weights: ObjectiveWeights
  /// The likelihood of the style of the references.
  public var likelihood: StyleLikelihood { comparison.likelihood }
  /// The embeddings of the references.
  public var references: [StyleEmbedding] { comparison.references }
  /// The largest absolute sample of all references, by which both sides are divided.
  public var peak: Double { comparison.peak }
  /// The embeddings of the rendered inputs at the latest evaluation.
  public var predictions: [StyleEmbedding] { comparison.predictions }

  public var dimension: Int { prior.space.count }

  private let pinned: [Int]
  private let comparison: StyleComparison
  private var likelihoodGradient: [Double]
  private var score: [Double]

  /// - Parameters:
  ///   - prior: the prior over all logits of the chain.
  ///   - encoder: the style embedding.
  ///   - references: stereo segments whose style is sought.
  ///   - inputs: dry mono segments at the chain's sample rate.
  ///   - weights: how much likelihood and prior count.
  ///   - scale: where the standard deviations of the angles come from.
  ///   - threads: most threads to use.
  /// - Throws: ``StylePosteriorError`` when there is no reference or input, a reference is silent or has no stereo
  ///   image; `StyleEncoderError` for segments shorter than an analysis frame.
  public init(
    prior: Prior, encoder: StyleEncoderKind, references: [StereoSegment], inputs: [[Float]],
    weights: ObjectiveWeights, scale: StyleLikelihood.Scale = .profiled, threads: Int = 1
  ) throws {
    comparison = try StyleComparison(
      chain: prior.chain, encoder: encoder, references: references, inputs: inputs, scale: scale, threads: threads)
    self.prior = prior
    pinned = prior.pinnedPositions
    let fixed = Set(pinned)
    oscillatoryPositions = prior.chain.oscillatoryPositions.filter { !fixed.contains($0) }
    self.weights = weights
    likelihoodGradient = Array(repeating: 0, count: prior.space.count)
    score = likelihoodGradient
  }

  public var isDifferentiable: Bool { prior.chain.isDifferentiable }
  public let oscillatoryPositions: [Int]

  public func evaluate(at theta: [Double], gradient: inout [Double]) throws -> DensityEvaluation {
    // Logits that are not finite are no preset: a sampler that went astray is told so.
    guard !theta.contains(where: { !$0.isFinite }) else { return .impossible }
    guard let terms = try StyleComparison.unlessNotFinite({ try evaluateTerms(at: theta) }) else {
      return .impossible
    }
    for index in gradient.indices {
      // A weight of 0 leaves a term out altogether, whatever it is.
      gradient[index] =
        (weights.likelihood == 0 ? 0 : weights.likelihood * likelihoodGradient[index])
        + (weights.prior == 0 ? 0 : weights.prior * score[index])
    }
    return weights.evaluation(logLikelihood: terms.logLikelihood, logPrior: terms.logPrior)
  }

  /// The value by rendering alone, without the pullback: less than half the work.
  public func evaluate(at theta: [Double]) throws -> DensityEvaluation {
    guard let logLikelihood = try comparison.logLikelihood(at: theta) else { return .impossible }
    return weights.evaluation(logLikelihood: logLikelihood, logPrior: prior.logDensity(at: theta))
  }

  /// The log-likelihood and log-prior at `theta` with their gradients, unweighed.
  ///
  /// - Precondition: finite logits, and a chain that is differentiable.
  /// - Throws: what the encoder throws.
  public func termsAndGradients(
    at theta: [Double]
  ) throws -> (logLikelihood: Double, logPrior: Double, likelihoodGradient: [Double], priorGradient: [Double]) {
    let terms = try evaluateTerms(at: theta)
    return (terms.logLikelihood, terms.logPrior, likelihoodGradient, score)
  }

  private func evaluateTerms(at theta: [Double]) throws -> (logLikelihood: Double, logPrior: Double) {
    let logLikelihood = try comparison.logLikelihood(at: theta, gradient: &likelihoodGradient)
    for position in pinned { likelihoodGradient[position] = 0 }
    return (logLikelihood, prior.logDensity(at: theta, score: &score))
  }
}

/// Why a posterior cannot be made from the audio given.
public enum StylePosteriorError: Error, Sendable, Hashable, CustomStringConvertible {
  case noSegments(role: String)
  case silentReference
  case monoReference(index: Int)

  public var description: String {
    switch self {
    case .noSegments(let role):
      "There is no active \(role) segment: give \(role) audio that is longer or louder."
    case .silentReference:
      "The reference is silent in all its segments: give audio with a processed vocal."
    case .monoReference(let index):
      "Reference segment \(index) has equal left and right channels, so it has no stereo image to match: "
        + "give a stereo reference."
    }
  }
}
