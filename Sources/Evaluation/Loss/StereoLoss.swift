public import NumericCore

/// The loss by which presets are retrieved from recordings, with its gradient: the weighted sum of MSS and MLDR in
/// both views (arXiv 2504.14735).
///
/// Values and gradients are those of ``MultiScaleSpectralDistance`` and ``LoudnessDynamicRangeDistance`` to
/// rounding, all four at once and in the precision of `Scalar`. Workspaces are made once. One instance serves one
/// caller at a time.
///
/// Unchecked sendable: it is one caller's at a time, who may be on any thread.
public final class StereoLoss<Scalar: SignalScalar>: @unchecked Sendable {
  /// What it reads.
  public let tables: StereoLossTables<Scalar>

  private let prediction: StereoSignal<Scalar>
  private let spectral: SpectralLoss<Scalar>
  private let dynamicRange: DynamicRangeLoss<Scalar>
  private let gradient: [SignalBuffer<Scalar>]

  /// - Parameter tables: those that the targets were made with.
  public init(_ tables: StereoLossTables<Scalar>) {
    self.tables = tables
    prediction = StereoSignal(tables)
    spectral = SpectralLoss(tables)
    dynamicRange = DynamicRangeLoss(tables)
    gradient = (0..<2).map { _ in SignalBuffer(count: tables.frameCount) }
  }

  /// The distances of a prediction, with as many samples in each channel as the tables have.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func terms(
    left: UnsafePointer<Scalar>, right: UnsafePointer<Scalar>, target: StereoLossTarget<Scalar>
  ) -> StereoLossTerms {
    evaluate(left, right, target, hasGradient: false)
  }

  /// The distances of a prediction, and the gradient of their weighted sum with respect to it.
  ///
  /// - Parameters:
  ///   - left: the left channel; the gradient takes its place.
  ///   - right: the right channel; likewise.
  ///   - target: what the prediction is measured against.
  ///   - share: a factor on the gradient.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func termsReplacingByGradient(
    left: UnsafeMutablePointer<Scalar>, right: UnsafeMutablePointer<Scalar>, target: StereoLossTarget<Scalar>,
    share: Double = 1
  ) -> StereoLossTerms {
    let terms = evaluate(left, right, target, hasGradient: true)
    let factor = Scalar(share)
    let slopes = (gradient[0].pointer, gradient[1].pointer)
    for index in 0..<tables.frameCount {
      left[index] = factor * slopes.0[index]
      right[index] = factor * slopes.1[index]
    }
    return terms
  }

  private func evaluate(
    _ left: UnsafePointer<Scalar>, _ right: UnsafePointer<Scalar>, _ target: StereoLossTarget<Scalar>,
    hasGradient: Bool
  ) -> StereoLossTerms {
    prediction.load(left: left, right: right)
    for channel in 0..<2 { gradient[channel].clear() }
    let slopes = (gradient[0].pointer, gradient[1].pointer)
    var terms = StereoLossTerms()
    (terms.spectralLeftRight, terms.spectralMidSide) = spectral.evaluate(
      prediction, target.signal, addingTo: hasGradient ? slopes : nil)
    (terms.dynamicRangeLeftRight, terms.dynamicRangeMidSide) = dynamicRange.evaluate(
      prediction, target.signal, addingTo: slopes)
    return terms
  }
}
