import FXParams
import Foundation
import NumericCore

/// The ping-pong delay: one input, two outputs (method section 2.4).
///
/// One echo is a sinc at the delay, low-passed: H(w) = S(w; delay) B(w). The odd echoes sum to
/// O = sum_j f^(2j) H^(2j+1) and the even ones to E = sum_j f^(2j+1) H^(2j+2), over as many echoes as fit the
/// response; two panners mix them to the outputs. The series are evaluated by Horner's rule with their derivatives,
/// so nothing divides by H: gradients are finite where the released code's |H|^k and k arg H are not (H = 0 at
/// Nyquist). The low-pass filters the sinc in time, as there: filtering its spectrum would wrap the sinc's ends,
/// which changes the response by 3e-6 but the gradient of the delay by up to 3e-4.
///
/// Unchecked sendable: tasks write to bins of their own; what all read is set between the loops of tasks.
final class PingPongResponse<Scalar: SignalScalar>: SendModel, @unchecked Sendable {
  let inputCount = 1
  let length: Int
  let parameterCount: Int
  let matrix: [SignalBuffer<Scalar>]

  private let slots: PingPongDelay.Slots
  private let lowPass: BiquadBand.Response
  private let sampleRate: Double
  private let fft: RealFFT<Scalar>
  private let sinc: SignalBuffer<Scalar>
  private let echo: SignalBuffer<Scalar>
  private let echoCotangent: SignalBuffer<Scalar>
  private let echoSpectrum: SignalBuffer<Scalar>
  private let oddSpectrum: SignalBuffer<Scalar>
  private let evenSpectrum: SignalBuffer<Scalar>
  private let odd: SignalBuffer<Scalar>
  private let even: SignalBuffer<Scalar>
  /// The response to left and right followed by zeros to the length of the grid; then its cotangent.
  let signals: [SignalBuffer<Scalar>]
  private let gradient: SignalBuffer<Double>

  // The setting of the latest prepare.
  private(set) var delaySamples = 0.0
  private(set) var feedback = 0.0
  private(set) var gain = 0.0
  private(set) var echoCount = 0
  private(set) var design = BandDesign()
  /// The log damping, at most 0, of the surrogate whose gradient a pullback gives the time; nil for the exact one.
  var surrogateLogDamping: Double?
  /// What the latest pullback says about it.
  private(set) var logDampingCotangent = 0.0
  private var oddPan = PanGains(0.5)
  private var evenPan = PanGains(0.5)

  /// - Parameters:
  ///   - maximumLength: samples of the response that will be used; it is cut there.
  ///   - gridCapacity: samples of the longest grid that the matrix will be on.
  init(_ effect: PingPongDelay, sampleRate: Double, maximumLength: Int, gridCapacity: Int) {
    slots = effect.slots
    lowPass = effect.lowPass.response
    self.sampleRate = sampleRate
    let full = effect.responseLength(sampleRate: sampleRate)
    let even = full + full % 2
    length = min(full, maximumLength)
    parameterCount = effect.parameterCount
    fft = RealFFT(count: even)
    sinc = SignalBuffer(count: even)
    echo = SignalBuffer(count: even)
    echoCotangent = SignalBuffer(count: even)
    echoSpectrum = SignalBuffer(count: 2 * fft.binCount)
    oddSpectrum = SignalBuffer(count: 2 * fft.binCount)
    evenSpectrum = SignalBuffer(count: 2 * fft.binCount)
    odd = SignalBuffer(count: even)
    self.even = SignalBuffer(count: even)
    signals = (0..<2).map { _ in SignalBuffer(count: gridCapacity) }
    matrix = (0..<2).map { _ in SignalBuffer(count: gridCapacity + 2) }
    gradient = SignalBuffer(count: parameterCount)
  }

  // MARK: - Value

  func prepare(_ values: UnsafePointer<Double>) {
    delaySamples = values[slots.time] * sampleRate / 1000
    feedback = values[slots.feedback]
    gain = values[slots.gain]
    design = BandDesign(lowPass, slots.lowPass, values: values, sampleRate: sampleRate)
    oddPan = PanGains(values[slots.oddPan])
    evenPan = PanGains(values[slots.evenPan])
    echoCount = fft.count / Int(delaySamples + 1)
  }

  /// The response in time, and the matrix, which is the response on a grid where there is one.
  func respond(on grid: RealFFT<Scalar>?) {
    fillSinc(sinc.pointer, count: fft.count, delay: delaySamples)
    var state = BiquadState()
    filterBiquad(design.coefficients, state: &state, input: sinc.pointer, output: echo.pointer, count: fft.count)
    fft.forward(echo.pointer, into: echoSpectrum.pointer)
    sumEchoes(
      echoSpectrum.pointer, feedback: feedback, echoes: echoCount, odd: oddSpectrum.pointer,
      even: evenSpectrum.pointer, binCount: fft.binCount)
    fft.inverseDestroying(oddSpectrum.pointer, into: odd.pointer)
    fft.inverseDestroying(evenSpectrum.pointer, into: even.pointer)
    let scale = gain / Double(fft.count)
    mix(
      odd.pointer, even.pointer, weights: (scale * oddPan.left, scale * evenPan.left), into: signals[0].pointer,
      count: length)
    mix(
      odd.pointer, even.pointer, weights: (scale * oddPan.right, scale * evenPan.right), into: signals[1].pointer,
      count: length)
    guard let grid else { return }
    for channel in 0..<2 {
      signals[channel].clear(length..<grid.count)
      grid.forward(signals[channel].pointer, into: matrix[channel].pointer)
    }
  }

  // MARK: - Pullback

  /// Takes cotangents of the response to the parameters.
  ///
  /// - Parameters:
  ///   - grid: that of the matrix, whose cotangent has taken its place, if there is one.
  ///   - heard: cotangents of the response in time, if it is heard directly, and a factor on them.
  func pull(on grid: RealFFT<Scalar>?, heard: [SignalBuffer<Scalar>], weight: Double) {
    for channel in 0..<2 {
      guard let grid else {
        FXChain.scale(heard[channel].pointer, by: weight, into: signals[channel].pointer, count: length)
        continue
      }
      // The cotangent in time is half of the inverse.
      let spectrum = matrix[channel].pointer
      HalfSpectrum(spectrum, binCount: grid.binCount).doubleEdges()
      grid.inverseDestroying(spectrum, into: signals[channel].pointer)
      FXChain.scale(signals[channel].pointer, by: 0.5, into: signals[channel].pointer, count: length)
      guard !heard.isEmpty else { continue }
      accumulate(heard[channel].pointer, weight: weight, into: signals[channel].pointer, count: length)
    }
    gradient.clear()
    pull(signals, into: gradient.pointer)
  }

  func finishPullback(into values: UnsafeMutablePointer<Double>) {
    for index in 0..<parameterCount { values[index] += gradient[index] }
  }

  /// Adds to `values` what cotangents of the response say.
  /// Derived in docs/derivations.md, sections 4.3 and 4.4.
  private func pull(_ cotangents: [SignalBuffer<Scalar>], into values: UnsafeMutablePointer<Double>) {
    let scale = 1 / Double(fft.count)
    // Pans and gain: inner products of the echoes (unnormalised inverse transforms) with the output cotangents.
    let (left, right) = (cotangents[0].pointer, cotangents[1].pointer)
    let oddLeft = scale * innerProduct(left, odd.pointer, count: length)
    let oddRight = scale * innerProduct(right, odd.pointer, count: length)
    let evenLeft = scale * innerProduct(left, even.pointer, count: length)
    let evenRight = scale * innerProduct(right, even.pointer, count: length)
    values[slots.gain] +=
      oddPan.left * oddLeft + oddPan.right * oddRight + evenPan.left * evenLeft + evenPan.right * evenRight
    values[slots.oddPan] += gain * oddPan.pullback(left: oddLeft, right: oddRight)
    values[slots.evenPan] += gain * evenPan.pullback(left: evenLeft, right: evenRight)

    for (pan, target) in [(oddPan, odd), (evenPan, even)] {
      mix(left, right, weights: (gain * pan.left, gain * pan.right), into: target.pointer, count: length)
      target.clear(length..<fft.count)
    }
    fft.forward(odd.pointer, into: oddSpectrum.pointer)
    fft.forward(even.pointer, into: evenSpectrum.pointer)
    values[slots.feedback] += pullEchoes(
      echoSpectrum.pointer, feedback: feedback, echoes: echoCount, odd: oddSpectrum.pointer,
      even: evenSpectrum.pointer, binCount: fft.binCount)
    fft.inverseDestroying(oddSpectrum.pointer, into: echoCotangent.pointer)
    FXChain.scale(echoCotangent.pointer, by: scale, into: echoCotangent.pointer, count: fft.count)
    let filterCotangent = pullBiquad(
      design.coefficients, input: sinc.pointer, output: echo.pointer, cotangent: echoCotangent.pointer,
      count: fft.count)
    design.pullback(filterCotangent, slots.lowPass, into: values)
    values[slots.time] += delaySlope() * sampleRate / 1000
  }

  /// What ``echoCotangent`` says about the delay in samples.
  private func delaySlope() -> Double {
    guard let surrogateLogDamping else {
      return sincSlopeProduct(echoCotangent.pointer, count: fft.count, delay: delaySamples)
    }
    fft.forward(echoCotangent.pointer, into: oddSpectrum.pointer)
    let slopes = EchoSurrogate.slopes(
      UnsafePointer(oddSpectrum.pointer), binCount: fft.binCount, delay: delaySamples,
      logDamping: surrogateLogDamping)
    logDampingCotangent = slopes.logDamping
    return slopes.delay
  }
}
