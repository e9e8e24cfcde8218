import FXParams
import NumericCore

/// Direct sound and sends, block by block: overlap-save convolution with the stereo response.
final class BlockConvolver<Scalar: SignalScalar> {
  /// Samples of a block.
  let blockCount: Int

  private let fft: RealFFT<Scalar>
  /// Nil where there are no sends.
  private let response: StereoResponse<Scalar>?
  private let pan: PanGains
  /// The latest `fft.count` samples of the mono signal.
  private let window: SignalBuffer<Scalar>
  private let monoSpectrum: SignalBuffer<Scalar>
  private let spectrum: SignalBuffer<Scalar>
  private let output: SignalBuffer<Scalar>

  /// Least transform length for long signals.
  private static var longTransform: Int { 1 << 20 }

  init(_ chain: ChainDescription, values: SignalBuffer<Double>, frameCount: Int, team: ThreadTeam) {
    pan = PanGains(chain.slots.directPan.map { values[$0] } ?? 0.5)
    guard !chain.sends.isEmpty else {
      response = nil
      blockCount = 1 << 16
      fft = RealFFT(count: 2)
      (window, monoSpectrum) = (SignalBuffer(count: 0), SignalBuffer(count: 0))
      (spectrum, output) = (SignalBuffer(count: 0), SignalBuffer(count: 0))
      return
    }
    let sends = SendSection<Scalar>(chain, maximumLength: frameCount)
    let length = sends.length
    let whole = FastLengths.length(atLeast: frameCount + length - 1)
    fft = RealFFT(
      count: min(whole, FastLengths.length(atLeast: max(Self.longTransform, 2 * length))))
    blockCount = fft.count - length + 1
    let response = StereoResponse(sends: sends, fft: fft, hasPullback: false)
    self.response = response
    window = SignalBuffer(count: fft.count)
    monoSpectrum = SignalBuffer(count: 2 * fft.binCount)
    spectrum = SignalBuffer(count: 2 * fft.binCount)
    output = SignalBuffer(count: fft.count)
    sends.prepare(values.pointer)
    team.run(sends.responseTaskCount) { sends.respond(task: $0) }
    sends.finishResponses(team)
    team.run(sends.taskCount) { sends.combine(task: $0, values.pointer) }
    team.run(2) { response.transform(channel: $0) }
  }

  /// Renders one block; `left` and `right` are overwritten with as many samples.
  ///
  /// - Precondition: all blocks but the last have `blockCount` samples.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func process(_ block: [Scalar], left: inout [Scalar], right: inout [Scalar]) {
    left = block.map { Scalar(pan.left) * $0 }
    right = block.map { Scalar(pan.right) * $0 }
    guard let response else { return }
    let kept = fft.count - blockCount
    copy(window.pointer + blockCount, into: window.pointer, count: kept)
    copy(block, into: window.pointer + kept, count: block.count)
    window.clear(kept + block.count..<fft.count)
    fft.forward(window.pointer, into: monoSpectrum.pointer)
    convolve(response, channel: 0, into: &left)
    convolve(response, channel: 1, into: &right)
  }

  private func convolve(_ response: StereoResponse<Scalar>, channel: Int, into target: inout [Scalar]) {
    multiply(
      monoSpectrum.pointer, response.spectra[channel].pointer, into: spectrum.pointer, count: fft.binCount,
      adding: false)
    fft.inverseDestroying(spectrum.pointer, into: output.pointer)
    accumulate(output.pointer + (fft.count - blockCount), weight: 1, into: &target, count: target.count)
  }
}
