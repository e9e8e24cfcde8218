import FXParams
import NumericCore

/// Everything that belongs to one dry segment: its signals through the chain, forwards and back.
///
/// Unchecked sendable: one task at a time works on a segment, but for its two channels, which have buffers of their
/// own.
final class SegmentWorkspace<Scalar: SignalScalar>: @unchecked Sendable {
  let frameCount: Int
  /// The stereo outputs; in a pullback, the spectra of their cotangents.
  let outputs: [SignalBuffer<Scalar>]
  /// Cotangents of the outputs: filled by the caller before a pullback, which uses them up.
  let cotangents: [SignalBuffer<Scalar>]
  /// The cotangents of the series parameters, of this segment alone.
  let gradient: SignalBuffer<Double>
  /// What this segment says about the position of the direct sound, where there are no sends.
  private(set) var panCotangent = 0.0

  private let stages: [any SeriesStage<Scalar>]
  /// signals[k]: input of series stage k; the last is the mono signal that is convolved with the stereo response.
  private let signals: [SignalBuffer<Scalar>]
  private let seriesCount: Int
  private let monoSpectrum: SignalBuffer<Scalar>
  private let scratch: BufferPool<SegmentScratch<Scalar>>

  /// - Parameters:
  ///   - fft: the transform of the convolution, if there is one. Signals that it reads or writes have its length,
  ///     with zeros or what does not matter after the segment.
  ///   - keepsRecords: as for `ChainDescription.makeSeriesStages(_:count:keepsRecords:)`.
  init(
    _ dry: [Scalar], chain: ChainDescription, fft: RealFFT<Scalar>?, scratch: BufferPool<SegmentScratch<Scalar>>,
    keepsRecords: Bool
  ) {
    let count = dry.count
    frameCount = count
    let samples = { SignalBuffer<Scalar>(count: count, capacity: max(count, fft?.count ?? 0)) }
    let bins = fft.map { 2 * $0.binCount } ?? 0
    // With room for a spectrum.
    outputs = (0..<2).map { _ in SignalBuffer(count: count, capacity: max(count, bins)) }
    cotangents = [samples(), samples()]
    stages = chain.makeSeriesStages(Scalar.self, count: count, keepsRecords: keepsRecords)
    let last = stages.count
    signals = (0...last).map { $0 == last ? samples() : SignalBuffer(count: count) }
    seriesCount = stages.reduce(0) { $0 + $1.parameterCount }
    monoSpectrum = SignalBuffer(count: bins)
    self.scratch = scratch
    gradient = SignalBuffer(count: seriesCount)
    copy(dry, into: signals[0].pointer, count: count)
  }

  /// The signal after all series effects.
  var mono: SignalBuffer<Scalar> { signals[signals.count - 1] }

  /// Cotangent of the mono signal, then pulled back in place through the series to that of the dry signal; it takes
  /// the place of the left output's cotangent. What lies beyond the segment stays zero, for the transform.
  var monoCotangent: SignalBuffer<Scalar> { cotangents[0] }

  /// Takes other dry samples, as many as before.
  func replaceDry(by samples: [Scalar]) { signals[0].pointer.update(from: samples, count: frameCount) }

  // MARK: - Value

  /// The series effects, and the spectrum of what they give.
  func applySeries(_ values: UnsafePointer<Double>, fft: RealFFT<Scalar>?) {
    let buffers = scratch.take()
    defer { scratch.give(buffers) }
    var position = 0
    for index in stages.indices {
      stages[index].apply(
        values + position, input: signals[index].pointer, output: signals[index + 1].pointer, scratch: buffers)
      position += stages[index].parameterCount
    }
    fft?.forward(mono.pointer, into: monoSpectrum.pointer)
  }

  /// One output: the direct sound, and the mono signal through that channel's response.
  func makeOutput(channel: Int, pan: PanGains, through response: StereoResponse<Scalar>) {
    let (fft, output) = (response.fft, outputs[channel].pointer)
    let buffers = scratch.take()
    let product = buffers.spectrum.pointer
    multiply(
      monoSpectrum.pointer, response.spectra[channel].pointer, into: product, count: fft.binCount, adding: false)
    fft.inverseDestroying(product, into: output)
    scratch.give(buffers)
    accumulate(mono.pointer, weight: pan[channel], into: output, count: frameCount)
  }

  /// One output where there are no sends.
  func makeDirectOutput(channel: Int, pan: PanGains) {
    scale(mono.pointer, by: pan[channel], into: outputs[channel].pointer, count: frameCount)
  }

  // MARK: - Pullback

  func transformCotangent(channel: Int, fft: RealFFT<Scalar>) {
    fft.forward(cotangents[channel].pointer, into: outputs[channel].pointer)
  }

  /// Adds what this segment says about a channel's response.
  func accumulateResponse(channel: Int, into response: StereoResponse<Scalar>, adding: Bool) {
    multiplyConjugate(
      outputs[channel].pointer, monoSpectrum.pointer, into: response.cotangents[channel].pointer,
      count: response.fft.binCount, adding: adding)
  }

  /// The mono signal's cotangent, from those of the outputs and their spectra.
  func pullOutputs(pan: PanGains, through response: StereoResponse<Scalar>) {
    let fft = response.fft
    let buffers = scratch.take()
    let (product, sum) = (buffers.spectrum.pointer, buffers.signal.pointer)
    for channel in 0..<2 {
      multiplyConjugate(
        outputs[channel].pointer, response.spectra[channel].pointer, into: product, count: fft.binCount,
        adding: channel > 0)
    }
    fft.inverseDestroying(product, into: sum)
    for channel in 0..<2 {
      accumulate(cotangents[channel].pointer, weight: pan[channel], into: sum, count: frameCount)
    }
    copy(sum, into: monoCotangent.pointer, count: frameCount)
    scratch.give(buffers)
  }

  /// The mono signal's cotangent where there are no sends.
  func pullDirectOutputs(pan: PanGains) {
    let (left, right, mono) = (cotangents[0].pointer, cotangents[1].pointer, mono.pointer)
    panCotangent = pan.pullback(
      left: innerProduct(left, mono, count: frameCount), right: innerProduct(right, mono, count: frameCount))
    scale(left, by: pan.left, into: monoCotangent.pointer, count: frameCount)
    accumulate(right, weight: pan.right, into: monoCotangent.pointer, count: frameCount)
  }

  /// Takes the mono signal's cotangent back through the series effects.
  func pullSeries(_ values: UnsafePointer<Double>) {
    let buffers = scratch.take()
    defer { scratch.give(buffers) }
    gradient.clear()
    var position = seriesCount
    for index in stages.indices.reversed() {
      position -= stages[index].parameterCount
      stages[index].pullback(
        values + position, input: signals[index].pointer, output: signals[index + 1].pointer,
        cotangent: monoCotangent.pointer, into: gradient.pointer + position, scratch: buffers)
    }
  }
}
