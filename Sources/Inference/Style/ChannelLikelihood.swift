import Foundation

/// One channel's part of a ``StyleLikelihood``.
struct ChannelLikelihood: Sendable {
  /// The least cosine whose arccos is followed; beyond it value and slope are those of this point.
  private static let leastCosine = -1 + 1e-7

  let referenceCount: Int
  private let featureCount: Int
  /// referenceCount x featureCount, row-major.
  private let references: [Double]
  private let fixedScale: Double?

  init(references: [[Double]], featureCount: Int, fixedScale: Double?, channel: String) throws {
    for (segment, vector) in references.enumerated() {
      guard vector.count == featureCount else {
        throw StyleLikelihoodError.featureCount(
          channel: channel, segment: segment, found: vector.count, expected: featureCount)
      }
      let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard abs(norm - 1) <= 1e-3 else {  // false for NaN too
        throw StyleLikelihoodError.norm(channel: channel, segment: segment, norm: norm)
      }
    }
    referenceCount = references.count
    self.featureCount = featureCount
    self.references = references.flatMap { $0 }
    self.fixedScale = fixedScale
  }

  /// Sum over references i of t_i^2 for one prediction; sets `gradient` to sum_i (t_i / sin t_i) r_i, which is
  /// -1/2 of that sum's gradient.
  func accumulate(_ prediction: [Double], into gradient: inout [Double]) -> Double {
    precondition(
      prediction.count == featureCount && gradient.count == featureCount,
      "An embedding of \(prediction.count) numbers meets references of \(featureCount)")
    var sumOfSquares = 0.0
    references.withUnsafeBufferPointer { references in
      prediction.withUnsafeBufferPointer { prediction in
        gradient.withUnsafeMutableBufferPointer { gradient in
          gradient.update(repeating: 0)
          for row in 0..<referenceCount {
            let offset = row * featureCount
            var cosine = 0.0
            for feature in 0..<featureCount { cosine += references[offset + feature] * prediction[feature] }
            // Written so that NaN passes through and is seen by the caller; max and min would hide it.
            if cosine > 1 { cosine = 1 } else if cosine < Self.leastCosine { cosine = Self.leastCosine }
            let angle = acos(cosine)
            let ratio = angle == 0 ? 1 : angle / sin(angle)
            sumOfSquares += angle * angle
            for feature in 0..<featureCount { gradient[feature] += ratio * references[offset + feature] }
          }
        }
      }
    }
    return sumOfSquares
  }

  /// The channel's log-likelihood, and the factor that turns accumulated vectors into its gradient.
  ///
  /// Profiled and fixed sigma share the factor 1 / (n sigma^2): in the profiled case the derivative of the first
  /// term vanishes, and that of -log sigma = -log(mean t^2) / 2 is what the fixed case has from its first term.
  func term(sumOfSquares: Double, predictionCount: Int) -> (value: Double, slope: Double) {
    let pairs = Double(referenceCount * predictionCount)
    let meanSquare = sumOfSquares / pairs
    let floor = StyleLikelihood.minimumScale * StyleLikelihood.minimumScale
    let variance = fixedScale.map { $0 * $0 } ?? (meanSquare < floor ? floor : meanSquare)
    let value = -meanSquare / (2 * variance) - (log(variance) + log(2 * Double.pi)) / 2
    return (value, 1 / (pairs * variance))
  }
}
