import FXParams
import NumericCore

/// A send effect in the frequency domain of the renderer: its responses' spectra, shared by all segments.
final class SendStage<Scalar: SignalScalar>: @unchecked Sendable {
  let model: any ImpulseResponse<Scalar>
  /// Where the effect's parameters start in the flat order.
  let offset: Int
  /// Earlier sends that feed this one: their index and the position of the gain in the flat order.
  let feeds: [(source: Int, parameter: Int)]
  /// Inputs that differ: a send that nothing feeds hears the mono signal on every input.
  let inputCount: Int
  /// Spectra [output * inputCount + input] of the responses.
  let spectra: [SignalBuffer<Scalar>]
  /// Spectra of the responses' cotangents, summed over segments.
  let cotangents: [SignalBuffer<Scalar>]
  private let signals: [SignalBuffer<Scalar>]
  private let padded: [SignalBuffer<Scalar>]

  init(
    _ model: any ImpulseResponse<Scalar>, offset: Int, feeds: [(source: Int, parameter: Int)], fft: RealFFT<Scalar>
  ) {
    self.model = model
    self.offset = offset
    self.feeds = feeds
    inputCount = feeds.isEmpty ? 1 : model.inputCount
    let pairs = 2 * inputCount
    spectra = (0..<pairs).map { _ in SignalBuffer(count: 2 * fft.binCount) }
    cotangents = (0..<pairs).map { _ in SignalBuffer(count: 2 * fft.binCount) }
    padded = (0..<pairs).map { _ in SignalBuffer(count: fft.count) }
    let length = model.length
    signals =
      inputCount == model.inputCount
      ? padded : (0..<(2 * model.inputCount)).map { _ in SignalBuffer(count: length) }
  }

  /// The stages of a chain's sends, in order, with their places in the flat order of its parameters.
  static func makeAll(
    _ chain: ChainDescription, models: [any ImpulseResponse<Scalar>], fft: RealFFT<Scalar>
  ) -> [SendStage<Scalar>] {
    let firstGain = chain.series.reduce(0) { $0 + $1.parameters().count }
    let crossSends = chain.crossSends
    var offset = firstGain + crossSends.count
    return models.enumerated().map { index, model in
      let feeds = crossSends.enumerated().filter { $1.destination == index }.map {
        (source: $1.source, parameter: firstGain + $0)
      }
      defer { offset += model.parameterCount }
      return SendStage(model, offset: offset, feeds: feeds, fft: fft)
    }
  }

  /// How a stereo send that feeds this one enters an input: channel by channel, or as the mean into a single input.
  func feedWeights(input: Int) -> [(channel: Int, weight: Double)] {
    inputCount == 1 ? [(0, 0.5), (1, 0.5)] : [(input, 1)]
  }

  /// Computes the responses of the parameter values and their spectra.
  func prepare(_ values: UnsafePointer<Double>, fft: RealFFT<Scalar>, workers: Workers) {
    // The tail of `padded` holds what the latest pullback left there.
    for signal in padded { signal.clear(model.length..<fft.count) }
    model.compute(values + offset, into: signals, workers: workers)
    if inputCount < model.inputCount {
      for output in 0..<2 {
        mix(
          signals[2 * output].pointer, signals[2 * output + 1].pointer, weights: (1, 1),
          into: padded[output].pointer, count: model.length)
      }
    }
    let (padded, spectra) = (padded, spectra)
    workers.forEach(padded.count) { fft.forward(padded[$0].pointer, into: spectra[$0].pointer) }
  }

  /// Pulls the summed cotangent spectra back to the effect's parameter values. Destroys the spectra.
  func pullback(into values: UnsafeMutablePointer<Double>, fft: RealFFT<Scalar>, workers: Workers) {
    let (padded, cotangents, length) = (padded, cotangents, model.length)
    workers.forEach(padded.count) {
      fft.inverseDestroying(cotangents[$0].pointer, into: padded[$0].pointer)
      scale(padded[$0].pointer, by: 1 / Double(fft.count), into: padded[$0].pointer, count: length)
    }
    if inputCount < model.inputCount {
      for (index, signal) in signals.enumerated() {
        signal.pointer.update(from: padded[index / 2].pointer, count: length)
      }
    }
    model.pullback(signals, into: values + offset, workers: workers)
  }
}
