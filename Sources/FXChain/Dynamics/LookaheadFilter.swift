import Foundation
import NumericCore

/// Advances a gain signal by a fractional number of samples with a windowless sinc FIR (method section 2.2):
/// out[n] = sum_j sinc(j - shift) in[n + j], j = -44 ... 661 at 44.1 kHz and 15 ms, edges replicated.
///
/// Overlap-save with short transforms, whose spectra are kept for the pullback.
///
/// Unchecked sendable: it belongs to one stage, which one task at a time uses.
final class LookaheadFilter<Scalar: SignalScalar>: @unchecked Sendable {
  /// Taps before the current sample; the released code's choice.
  static var leadingTaps: Int { 44 }

  let count: Int
  private let last: Int
  private let fft: RealFFT<Scalar>
  private let blockCount: Int
  /// Scalars from one stored spectrum to the next, a multiple of what the transform's alignment needs.
  private let spectrumStride: Int
  /// Outputs a block: what is left of the transform after the taps.
  private let hop: Int
  private let taps: SignalBuffer<Scalar>
  private let slopes: SignalBuffer<Scalar>
  private let tapSpectrum: SignalBuffer<Scalar>
  private let slopeSpectrum: SignalBuffer<Scalar>
  private let correlation: SignalBuffer<Scalar>
  private let block: SignalBuffer<Scalar>
  private let spectrum: SignalBuffer<Scalar>
  private let product: SignalBuffer<Scalar>
  private let inputSpectra: SignalBuffer<Scalar>

  /// - Parameters:
  ///   - count: samples of the signal.
  ///   - maximumShiftSamples: bound of the shifts; taps reach floor(of it) samples ahead.
  init(count: Int, maximumShiftSamples: Double) {
    self.count = count
    last = max(0, Int(maximumShiftSamples.rounded(.down)))
    let width = Self.leadingTaps + last + 1
    let size = FastLengths.length(atLeast: max(4096, 4 * width))
    fft = RealFFT(count: size)
    hop = size - width + 1
    blockCount = (count + hop - 1) / hop
    spectrumStride = (2 * fft.binCount + 15) / 16 * 16
    taps = SignalBuffer(count: size)
    slopes = SignalBuffer(count: size)
    block = SignalBuffer(count: size)
    tapSpectrum = SignalBuffer(count: 2 * fft.binCount)
    slopeSpectrum = SignalBuffer(count: 2 * fft.binCount)
    correlation = SignalBuffer(count: 2 * fft.binCount)
    spectrum = SignalBuffer(count: 2 * fft.binCount)
    product = SignalBuffer(count: 2 * fft.binCount)
    inputSpectra = SignalBuffer(count: spectrumStride * blockCount)
  }

  /// Writes the advanced signal to `output`, which may not be `input`.
  func apply(shiftSamples: Double, input: UnsafePointer<Scalar>, output: UnsafeMutablePointer<Scalar>) {
    design(shiftSamples: shiftSamples)
    for index in 0..<blockCount {
      let start = index * hop
      let stored = inputSpectra.pointer + spectrumStride * index
      load(input, from: start - Self.leadingTaps)
      fft.forward(block.pointer, into: stored)
      // Correlation with the taps: multiply by the conjugate of their spectrum.
      multiplyConjugate(stored, tapSpectrum.pointer, into: spectrum.pointer, count: fft.binCount, adding: false)
      fft.inverseDestroying(spectrum.pointer, into: block.pointer)
      scale(block.pointer, by: 1 / Double(fft.count), into: output + start, count: min(hop, count - start))
    }
  }

  /// Overwrites `input` with the cotangent of the input and returns that of the shift.
  /// Derived in docs/derivations.md, section 3.3.
  func pullback(cotangent: UnsafePointer<Scalar>, into input: UnsafeMutablePointer<Scalar>) -> Double {
    clear(input, count: count)
    correlation.clear()
    for index in 0..<blockCount {
      let start = index * hop
      let used = min(hop, count - start)
      copy(cotangent + start, into: block.pointer, count: used)
      block.clear(used..<fft.count)
      fft.forward(block.pointer, into: spectrum.pointer)
      multiplyConjugate(
        inputSpectra.pointer + spectrumStride * index, spectrum.pointer, into: correlation.pointer,
        count: fft.binCount, adding: true)
      multiply(
        spectrum.pointer, tapSpectrum.pointer, into: product.pointer, count: fft.binCount, adding: false)
      fft.inverseDestroying(product.pointer, into: block.pointer)
      store(into: input, from: start - Self.leadingTaps)
    }
    // sum_j slope_j <cotangent[n], input[n + j]>, in the frequency domain.
    return spectralProduct(correlation.pointer, slopeSpectrum.pointer, binCount: fft.binCount)
  }

  /// Fills the block with the signal from sample `first` on, edges replicated.
  private func load(_ signal: UnsafePointer<Scalar>, from first: Int) {
    let (before, after) = outside(first)
    for n in 0..<before { block.pointer[n] = signal[0] }
    copy(signal + first + before, into: block.pointer + before, count: fft.count - before - after)
    for n in fft.count - after..<fft.count { block.pointer[n] = signal[count - 1] }
  }

  /// The transpose of ``load(_:from:)``, with the transform's factor.
  private func store(into signal: UnsafeMutablePointer<Scalar>, from first: Int) {
    let (before, after) = outside(first)
    let factor = 1 / Double(fft.count)
    for n in 0..<before { signal[0] += Scalar(factor) * block.pointer[n] }
    accumulate(
      block.pointer + before, weight: factor, into: signal + first + before, count: fft.count - before - after)
    for n in fft.count - after..<fft.count { signal[count - 1] += Scalar(factor) * block.pointer[n] }
  }

  /// How much of a block that begins at `first` lies before and after the signal.
  private func outside(_ first: Int) -> (before: Int, after: Int) {
    (max(0, -first), max(0, first + fft.count - count))
  }

  private func design(shiftSamples: Double) {
    taps.clear()
    slopes.clear()
    for j in -Self.leadingTaps...last {
      let distance = Double(j) - shiftSamples
      let (sinc, slope) = Self.sincAndSlope(distance)
      taps[j + Self.leadingTaps] = Scalar(sinc)
      slopes[j + Self.leadingTaps] = Scalar(-slope)
    }
    fft.forward(taps.pointer, into: tapSpectrum.pointer)
    fft.forward(slopes.pointer, into: slopeSpectrum.pointer)
  }

  /// sinc(u) = sin(pi u)/(pi u) and its derivative.
  static func sincAndSlope(_ u: Double) -> (Double, Double) {
    guard abs(u) > 1e-4 else { return (1 - (.pi * u) * (.pi * u) / 6, -.pi * .pi * u / 3) }
    let sinc = sin(.pi * u) / (.pi * u)
    return (sinc, (cos(.pi * u) - sinc) / u)
  }
}
