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
  }

  /// Transforms the sends' response of a channel, cut, into ``spectra``.
  func transform(channel: Int) {
    let (response, padded, grid) = (responses[channel], padded[channel], sends.grid)
    grid.inverseDestroying(sends.spectra[channel].pointer, into: response.pointer)
    let (used, factor) = (min(length, grid.count), 1 / (Double(fft.count) * Double(grid.count)))
    scale(response.pointer, by: factor, into: padded.pointer, count: used)
    padded.clear(used..<padded.count)
    fft.forward(padded.pointer, into: spectra[channel].pointer)
  }

  /// Hands the cotangent of a channel's response, collected in ``cotangents``, to the sends.
  func pullTransform(channel: Int) {
    let (response, padded, grid) = (responses[channel], padded[channel], sends.grid)
    fft.inverseDestroying(cotangents[channel].pointer, into: padded.pointer)
    let (used, factor) = (min(length, grid.count), 1 / (Double(fft.count) * Double(grid.count)))
    scale(padded.pointer, by: factor, into: response.pointer, count: used)
    response.clear(used..<grid.count)
    grid.forward(response.pointer, into: sends.spectra[channel].pointer)
    doubleInnerBins(sends.spectra[channel].pointer, binCount: grid.binCount)
  }
}

/// Turns the transform of a real signal's cotangent into that of its spectrum: inner bins speak for their mirror images
/// too; the edges have none, and no imaginary part.
func doubleInnerBins<Scalar: SignalScalar>(_ spectrum: UnsafeMutablePointer<Scalar>, binCount: Int) {
  let last = 2 * binCount - 2
  scale(spectrum + 2, by: 2, into: spectrum + 2, count: last - 2)
  spectrum[1] = 0
  spectrum[last + 1] = 0
}
