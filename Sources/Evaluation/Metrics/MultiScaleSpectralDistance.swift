public import NumericCore

/// Multi-resolution STFT distance of A-weighted signals (MSS in arXiv 2505.11315).
///
/// The mean over three window sizes of spectral convergence + mean |log magnitude ratio| (Yamamoto, Song and Kim
/// 2020, doi:10.1109/ICASSP40776.2020.9053795; the settings of auraloss 0.4.0). On left/right both channels are one
/// spectrogram; on sum/difference (unscaled) each is compared separately and the two distances are averaged.
public struct MultiScaleSpectralDistance: SignalMetric {
  /// Left and right, or sum and difference.
  public let view: StereoView
  private let weighting: AWeighting
  private let scales: [SpectralDistance]

  /// - Throws: as ``AWeighting/init(sampleRate:)``.
  public init(view: StereoView, sampleRate: Double = 44100, sizes: [Int] = [128, 512, 2048]) throws {
    precondition(!sizes.isEmpty && sizes.allSatisfy { $0 >= 4 && $0 % 4 == 0 }, "Window sizes \(sizes)")
    self.view = view
    weighting = try AWeighting(sampleRate: sampleRate)
    scales = sizes.map(SpectralDistance.init(size:))
  }

  public func value(prediction: Matrix, target: Matrix) throws -> Double {
    var gradient: Matrix?
    return try evaluate(prediction, target, &gradient)
  }

  public func valueAndGradient(prediction: Matrix, target: Matrix) throws -> (value: Double, gradient: Matrix) {
    let zero = Matrix(rows: prediction.rows, columns: prediction.columns)
    var gradient: Matrix? = zero
    let value = try evaluate(prediction, target, &gradient)
    return (value, gradient ?? zero)
  }

  private func evaluate(_ prediction: Matrix, _ target: Matrix, _ gradient: inout Matrix?) throws -> Double {
    try requireComparable(
      prediction, target, view: view, minimumSamples: scales.map(\.minimumSamples).max() ?? 1)
    let value: Double
    switch view {
    case .leftRight:
      value = distance(weighting.apply(prediction), weighting.apply(target), &gradient)
    case .midSide:
      let predicted = weighting.apply(prediction.sumAndDifference(scaledBy: 1))
      let wanted = weighting.apply(target.sumAndDifference(scaledBy: 1))
      var halves: [Matrix?] = []
      value =
        (0...1).reduce(0) { sum, channel in
          var half = gradient == nil ? nil : Matrix(rows: 1, columns: prediction.columns)
          let channelValue = distance(
            predicted.selecting(rows: [channel]), wanted.selecting(rows: [channel]), &half)
          halves.append(half)
          return sum + channelValue
        } / 2
      if gradient != nil {
        // The adjoint of the sum and difference is itself; its factor carries the average.
        gradient = Matrix(rows: 2, columns: prediction.columns, values: halves.flatMap { $0?.values ?? [] })
          .sumAndDifference(scaledBy: 0.5)
      }
    }
    gradient = gradient.map(weighting.apply)
    return value
  }

  /// The mean over the resolutions, for signals already weighted.
  private func distance(_ prediction: Matrix, _ target: Matrix, _ gradient: inout Matrix?) -> Double {
    let weight = 1 / Double(scales.count)
    return scales.reduce(0) { sum, scale in
      sum + weight * scale.evaluate(prediction: prediction, target: target, weight: weight, gradient: &gradient)
    }
  }
}
