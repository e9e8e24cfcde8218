public import Evaluation
import FXParams
public import Inference
public import NumericCore
public import PriorKit

/// The negative of a ``RetrievalLoss`` as a log density, with alpha times a log prior beside it: what optimisers
/// maximise to find the preset of a recording.
///
/// Without a prior its maximum is the published retrieval (arXiv 2504.14735); with one, a retrieval by maximum a
/// posteriori. With surrogates (``EchoSurrogates``) each ping-pong delay adds one coordinate after the logits.
///
/// With more chunks than ``batchSize`` every step sees as many, drawn anew: those of step ``step``, which the
/// caller counts. Methods that compare one point with another need all chunks.
public final class RetrievalDensity<Scalar: SignalScalar>: LogDensity {
  /// The mean distances of the chunks.
  public let loss: RetrievalLoss<Scalar>
  /// What presets are like; nil to leave it open.
  public let prior: Prior?
  /// The weight of the log prior.
  public let alpha: Double
  /// Chunks in a step; all of them if nil or if there are no more.
  public let batchSize: Int?
  /// Of the draws of chunks.
  public let seed: UInt64
  /// Which draw of chunks is evaluated.
  public var step = 0
  /// The distances at the latest evaluation.
  public private(set) var latestTerms = StereoLossTerms()

  private let usesSurrogates: Bool
  private let pinned: [Int]
  private let parameterCount: Int
  private var slopes: [Double]
  private var score: [Double]

  /// - Parameters:
  ///   - loss: the distances.
  ///   - prior: of presets of the loss's chain; nil to leave them open.
  ///   - alpha: the weight of the log prior.
  ///   - usesSurrogates: whether the gradient of delay times is that of surrogates, which adds a coordinate each.
  ///   - batchSize: chunks in a step; nil for all.
  ///   - seed: of the draws of chunks.
  public init(
    loss: RetrievalLoss<Scalar>, prior: Prior? = nil, alpha: Double = 0, usesSurrogates: Bool = false,
    batchSize: Int? = nil, seed: UInt64 = 0
  ) {
    precondition(prior.map { $0.chain == loss.chain } ?? true, "A prior of another chain")
    precondition(alpha >= 0 && alpha.isFinite, "A weight of \(alpha)")
    precondition(batchSize.map { $0 > 0 } ?? true, "Batches of \(batchSize ?? 0)")
    (self.loss, self.prior, self.alpha) = (loss, prior, alpha)
    (self.usesSurrogates, self.batchSize, self.seed) = (usesSurrogates, batchSize, seed)
    pinned = prior?.pinnedPositions ?? []
    parameterCount = loss.chain.parameterSpace.count
    slopes = Array(repeating: 0, count: parameterCount)
    score = slopes
  }

  public var dimension: Int { parameterCount + (usesSurrogates ? loss.delayCount : 0) }
  public var isDifferentiable: Bool { loss.chain.isDifferentiable }
  public var oscillatoryPositions: [Int] {
    let fixed = Set(pinned)
    return usesSurrogates ? [] : loss.chain.oscillatoryPositions.filter { !fixed.contains($0) }
  }

  /// Whether each step sees other chunks.
  public var isStochastic: Bool { batch(ofStep: 0) != nil }

  public func evaluate(at theta: [Double], gradient: inout [Double]) throws -> DensityEvaluation {
    guard !theta.contains(where: { !$0.isFinite }) else { return .impossible }
    let logits = Array(theta.prefix(parameterCount))
    for delay in 0..<loss.delayCount {
      loss.setSurrogate(
        ofDelay: delay,
        logDamping: usesSurrogates ? EchoSurrogates.logDamping(theta[parameterCount + delay]) : nil)
    }
    latestTerms = loss.terms(at: logits, chunks: batch(ofStep: step), gradient: &slopes)
    for position in pinned { slopes[position] = 0 }
    for index in 0..<parameterCount { gradient[index] = -slopes[index] }
    var value = -latestTerms.total(loss.weights)
    if usesSurrogates {
      for delay in 0..<loss.delayCount {
        let coordinate = theta[parameterCount + delay]
        let penalty = EchoSurrogates.penalty(coordinate)
        value -= penalty.value
        gradient[parameterCount + delay] =
          -loss.logDampingGradient(ofDelay: delay) * EchoSurrogates.slope(coordinate) - penalty.slope
      }
    }
    guard let prior, alpha > 0 else { return evaluation(value, logPrior: 0) }
    let logPrior = prior.logDensity(at: logits, score: &score)
    for index in 0..<parameterCount { gradient[index] += alpha * score[index] }
    return evaluation(value, logPrior: logPrior)
  }

  public func evaluate(at theta: [Double]) throws -> DensityEvaluation {
    guard !theta.contains(where: { !$0.isFinite }) else { return .impossible }
    let logits = Array(theta.prefix(parameterCount))
    latestTerms = loss.terms(at: logits, chunks: batch(ofStep: step))
    var value = -latestTerms.total(loss.weights)
    for coordinate in theta.dropFirst(parameterCount) { value -= EchoSurrogates.penalty(coordinate).value }
    guard let prior, alpha > 0 else { return evaluation(value, logPrior: 0) }
    return evaluation(value, logPrior: prior.logDensity(at: logits))
  }

  private func evaluation(_ logLikelihood: Double, logPrior: Double) -> DensityEvaluation {
    ObjectiveWeights.loss(alpha: alpha).evaluation(logLikelihood: logLikelihood, logPrior: logPrior)
  }

  /// The chunks of a step, ascending; nil for all of them.
  private func batch(ofStep step: Int) -> [Int]? {
    let count = loss.chunks.count
    guard let batchSize, batchSize < count else { return nil }
    var source = RandomSource(seed: seed, stream: UInt64(step))
    var order = Array(0..<count)
    for place in 0..<batchSize { order.swapAt(place, place + Int.random(in: 0..<count - place, using: &source)) }
    return order.prefix(batchSize).sorted()
  }
}
