import Dispatch
import FXChain
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
public final class StylePosterior: LogDensity {
  public let prior: any Prior
  public let likelihood: StyleLikelihood
  public let weights: ObjectiveWeights
  /// The embeddings of the references.
  public let references: [StyleEmbedding]
  /// The largest absolute sample of all references, by which both sides are divided.
  public let peak: Double
  /// The embeddings of the rendered inputs at the latest evaluation.
  public private(set) var predictions: [StyleEmbedding]

  public var dimension: Int { prior.space.count }

  private let renderer: ChainRenderer<Float>
  private let encoders: [any StyleEncoder<Float>]
  private let threads: Int
  private var cotangents: [StyleEmbedding] = []
  private var likelihoodGradient: [Double]
  private var score: [Double]

  /// - Parameters:
  ///   - references: stereo segments whose style is sought.
  ///   - inputs: dry mono segments at the chain's sample rate.
  ///   - threads: most threads to use.
  /// - Throws: ``StylePosteriorError`` when there is no reference or input, a reference is silent or has no stereo
  ///   image; ``StyleEncoderError`` for segments shorter than an analysis frame.
  public init(
    prior: any Prior, encoder: StyleEncoderKind, references: [StereoSegment], inputs: [[Float]],
    weights: ObjectiveWeights, scale: StyleLikelihood.Scale = .profiled, threads: Int = 1
  ) throws {
    guard !references.isEmpty else { throw StylePosteriorError.noSegments(role: "reference") }
    guard !inputs.isEmpty else { throw StylePosteriorError.noSegments(role: "input") }
    let peak = references.map(\.peak).max() ?? 0
    guard peak > 0 else { throw StylePosteriorError.silentReference }
    let sampleRate = prior.chain.sampleRate
    self.references = try references.enumerated().map { index, segment in
      let encoder: any StyleEncoder<Float> = try encoder.makeEncoder(
        frameCount: segment.frameCount, sampleRate: sampleRate)
      let embedding = encoder.encode(left: segment.left.map { $0 / peak }, right: segment.right.map { $0 / peak })
      guard embedding.side.contains(where: { $0 != 0 }) else { throw StylePosteriorError.monoReference(index: index) }
      return embedding
    }
    encoders = try inputs.map { try encoder.makeEncoder(frameCount: $0.count, sampleRate: sampleRate) }
    likelihood = try StyleLikelihood(
      referenceMid: self.references.map(\.mid), referenceSide: self.references.map(\.side), scale: scale)
    self.prior = prior
    self.weights = weights
    self.peak = Double(peak)
    self.threads = max(1, threads)
    renderer = ChainRenderer(prior.chain, segments: inputs, threads: threads)
    let zeros = [Double](repeating: 0, count: encoder.featureCount)
    predictions = inputs.map { _ in StyleEmbedding(mid: zeros, side: zeros) }
    likelihoodGradient = Array(repeating: 0, count: prior.space.count)
    score = likelihoodGradient
  }

  public func evaluate(at theta: [Double], gradient: inout [Double]) throws -> DensityEvaluation {
    let terms = evaluateTerms(at: theta)
    for index in gradient.indices {
      // A weight of 0 leaves a term out altogether, whatever it is.
      gradient[index] =
        (weights.likelihood == 0 ? 0 : weights.likelihood * likelihoodGradient[index])
        + (weights.prior == 0 ? 0 : weights.prior * score[index])
    }
    return weights.evaluation(logLikelihood: terms.logLikelihood, logPrior: terms.logPrior)
  }

  /// The log-likelihood and log-prior at `theta` with their gradients, unweighed.
  public func termsAndGradients(
    at theta: [Double]
  ) -> (logLikelihood: Double, logPrior: Double, likelihoodGradient: [Double], priorGradient: [Double]) {
    let terms = evaluateTerms(at: theta)
    return (terms.logLikelihood, terms.logPrior, likelihoodGradient, score)
  }

  private func evaluateTerms(at theta: [Double]) -> (logLikelihood: Double, logPrior: Double) {
    renderer.render(logits: theta)
    let factor = Float(1 / peak)
    forEachSegment { segment, posterior in
      let (left, right) = posterior.renderer.output(of: segment)
      left.scale(by: factor)
      right.scale(by: factor)
      let embedding = posterior.encoders[segment].encode(left: left.pointer, right: right.pointer)
      posterior.store(embedding, segment: segment)
    }
    let logLikelihood = likelihood.evaluate(predictions: predictions, gradient: &cotangents)
    forEachSegment { segment, posterior in
      let (left, right) = posterior.renderer.cotangent(of: segment)
      posterior.encoders[segment].pullback(
        posterior.cotangents[segment], left: left.pointer, right: right.pointer)
      left.scale(by: factor)
      right.scale(by: factor)
    }
    renderer.pullback(into: &likelihoodGradient)
    return (logLikelihood, prior.logDensity(at: theta, score: &score))
  }

  private let storing = DispatchSemaphore(value: 1)

  private func store(_ embedding: StyleEmbedding, segment: Int) {
    storing.wait()
    predictions[segment] = embedding
    storing.signal()
  }

  /// Runs `body` over the segments, on up to `threads` threads; segments share nothing but ``store(_:segment:)``.
  private func forEachSegment(_ body: @Sendable (Int, StylePosterior) -> Void) {
    nonisolated(unsafe) let posterior = self
    let count = encoders.count
    let lanes = min(threads, count)
    guard lanes > 1 else { return (0..<count).forEach { body($0, posterior) } }
    DispatchQueue.concurrentPerform(iterations: lanes) { lane in
      for segment in stride(from: lane, to: count, by: lanes) { body(segment, posterior) }
    }
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
