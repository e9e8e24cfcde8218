import NumericCore

/// The sends as two impulse responses, left and right, at the bins of the transform that convolves with them; and
/// the way back.
///
/// The responses are cut to the samples that are heard, so that the convolution's transform need not hold their
/// tails, and what comes before zero is cut off; then the tone filters them, and what is heard directly is added.
/// The direct sound, far louder, stays out: the rounding of its transform would be heard beside the sends.
///
/// Unchecked sendable: tasks have a channel or bins of their own; what crosses channels waits for a
/// ``CountdownLatch``.
final class StereoResponse<Scalar: SignalScalar>: @unchecked Sendable {
  let sends: SendSection<Scalar>
  let fft: RealFFT<Scalar>
  /// Samples of a response that are used.
  let length: Int
  /// Spectra to multiply that of the mono signal by; an inverse transform of the product needs no factor.
  let spectra: [SignalBuffer<Scalar>]
  /// Cotangents of the responses as spectra: conj(mono) times the cotangent of the output, summed over segments.
  let cotangents: [SignalBuffer<Scalar>]

  /// What the sends' spectra are in time, for the tone's way back.
  private let responses: [SignalBuffer<Scalar>]
  /// The whole responses over ``fft``'s count; then their cotangents.
  private let padded: [SignalBuffer<Scalar>]
  /// Cotangents on their way through the tone.
  private let untoned: [SignalBuffer<Scalar>]

  /// - Parameters:
  ///   - fft: transform of the convolution.
  ///   - hasPullback: whether cotangents are needed.
  init(sends: SendSection<Scalar>, fft: RealFFT<Scalar>, hasPullback: Bool = true) {
    self.sends = sends
    length = sends.length
    self.fft = fft
    let (bins, samples, capacity) = (2 * fft.binCount, max(fft.count, sends.length), sends.capacity)
    spectra = (0..<2).map { _ in SignalBuffer(count: bins) }
    cotangents = hasPullback ? (0..<2).map { _ in SignalBuffer(count: bins) } : []
    responses = (0..<2).map { _ in SignalBuffer(count: capacity) }
    padded = (0..<2).map { _ in SignalBuffer(count: samples) }
    let needsRoom = hasPullback && sends.outputTone(channel: 0) != nil
    untoned = needsRoom ? (0..<2).map { _ in SignalBuffer(count: capacity) } : responses
  }

  /// Samples of the sends' spectra in time that are used, and the factor of both transforms.
  private var cut: (count: Int, factor: Double) {
    (min(length, sends.grid.count), 1 / (Double(fft.count) * Double(sends.grid.count)))
  }

  /// Transforms the response of a channel into ``spectra``.
  func transform(channel: Int) {
    let (response, padded) = (responses[channel].pointer, padded[channel])
    let (used, factor) = sends.hasSpectra ? cut : (0, 0)
    if sends.hasSpectra {
      sends.grid.inverseDestroying(sends.spectra[channel].pointer, into: response)
      if let tone = sends.outputTone(channel: channel) {
        tone.apply(sends.outputToneCoefficients, to: response, into: padded.pointer)
        scale(padded.pointer, by: factor, into: padded.pointer, count: used)
      } else {
        scale(response, by: factor, into: padded.pointer, count: used)
      }
    }
    padded.clear(used..<padded.count)
    sends.addDirect(channel: channel, weight: 1 / Double(fft.count), into: padded.pointer)
    fft.forward(padded.pointer, into: spectra[channel].pointer)
  }

  /// What the outputs say about the position of the direct sound, after ``pullTransform(channel:)``: it is an
  /// impulse beside the responses, so that the cotangents of their first samples are those of its gains.
  func panCotangent(_ pan: PanGains) -> Double {
    pan.pullback(left: Double(padded[0][0]), right: Double(padded[1][0])) / Double(fft.count)
  }

  /// Hands the cotangent of a channel's response, collected in ``cotangents``, to the sends.
  func pullTransform(channel: Int) {
    fft.inverseDestroying(cotangents[channel].pointer, into: padded[channel].pointer)
    guard sends.hasSpectra else { return }
    let (untoned, grid) = (untoned[channel], sends.grid)
    let (used, factor) = cut
    scale(padded[channel].pointer, by: factor, into: untoned.pointer, count: used)
    if let tone = sends.outputTone(channel: channel) {
      // Beyond what is used there have only ever been zeros.
      tone.pullback(input: responses[channel].pointer, cotangent: untoned.pointer)
    } else {
      untoned.clear(used..<grid.count)
    }
    grid.forward(untoned.pointer, into: sends.spectra[channel].pointer)
    HalfSpectrum(sends.spectra[channel].pointer, binCount: grid.binCount).doubleInnerBins()
  }

  /// Takes what the outputs say about a delay to its parameters, after ``pullTransform(channel:)``.
  func pullDelay(_ index: Int) {
    sends.pullDelay(index, heard: padded, weight: 1 / Double(fft.count))
  }
}
