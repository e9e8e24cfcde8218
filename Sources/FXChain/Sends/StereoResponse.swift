import NumericCore

/// The sends as two impulse responses, left and right, at the bins of the transform that convolves with them; and the
/// way back.
///
/// The responses are cut to the samples that are heard, so that the convolution's transform need not hold their tails.
final class StereoResponse<Scalar: SignalScalar>: @unchecked Sendable {
  let sends: SendSection<Scalar>
  let fft: RealFFT<Scalar>
  /// Samples of a response that are used.
  let length: Int
  /// Spectra to multiply that of the mono signal by; an inverse transform of the product needs no factor.
  let spectra: [SignalBuffer<Scalar>]
  /// Cotangents of the responses as spectra: conj(mono) times the cotangent of the output, summed over segments.
  let cotangents: [SignalBuffer<Scalar>]

  private let responses: [SignalBuffer<Scalar>]
  private let padded: [SignalBuffer<Scalar>]

  /// - Parameters:
  ///   - length: samples of the responses to use.
  ///   - fft: transform of the convolution.
  ///   - hasPullback: whether cotangents are needed.
  init(
    sends: SendSection<Scalar>, length: Int, fft: RealFFT<Scalar>, hasPullback: Bool = true
  ) {
    self.sends = sends
    self.length = min(length, sends.fft.count)
    self.fft = fft
    let (bins, samples) = (2 * fft.binCount, max(fft.count, self.length))
    spectra = (0..<2).map { _ in SignalBuffer(count: bins) }
    cotangents = hasPullback ? (0..<2).map { _ in SignalBuffer(count: bins) } : []
    responses = (0..<2).map { _ in SignalBuffer(count: sends.fft.count) }
    padded = (0..<2).map { _ in SignalBuffer(count: samples) }
  }

  /// Transforms the sends' response of a channel, cut, into ``spectra``.
  func transform(channel: Int) {
    let (response, padded) = (responses[channel], padded[channel])
    sends.fft.inverseDestroying(sends.spectra[channel].pointer, into: response.pointer)
    let factor = 1 / (Double(fft.count) * Double(sends.fft.count))
    scale(response.pointer, by: factor, into: padded.pointer, count: length)
    padded.clear(length..<padded.count)
    fft.forward(padded.pointer, into: spectra[channel].pointer)
  }

  /// Hands the cotangent of a channel's response, collected in ``cotangents``, to the sends.
  func pullTransform(channel: Int) {
    let (response, padded) = (responses[channel], padded[channel])
    fft.inverseDestroying(cotangents[channel].pointer, into: padded.pointer)
    // Twice, for bins that speak for their mirror images too; the edges have none.
    let factor = 2 / (Double(fft.count) * Double(sends.fft.count))
    scale(padded.pointer, by: factor, into: response.pointer, count: length)
    response.clear(length..<response.count)
    let spectrum = sends.spectra[channel]
    sends.fft.forward(response.pointer, into: spectrum.pointer)
    let last = 2 * sends.fft.binCount - 2
    spectrum[0] /= 2
    spectrum[last] /= 2
    spectrum[1] = 0
    spectrum[last + 1] = 0
  }
}
