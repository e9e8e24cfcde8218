import NumericCore

/// The spectral distances of both views with their gradient: the arithmetic of ``MultiScaleSpectralDistance``.
///
/// The spectra of sum and difference are sums and differences of spectra, so that both views share their
/// transforms, there and back. A gradient needs the norms over all frames first: the spectra wait for them.
struct SpectralLoss<Scalar: SignalScalar> {
  private let tables: StereoLossTables<Scalar>
  private let frame: SignalBuffer<Scalar>
  /// Spectra of all frames of one resolution: left and right of the prediction, then of the target.
  private let spectra: [SignalBuffer<Scalar>]
  /// The gradient with respect to the weighted samples, reflected ones included.
  private let gradients: [SignalBuffer<Scalar>]
  /// As the kernels know them: of left, right, sum and difference.
  private let sums = SignalBuffer<Double>(count: 12)
  private let convergences = SignalBuffer<Double>(count: 4)
  private let logarithms = SignalBuffer<Double>(count: 4)

  init(_ tables: StereoLossTables<Scalar>) {
    self.tables = tables
    let most = tables.resolutions.map { $0.frameCount * $0.stride }.max() ?? 0
    frame = SignalBuffer(count: tables.resolutions.map(\.size).max() ?? 0)
    spectra = (0..<4).map { _ in SignalBuffer(count: most) }
    gradients = (0..<2).map { _ in SignalBuffer(count: tables.frameCount + 2 * tables.margin) }
  }

  private var floor: Scalar { Scalar(SpectralFrames.powerFloor) }

  /// The distances of left and right and of sum and difference; with `gradient`, the gradient of their weighted sum
  /// is added to it, a channel each.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func evaluate(
    _ prediction: StereoSignal<Scalar>, _ target: StereoSignal<Scalar>,
    addingTo gradient: (UnsafeMutablePointer<Scalar>, UnsafeMutablePointer<Scalar>)?
  ) -> (leftRight: Double, midSide: Double) {
    if gradient != nil { for channel in 0..<2 { gradients[channel].clear() } }
    let share = 1 / Double(tables.resolutions.count)
    var (leftRight, midSide) = (0.0, 0.0)
    for index in tables.resolutions.indices {
      let resolution = tables.resolutions[index]
      transform(prediction, resolution, into: 0)
      transform(target, resolution, into: 2)
      compare(resolution)
      leftRight += share * distance(0...1, resolution)
      midSide += share * 0.5 * (distance(2...2, resolution) + distance(3...3, resolution))
      if gradient != nil { pullBack(resolution, share: share) }
    }
    if let gradient {
      unweigh(0, addingTo: gradient.0)
      unweigh(1, addingTo: gradient.1)
    }
    return (leftRight, midSide)
  }

  private func transform(_ signal: StereoSignal<Scalar>, _ resolution: Resolution, into first: Int) {
    let window = UnsafePointer(resolution.window.pointer)
    for channel in 0..<2 {
      let samples = signal.weightedSamples(channel) - resolution.size / 2
      for index in 0..<resolution.frameCount {
        Scalar.stereoLossKernels.window(window, samples + index * resolution.hop, frame.pointer, resolution.size)
        resolution.transform.forward(
          frame.pointer, into: spectra[first + channel].pointer + index * resolution.stride)
      }
    }
  }

  private func compare(_ resolution: Resolution) {
    sums.clear()
    for index in 0..<resolution.frameCount {
      let offset = index * resolution.stride
      Scalar.stereoLossKernels.spectralLoss(
        spectra[0].pointer + offset, spectra[1].pointer + offset, spectra[2].pointer + offset,
        spectra[3].pointer + offset, resolution.binCount, floor, sums.pointer)
    }
  }

  /// A sum of ``sums`` over channels: 0 for (|P| - |Q|)^2, 1 for |Q|^2, 2 for |log |P|^2 - log |Q|^2|.
  private func total(_ entry: Int, _ channels: ClosedRange<Int>) -> Double {
    channels.reduce(0) { $0 + sums[3 * $1 + entry] }
  }

  /// Spectral convergence and mean logarithm over channels that count as one spectrogram.
  private func distance(_ channels: ClosedRange<Int>, _ resolution: Resolution) -> Double {
    (total(0, channels) / total(1, channels)).squareRoot()
      + 0.5 * total(2, channels) / Double(channels.count * resolution.frameCount * resolution.binCount)
  }

  // MARK: - Gradient

  private typealias Resolution = StereoLossTables<Scalar>.Resolution

  /// Adds to ``gradients``.
  private func pullBack(_ resolution: Resolution, share: Double) {
    weigh(0...1, by: share * tables.weights.spectralLeftRight, resolution)
    weigh(2...2, by: 0.5 * share * tables.weights.spectralMidSide, resolution)
    weigh(3...3, by: 0.5 * share * tables.weights.spectralMidSide, resolution)
    for index in 0..<resolution.frameCount {
      let offset = index * resolution.stride
      Scalar.stereoLossKernels.spectralGradient(
        spectra[0].pointer + offset, spectra[1].pointer + offset, spectra[2].pointer + offset,
        spectra[3].pointer + offset, resolution.binCount, floor, convergences.pointer, logarithms.pointer)
      for channel in 0..<2 {
        let spectrum = spectra[channel].pointer + offset
        // The inverse transform counts inner bins twice; halved later, it is the adjoint once the edges do as well.
        HalfSpectrum(spectrum, binCount: resolution.binCount).doubleEdges()
        resolution.transform.inverseDestroying(spectrum, into: frame.pointer)
        Scalar.stereoLossKernels.windowAdd(
          UnsafePointer(resolution.window.pointer), frame.pointer,
          gradients[channel].pointer + tables.margin - resolution.size / 2 + index * resolution.hop, resolution.size
        )
      }
    }
  }

  /// What the derivatives of one distance are multiplied by.
  private func weigh(_ channels: ClosedRange<Int>, by weight: Double, _ resolution: Resolution) {
    let norms = (total(0, channels) * total(1, channels)).squareRoot()
    let count = Double(channels.count * resolution.frameCount * resolution.binCount)
    for channel in channels {
      convergences[channel] = norms > 0 ? weight / norms : 0
      logarithms[channel] = weight / count
    }
  }

  /// The adjoint of reflection and A-weighting.
  private func unweigh(_ channel: Int, addingTo gradient: UnsafeMutablePointer<Scalar>) {
    let (count, margin, reach) = (tables.frameCount, tables.margin, tables.reach)
    let own = gradients[channel].pointer + margin
    for distance in 1...margin {
      own[distance] += own[-distance]
      own[count - 1 - distance] += own[count - 1 + distance]
      (own[-distance], own[count - 1 + distance]) = (0, 0)
    }
    // The spectra have served.
    let filtered = spectra[0].pointer
    Scalar.stereoLossKernels.filter(
      own - reach, count, UnsafePointer(tables.taps.pointer), tables.taps.count, filtered)
    for index in 0..<count { gradient[index] += filtered[index] / 2 }
  }
}
