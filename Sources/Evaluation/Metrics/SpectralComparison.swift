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
/// sum and of their difference. Frames are added as they come.
struct SpectralComparison {
  typealias Sums = (left: SpectralSums, right: SpectralSums, sum: SpectralSums, difference: SpectralSums)

  private let frames: SpectralFrames
  private let frame: SignalBuffer<Double>
  private let spectra: [SignalBuffer<Double>]
  private var totals = SignalComparison.SpectralSums()
  private var frameCount = 0

  init(_ frames: SpectralFrames) {
    self.frames = frames
    frame = SignalBuffer(count: frames.size)
    spectra = (0..<4).map { _ in SignalBuffer(count: 2 * frames.transform.binCount) }
  }

  /// Adds the frames that are centred at every hop of the first `length` samples of two blocks.
  mutating func add(prediction: WeightedBlocks, target: WeightedBlocks, length: Int) {
    for centre in stride(from: 0, to: length, by: frames.hop) {
      for (index, spectrum) in spectra.enumerated() {
        let block = index < 2 ? prediction : target
        frames.cut(block.channel(index % 2, from: centre - frames.size / 2), into: frame.pointer)
        frames.transform.forward(frame.pointer, into: spectrum.pointer)
      }
      totals.add(
        predicted: (UnsafePointer(spectra[0].pointer), UnsafePointer(spectra[1].pointer)),
        wanted: (UnsafePointer(spectra[2].pointer), UnsafePointer(spectra[3].pointer)),
        bins: frames.transform.binCount, floor: SpectralFrames.powerFloor)
      frameCount += 1
    }
  }

  /// The sums of all frames so far.
  var sums: Sums {
    let values = totals.values
    func channel(_ index: Int) -> SpectralSums {
      SpectralSums(
        squaredDifference: values[3 * index], squaredTarget: values[3 * index + 1],
        logDifference: 0.5 * values[3 * index + 2], count: frameCount * frames.transform.binCount)
    }
    return (channel(0), channel(1), channel(2), channel(3))
  }
}
