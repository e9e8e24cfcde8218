import CKernels
import FXParams
import Foundation
import NumericCore

/// The ping-pong delay as a transfer function: one input, two outputs (method section 2.4).
///
/// One echo is a sinc at the delay, low-passed: H(w) = S(w; delay) B(w). The odd echoes sum to
/// O = sum_j f^(2j) H^(2j+1) and the even ones to E = sum_j f^(2j+1) H^(2j+2), over as many echoes as fit the response;
/// two panners mix them to the outputs. The series are summed by doubling with their derivatives, so nothing divides
/// by H: gradients are finite where the released code's |H|^k and k arg H are not (H = 0 at Nyquist).
/// The low-pass filters the sinc in time, as there: filtering its spectrum would wrap the sinc's ends, which changes
/// the response by 3e-6 but the gradient of the delay by up to 3e-4.
final class PingPongResponse<Scalar: SignalScalar>: SendModel, @unchecked Sendable {
  let inputCount = 1
  let scratchCount = 2
  let parameterCount: Int

  private let effect: PingPongDelay
  private let sampleRate: Double
  private let fft: RealFFT<Scalar>
  private let length: Int
  private let sinc: SignalBuffer<Scalar>
  /// One echo, followed by zeros to the length of the transform.
  private let echo: SignalBuffer<Scalar>
  private let echoSpectrum: SignalBuffer<Scalar>
  private let cotangentSpectrum: SignalBuffer<Scalar>
  private let cotangent: SignalBuffer<Scalar>
  private let sums: UnsafeMutablePointer<echo_gradient>
  private let taskCount: Int

  // The setting of the latest prepare.
  private var delaySamples = 0.0
  private var gain = 0.0
  private var design = BandDesign()
  private var oddPan = PanGains(0.5)
  private var evenPan = PanGains(0.5)
  private var single = f32_echoes()
  private var double = f64_echoes()

  /// Samples of the modelled response, an even number.
  static func length(_ effect: PingPongDelay, sampleRate: Double) -> Int {
    let full = max(2, Int((effect.responseSeconds * sampleRate).rounded()))
    return full + full % 2
  }

  init(_ effect: PingPongDelay, sampleRate: Double, grid fft: RealFFT<Scalar>, taskCount: Int) {
    self.effect = effect
    self.sampleRate = sampleRate
    self.fft = fft
    self.taskCount = taskCount
    length = Self.length(effect, sampleRate: sampleRate)
    parameterCount = effect.parameters().count
    sinc = SignalBuffer(count: length)
    echo = SignalBuffer(count: fft.count)
    echoSpectrum = SignalBuffer(count: 2 * fft.binCount)
    cotangentSpectrum = SignalBuffer(count: 2 * fft.binCount)
    cotangent = SignalBuffer(count: fft.count)
    sums = .allocate(capacity: taskCount)
    sums.initialize(repeating: echo_gradient(), count: taskCount)
  }

  deinit { sums.deallocate() }

  // MARK: - Value

  func prepare(_ values: UnsafePointer<Double>) {
    delaySamples = values[0] * sampleRate / 1000
    gain = values[2]
    design = BandDesign(effect.lowPass, values: values + 3, sampleRate: sampleRate)
    oddPan = PanGains(values[5])
    evenPan = PanGains(values[6])
    let echoes = length / Int(delaySamples + 1)
    double = f64_echoes(
      feedback: values[1], odd_terms: Int32((echoes + 1) / 2), even_terms: Int32(echoes / 2),
      weights: (gain * oddPan.left, gain * oddPan.right, gain * evenPan.left, gain * evenPan.right))
    let weights = double.weights
    single = f32_echoes(
      feedback: Float(double.feedback), odd_terms: double.odd_terms, even_terms: double.even_terms,
      weights: (Float(weights.0), Float(weights.1), Float(weights.2), Float(weights.3)))

    fillSinc(sinc.pointer, count: length, delay: delaySamples)
    var state = BiquadState()
    filterBiquad(design.coefficients, state: &state, input: sinc.pointer, output: echo.pointer, count: length)
    fft.forward(echo.pointer, into: echoSpectrum.pointer)
  }

  func respond(_ index: Int, _ chunk: SendChunk<Scalar>) {
    let h = chunk.scratch(0)
    split(echoSpectrum.pointer, chunk: index, binCount: fft.binCount, into: h)
    if Scalar.self == Float.self {
      withUnsafePointer(to: single) {
        f32_echo_response(
          $0, FXChain.single(h), FXChain.single(chunk.input(0)), FXChain.single(chunk.output(0)),
          FXChain.single(chunk.output(1)))
      }
    } else {
      withUnsafePointer(to: double) {
        f64_echo_response(
          $0, FXChain.double(h), FXChain.double(chunk.input(0)), FXChain.double(chunk.output(0)),
          FXChain.double(chunk.output(1)))
      }
    }
  }

  // MARK: - Pullback

  func beginPullback(task: Int) { sums[task] = echo_gradient() }

  func pull(_ index: Int, _ chunk: SendChunk<Scalar>, task: Int) {
    let (h, cotangent) = (chunk.scratch(0), chunk.scratch(1))
    split(echoSpectrum.pointer, chunk: index, binCount: fft.binCount, into: h)
    if Scalar.self == Float.self {
      withUnsafePointer(to: single) {
        f32_echo_pullback(
          $0, FXChain.single(h), FXChain.single(chunk.input(0)), FXChain.single(chunk.outputCotangent(0)),
          FXChain.single(chunk.outputCotangent(1)), FXChain.single(cotangent),
          FXChain.single(chunk.inputCotangent(0)), sums + task)
      }
    } else {
      withUnsafePointer(to: double) {
        f64_echo_pullback(
          $0, FXChain.double(h), FXChain.double(chunk.input(0)), FXChain.double(chunk.outputCotangent(0)),
          FXChain.double(chunk.outputCotangent(1)), FXChain.double(cotangent),
          FXChain.double(chunk.inputCotangent(0)), sums + task)
      }
    }
    merge(cotangent, chunk: index, binCount: fft.binCount, into: cotangentSpectrum.pointer)
  }

  func finishPullback(into values: UnsafeMutablePointer<Double>) {
    var (oddLeft, oddRight, evenLeft, evenRight) = (0.0, 0.0, 0.0, 0.0)
    for task in 0..<taskCount {
      values[1] += sums[task].feedback
      oddLeft += sums[task].weights.0
      oddRight += sums[task].weights.1
      evenLeft += sums[task].weights.2
      evenRight += sums[task].weights.3
    }
    values[2] +=
      oddPan.left * oddLeft + oddPan.right * oddRight + evenPan.left * evenLeft + evenPan.right * evenRight
    values[5] += gain * oddPan.pullback(left: oddLeft, right: oddRight)
    values[6] += gain * evenPan.pullback(left: evenLeft, right: evenRight)

    // sum over bins Re(conj(H-bar) exp(-iwn)) is half of FFTW's inverse, which counts inner bins twice and edges once.
    cotangentSpectrum[0] *= 2
    cotangentSpectrum[2 * fft.binCount - 2] *= 2
    fft.inverseDestroying(cotangentSpectrum.pointer, into: cotangent.pointer)
    scale(cotangent.pointer, by: 0.5, into: cotangent.pointer, count: length)
    let filterCotangent = pullBiquad(
      design.coefficients, input: sinc.pointer, output: echo.pointer, cotangent: cotangent.pointer, count: length)
    design.pullback(filterCotangent, band: effect.lowPass, into: values + 3)
    values[0] +=
      sincSlopeProduct(cotangent.pointer, count: length, delay: delaySamples) * sampleRate / 1000
  }
}
