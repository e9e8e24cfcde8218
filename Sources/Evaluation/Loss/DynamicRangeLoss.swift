import NumericCore

/// The dynamic range distances of both views with their gradient: the arithmetic of
/// ``LoudnessDynamicRangeDistance``.
struct DynamicRangeLoss<Scalar: SignalScalar> {
  private let tables: StereoLossTables<Scalar>
  /// Ratios and inverses of averages, eight for each sample.
  private let records: SignalBuffer<Scalar>
  /// Mid and side of the prediction and of the target, then of the gradient.
  private let mixed: [SignalBuffer<Scalar>]

  init(_ tables: StereoLossTables<Scalar>) {
    self.tables = tables
    records = SignalBuffer(count: 8 * tables.frameCount)
    mixed = (0..<6).map { _ in SignalBuffer(count: tables.frameCount) }
  }

  private typealias Stereo = (UnsafeMutablePointer<Scalar>, UnsafeMutablePointer<Scalar>)

  /// The distances of left and right and of mid and side; the gradient of their weighted sum is added to
  /// `gradient`, a channel each.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func evaluate(
    _ prediction: StereoSignal<Scalar>, _ target: StereoSignal<Scalar>,
    addingTo gradient: (UnsafeMutablePointer<Scalar>, UnsafeMutablePointer<Scalar>)
  ) -> (leftRight: Double, midSide: Double) {
    let (predicted, wanted) = (
      (prediction.samples(0), prediction.samples(1)), (target.samples(0), target.samples(1))
    )
    let leftRight = distance(predicted, wanted, weight: tables.weights.dynamicRangeLeftRight, gradient)
    let slopes = (mixed[4].pointer, mixed[5].pointer)
    mix(predicted, into: (mixed[0].pointer, mixed[1].pointer))
    mix(wanted, into: (mixed[2].pointer, mixed[3].pointer))
    for index in 4..<6 { mixed[index].clear() }
    let midSide = distance(
      (mixed[0].pointer, mixed[1].pointer), (mixed[2].pointer, mixed[3].pointer),
      weight: tables.weights.dynamicRangeMidSide, slopes)
    // The adjoint of sum and difference, scaled so, is itself.
    let factor = Scalar(0.5.squareRoot())
    for index in 0..<tables.frameCount {
      gradient.0[index] += factor * (slopes.0[index] + slopes.1[index])
      gradient.1[index] += factor * (slopes.0[index] - slopes.1[index])
    }
    return (leftRight, midSide)
  }

  private func mix(_ stereo: Stereo, into mixed: Stereo) {
    let factor = Scalar(0.5.squareRoot())
    for index in 0..<tables.frameCount {
      mixed.0[index] = factor * (stereo.0[index] + stereo.1[index])
      mixed.1[index] = factor * (stereo.0[index] - stereo.1[index])
    }
  }

  private func distance(_ predicted: Stereo, _ wanted: Stereo, weight: Double, _ gradient: Stereo) -> Double {
    let (count, floor) = (tables.frameCount, DynamicRangeComparison.powerFloor)
    let share = 1 / Double(2 * count)
    return withUnsafeTemporaryAllocation(of: UnsafePointer<Scalar>?.self, capacity: 4) { inputs in
      withUnsafeTemporaryAllocation(of: UnsafeMutablePointer<Scalar>?.self, capacity: 2) { gradients in
        (inputs[0], inputs[1]) = (UnsafePointer(predicted.0), UnsafePointer(predicted.1))
        (inputs[2], inputs[3]) = (UnsafePointer(wanted.0), UnsafePointer(wanted.1))
        (gradients[0], gradients[1]) = gradient
        var sum = 0.0
        for index in tables.dynamicScales.indices {
          let scale = tables.dynamicScales[index]
          let coefficients = UnsafePointer(tables.dynamicCoefficients.pointer + 2 * index)
          Scalar.stereoLossKernels.rangeAverages(
            UnsafePointer(inputs.baseAddress!), count, floor, coefficients, records.pointer)
          sum +=
            share
            * Scalar.stereoLossKernels.rangeGradient(
              UnsafePointer(records.pointer), UnsafePointer(inputs.baseAddress!), count, scale.shift, floor,
              coefficients, weight * share, UnsafePointer(gradients.baseAddress!))
        }
        return sum
      }
    }
  }
}
