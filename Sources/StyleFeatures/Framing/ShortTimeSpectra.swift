import Foundation
import NumericCore

/// The spectra of all frames of one signal under a periodic Hann window, kept for the pullback.
///
/// X_f[k] = sum_n w[n] x[f hop + n] exp(-2 pi i k n / 2048), w[n] = (1 - cos(2 pi n / 2048))/2, k = 0 ... 1024.
final class ShortTimeSpectra<Scalar: SignalScalar> {
  static var binCount: Int { FrameGrid.frameLength / 2 + 1 }
  /// Scalars from one kept spectrum to the next: whole cache lines, as FFTW's alignment asks.
  private static var stride: Int { 2 * binCount + 14 }

  private let transform: RealFFT<Scalar>
  private let window: SignalBuffer<Scalar>
  private let spectra: SignalBuffer<Scalar>
  private let frameScratch: SignalBuffer<Scalar>
  /// Where the caller writes half the cotangent of one spectrum, interleaved, before ``accumulate(frame:into:)``.
  let cotangent: SignalBuffer<Scalar>

  init(grid: FrameGrid) {
    let length = FrameGrid.frameLength
    transform = RealFFT(count: length)
    window = SignalBuffer((0..<length).map { Scalar(0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(length))) })
    spectra = SignalBuffer(count: grid.count * Self.stride)
    frameScratch = SignalBuffer(count: length)
    cotangent = SignalBuffer(count: Self.stride)
  }

  /// The kept spectrum of a frame: 1025 interleaved (re, im) pairs.
  func spectrum(frame: Int) -> UnsafePointer<Scalar> { UnsafePointer(spectra.pointer + frame * Self.stride) }

  /// Computes and keeps the spectrum of one frame of `signal`.
  func transform(frame: Int, of signal: UnsafePointer<Scalar>) {
    let samples = signal + frame * FrameGrid.hop
    let window = window.pointer
    let windowed = frameScratch.pointer
    for index in 0..<FrameGrid.frameLength { windowed[index] = window[index] * samples[index] }
    transform.forward(windowed, into: spectra.pointer + frame * Self.stride)
  }

  /// Adds to `signalCotangent` what ``cotangent`` (destroyed) says about one frame.
  ///
  /// With c[k] = dL/dRe X[k] + i dL/dIm X[k], dL/dx[n] = w[n] sum_k Re(c[k] exp(2 pi i k n / 2048)), which is half
  /// of what the inverse transform gives (``HalfSpectrum``): the caller writes c/2, which saves one pass.
  func accumulate(frame: Int, into signalCotangent: UnsafeMutablePointer<Scalar>) {
    let halved = cotangent.pointer
    HalfSpectrum(halved, binCount: Self.binCount).doubleEdges()
    let samples = frameScratch.pointer
    transform.inverseDestroying(halved, into: samples)
    let window = window.pointer
    let target = signalCotangent + frame * FrameGrid.hop
    for index in 0..<FrameGrid.frameLength { target[index] += window[index] * samples[index] }
  }
}
