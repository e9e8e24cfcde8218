public import StyleFeatures

/// The log-likelihood of reference segments given predicted ones, by the angles between their style embeddings.
///
/// For each channel s (mid, side), over all R x P pairs of a reference r_i and a prediction p_j,
///
///     t_ij = arccos <r_i, p_j>,
///     log L = sum_s mean_ij [ -t_ij^2 / (2 sigma_s^2) - log sigma_s - log(2 pi) / 2 ].
///
/// With ``Scale/profiled`` sigma_s is the RMS of the t_ij themselves, so that the first term is -1/2 and
/// log L = -log sigma_mid - log sigma_side + const. Being a mean, log L weighs as one observation, however many
/// pairs there are.
///
/// The formula has two singularities, treated so that the gradient is finite wherever the embeddings are:
/// - arccos has infinite slope at ±1. The derivative needs only t / sin t, since d(t^2)/dc = -2 t / sin t for
///   c = cos t. At c = 1 that ratio is 1 in the limit, so nothing is needed but c <= 1 against rounding. Towards
///   c = -1 it diverges, so c is held at or above -1 + 1e-7: beyond, value and slope are those of that point
///   (ratio 7e3).
/// - log L has no bound as sigma -> 0. Below ``minimumScale`` sigma is held there and no longer profiled. Value
///   and gradient are continuous across that border, and log L never exceeds
///   -2 log(minimumScale) - log(2 pi) = 11.98 nats. A fixed scale may not be smaller either.
///
/// Method: arXiv 2505.11315.
public struct StyleLikelihood: Sendable {
  /// Where the angles' standard deviation sigma_s comes from.
  public enum Scale: Sendable, Hashable {
    /// The RMS of the angles at hand, differentiated through (the published method).
    case profiled
    /// Given numbers, in radians: a proper Gaussian likelihood of the angles, with no reward for a small sigma.
    case fixed(mid: Double, side: Double)
  }

  /// The smallest sigma in radians: about twice the angle that the rounding of a Float cosine
  /// near 1 can mimic.
  public static let minimumScale = 1e-3

  /// Where the standard deviations of the angles come from.
  public let scale: Scale
  /// Numbers per channel of an embedding.
  public let featureCount: Int
  private let mid: ChannelLikelihood
  /// Nil where embeddings have no side: the sum over channels has one term then.
  private let side: ChannelLikelihood?

  /// - Parameters:
  ///   - referenceMid: one unit vector per reference segment.
  ///   - referenceSide: as many, of the same length; or as many empty ones, of an encoder without a side embedding.
  ///   - scale: where the standard deviations of the angles come from.
  /// - Throws: ``StyleLikelihoodError`` if a reference is missing, ragged or not of unit norm (within 1e-3), or if
  ///   a fixed scale is below ``minimumScale``.
  public init(referenceMid: [[Double]], referenceSide: [[Double]], scale: Scale = .profiled) throws {
    guard let first = referenceMid.first, !first.isEmpty, referenceMid.count == referenceSide.count else {
      throw StyleLikelihoodError.segmentCounts(mid: referenceMid.count, side: referenceSide.count)
    }
    let midScale: Double?
    let sideScale: Double?
    switch scale {
    case .profiled: (midScale, sideScale) = (nil, nil)
    case .fixed(let mid, let side): (midScale, sideScale) = (mid, side)
    }
    for case let value? in [midScale, sideScale] where !(value >= Self.minimumScale && value.isFinite) {
      throw StyleLikelihoodError.scale(value)
    }
    self.scale = scale
    featureCount = first.count
    mid = try ChannelLikelihood(
      references: referenceMid, featureCount: first.count, fixedScale: midScale, channel: "mid")
    side =
      referenceSide.allSatisfy(\.isEmpty)
      ? nil
      : try ChannelLikelihood(
        references: referenceSide, featureCount: first.count, fixedScale: sideScale, channel: "side")
  }

  /// log L of the predictions and its gradient with respect to their coordinates, taken as free (the pullback of
  /// the normalisation to unit length is the encoder's).
  ///
  /// O(R P featureCount). Does not allocate when `gradient` has the predictions' shape; otherwise it is given it.
  /// - Precondition: there is at least one prediction and all have ``featureCount`` numbers per channel.
  public func evaluate(predictions: [StyleEmbedding], gradient: inout [StyleEmbedding]) -> Double {
    precondition(!predictions.isEmpty, "A style likelihood needs at least one prediction")
    if !hasShape(gradient, count: predictions.count) {
      let zeros = [Double](repeating: 0, count: featureCount)
      gradient = Array(
        repeating: StyleEmbedding(mid: zeros, side: side == nil ? [] : zeros), count: predictions.count)
    }
    var midSquares = 0.0
    var sideSquares = 0.0
    for index in predictions.indices {
      midSquares += mid.accumulate(predictions[index].mid, into: &gradient[index].mid)
      if let side { sideSquares += side.accumulate(predictions[index].side, into: &gradient[index].side) }
    }
    let midTerm = mid.term(sumOfSquares: midSquares, predictionCount: predictions.count)
    let sideTerm = side?.term(sumOfSquares: sideSquares, predictionCount: predictions.count)
    for index in predictions.indices {
      for feature in 0..<featureCount { gradient[index].mid[feature] *= midTerm.slope }
      guard let sideTerm else { continue }
      for feature in 0..<featureCount { gradient[index].side[feature] *= sideTerm.slope }
    }
    return midTerm.value + (sideTerm?.value ?? 0)
  }

  /// The RMS angle of each channel in radians: sigma_s before its floor; 0 for a side that there is none of.
  public func rootMeanSquareAngles(of predictions: [StyleEmbedding]) -> (mid: Double, side: Double) {
    precondition(!predictions.isEmpty, "RMS angles need at least one prediction")
    var unused = [Double](repeating: 0, count: featureCount)
    let midSquares = predictions.reduce(0) { $0 + mid.accumulate($1.mid, into: &unused) }
    let sideSquares =
      side.map { side in predictions.reduce(0) { $0 + side.accumulate($1.side, into: &unused) } } ?? 0
    let pairs = Double(mid.referenceCount * predictions.count)
    return ((midSquares / pairs).squareRoot(), (sideSquares / pairs).squareRoot())
  }

  private func hasShape(_ gradient: [StyleEmbedding], count: Int) -> Bool {
    gradient.count == count
      && gradient.allSatisfy { $0.mid.count == featureCount && $0.side.count == (side == nil ? 0 : featureCount) }
  }
}
