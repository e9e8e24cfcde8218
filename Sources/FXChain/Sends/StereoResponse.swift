import FXParams
import NumericCore

/// Direct sound and sends as two impulse responses, left and right, at the bins of the transform that convolves with
/// them; and the way back.
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
  private let panParameter: Int?
  private let panCotangents: SignalBuffer<Double>

  /// - Parameters:
  ///   - length: samples of the responses to use.
  ///   - fft: transform of the convolution.
  ///   - hasPullback: whether cotangents are needed.
  init(
    _ chain: ChainDescription, sends: SendSection<Scalar>, length: Int, fft: RealFFT<Scalar>,
    hasPullback: Bool = true
  ) {
    self.sends = sends
    self.length = min(length, sends.fft.count)
    self.fft = fft
    let (bins, samples) = (2 * fft.binCount, max(fft.count, self.length))
    spectra = (0..<2).map { _ in SignalBuffer(count: bins) }
    cotangents = hasPullback ? (0..<2).map { _ in SignalBuffer(count: bins) } : []
    responses = (0..<2).map { _ in SignalBuffer(count: sends.fft.count) }
    padded = (0..<2).map { _ in SignalBuffer(count: samples) }
    panParameter = chain.hasDirectPan ? chain.parameterSpace.count - 1 : nil
    panCotangents = SignalBuffer(count: 2)
  }

  private func pan(_ values: UnsafePointer<Double>) -> PanGains { PanGains(panParameter.map { values[$0] } ?? 0.5) }

  /// Transforms the sends' response of a channel, cut and with the direct sound, into ``spectra``.
  func transform(channel: Int, _ values: UnsafePointer<Double>) {
    let (response, padded) = (responses[channel], padded[channel])
    sends.fft.inverseDestroying(sends.spectra[channel].pointer, into: response.pointer)
    let factor = 1 / Double(fft.count)
    scale(response.pointer, by: factor / Double(sends.fft.count), into: padded.pointer, count: length)
    padded.clear(length..<padded.count)
    let pan = pan(values)
    padded[0] += Scalar(factor * (channel == 0 ? pan.left : pan.right))
    fft.forward(padded.pointer, into: spectra[channel].pointer)
  }

  /// Hands the cotangent of a channel's response, collected in ``cotangents``, to the sends.
  func pullTransform(channel: Int) {
    let (response, padded) = (responses[channel], padded[channel])
    fft.inverseDestroying(cotangents[channel].pointer, into: padded.pointer)
    let factor = 1 / Double(fft.count)
    panCotangents[channel] = factor * Double(padded[0])
    // Twice, for bins that speak for their mirror images too; the edges have none.
    scale(padded.pointer, by: factor * 2 / Double(sends.fft.count), into: response.pointer, count: length)
    response.clear(length..<response.count)
    let spectrum = sends.spectra[channel]
    sends.fft.forward(response.pointer, into: spectrum.pointer)
    let last = 2 * sends.fft.binCount - 2
    spectrum[0] /= 2
    spectrum[last] /= 2
    spectrum[1] = 0
    spectrum[last + 1] = 0
  }

  /// Adds the cotangents of pan and sends to those of the values.
  func finishPullback(_ values: UnsafePointer<Double>, into gradient: UnsafeMutablePointer<Double>) {
    sends.finishPullback(into: gradient)
    if let panParameter {
      gradient[panParameter] += pan(values).pullback(left: panCotangents[0], right: panCotangents[1])
    }
  }
}
