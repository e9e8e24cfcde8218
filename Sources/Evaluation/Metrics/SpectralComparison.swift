import NumericCore

/// Sums over all frames and bins of two magnitude spectrograms P and Q of one channel.
struct SpectralSums {
  /// Of (P - Q)^2.
  var squaredDifference = 0.0
  /// Of Q^2.
  var squaredTarget = 0.0
  /// Of |log P - log Q|.
  var logDifference = 0.0
  /// How many there are.
  var count = 0

  /// Spectral convergence + mean |log P - log Q|, over channels that count as one spectrogram; the energy of the
  /// target is held at or above a minimum.
  static func distance(_ channels: [SpectralSums], minimumSquaredTarget: Double = 0) -> Double {
    func total(_ value: (SpectralSums) -> Double) -> Double { channels.reduce(0) { $0 + value($1) } }
    let convergence =
      (total(\.squaredDifference) / max(total(\.squaredTarget), minimumSquaredTarget)).squareRoot()
    return convergence + total(\.logDifference) / total { Double($0.count) }
  }
}

/// The spectrograms of two stereo signals at one resolution, as in ``SpectralDistance``: of both channels, of their
/// sum and of their difference.
struct SpectralComparison: Sendable {
  private let frames: SpectralFrames

  var minimumSamples: Int { frames.minimumSamples }

  init(size: Int) { frames = SpectralFrames(size: size) }

  /// The sums of a prediction and a target, [2, samples] each.
  func sums(
    prediction: Matrix, target: Matrix
  ) -> (left: SpectralSums, right: SpectralSums, sum: SpectralSums, difference: SpectralSums) {
    let (count, transform) = (prediction.columns, frames.transform)
    let frame = SignalBuffer<Double>(count: frames.size)
    let spectra = (0..<4).map { _ in SignalBuffer<Double>(count: 2 * transform.binCount) }
    var totals = [Double](repeating: 0, count: 12)
    prediction.values.withUnsafeBufferPointer { prediction in
      target.values.withUnsafeBufferPointer { target in
        let rows = [prediction, target].flatMap { [$0.baseAddress!, $0.baseAddress! + count] }
        for start in frames.starts(sampleCount: count) {
          for (row, spectrum) in zip(rows, spectra) {
            frames.load(row, count, start, into: frame.pointer)
            transform.forward(frame.pointer, into: spectrum.pointer)
          }
          SignalComparison.addSpectra(
            predicted: (UnsafePointer(spectra[0].pointer), UnsafePointer(spectra[1].pointer)),
            wanted: (UnsafePointer(spectra[2].pointer), UnsafePointer(spectra[3].pointer)),
            bins: transform.binCount, floor: SpectralFrames.powerFloor, to: &totals)
        }
      }
    }
    let binCount = (count / frames.hop + 1) * transform.binCount
    func channel(_ index: Int) -> SpectralSums {
      SpectralSums(
        squaredDifference: totals[3 * index], squaredTarget: totals[3 * index + 1],
        logDifference: 0.5 * totals[3 * index + 2], count: binCount)
    }
    return (channel(0), channel(1), channel(2), channel(3))
  }
}
