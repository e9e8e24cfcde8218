import NumericCore

/// ``LoudnessDynamicRangeDistance`` of both views of two stereo signals, to rounding: without its gradient, the
/// logarithm of the four averages of a sample is one.
struct DynamicRangeComparison: Sendable {
  private let scales: [LoudnessDynamicRangeDistance.Scale]
  private let powerFloor = 1e-8

  init(sampleRate: Double) { scales = LoudnessDynamicRangeDistance.publishedScales(sampleRate: sampleRate) }

  /// Of left and right, and of mid and side, of a prediction and a target [2, samples].
  func distances(prediction: Matrix, target: Matrix) -> (leftRight: Double, midSide: Double) {
    let factor = 0.5.squareRoot()
    return (
      distance(prediction, target),
      distance(prediction.sumAndDifference(scaledBy: factor), target.sumAndDifference(scaledBy: factor))
    )
  }

  private func distance(_ prediction: Matrix, _ target: Matrix) -> Double {
    scales.reduce(0) { sum, scale in
      let ratios = SignalComparison.averageRatios(
        predicted: prediction.values, wanted: target.values, floor: powerFloor,
        shortCoefficient: scale.shortCoefficient, longCoefficient: scale.longCoefficient)
      return sum
        + SignalComparison.sumOfLogRatios(ratios.short, ratios.long, shift: scale.shift)
        / Double(prediction.values.count)
    }
  }
}
