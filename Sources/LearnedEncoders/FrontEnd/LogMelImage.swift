import Foundation
package import NumericCore

/// The log-mel image of a signal, [frames][bands], scaled to -1 ... 1, with its pullback.
///
/// Frames of `windowLength` samples every `hop`, of the signal reflected at both ends by half a window (the edge
/// sample is not repeated), under a periodic Hann window; power |X|^2; mel bands M; L = 10 log10(max(M, 1e-10)) in
/// dB; then 2 (clamp(L, -80, 40) + 80)/120 - 1. What is clamped has no gradient.
///
/// Unchecked sendable: one caller at a time.
package final class LogMelImage<Scalar: SignalScalar>: @unchecked Sendable {
  /// Samples of the signal.
  package let sampleCount: Int
  /// Rows of the image: 1 + sampleCount/hop.
  package let frameCount: Int
  /// Columns.
  package var bandCount: Int { bands.bandCount }

  private static var leastPower: Double { 1e-10 }
  private static var decibels: ClosedRange<Double> { -80...40 }

  private let windowLength: Int
  private let hop: Int
  private let bands: BandMatrix<Scalar>
  private let transform: RealFFT<Scalar>
  private let window: SignalBuffer<Scalar>
  private let padded: SignalBuffer<Scalar>
  private let frame: SignalBuffer<Scalar>
  private let power: SignalBuffer<Scalar>
  /// Scalars from one kept spectrum to the next: whole cache lines.
  private let stride: Int
  private let spectra: SignalBuffer<Scalar>
  private let spectrum: SignalBuffer<Scalar>
  private let sums: SignalBuffer<Scalar>
  private let sumCotangents: SignalBuffer<Scalar>

  /// - Parameters:
  ///   - sampleCount: samples of the signal, more than half a window.
  ///   - windowLength: samples of a frame.
  ///   - hop: samples from one frame to the next.
  ///   - bands: sums the bins of a frame.
  package init(sampleCount: Int, windowLength: Int, hop: Int, bands: BandMatrix<Scalar>) {
    precondition(sampleCount > windowLength / 2, "\(sampleCount) samples cannot be reflected by half a window")
    self.sampleCount = sampleCount
    self.windowLength = windowLength
    self.hop = hop
    self.bands = bands
    frameCount = 1 + sampleCount / hop
    transform = RealFFT(count: windowLength)
    window = SignalBuffer(
      (0..<windowLength).map { Scalar(0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(windowLength))) })
    padded = SignalBuffer(count: sampleCount + windowLength)
    frame = SignalBuffer(count: windowLength)
    power = SignalBuffer(count: transform.binCount)
    stride = (2 * transform.binCount + 15) / 16 * 16
    spectra = SignalBuffer(count: stride * frameCount)
    spectrum = SignalBuffer(count: stride)
    sums = SignalBuffer(count: frameCount * bands.bandCount)
    sumCotangents = SignalBuffer(count: bands.bandCount)
  }

  /// The signal, filled by the caller before ``forward(into:)``; after ``pullback(_:)`` its cotangent.
  package var signal: UnsafeMutablePointer<Scalar> { padded.pointer + windowLength / 2 }

  /// Computes the image of ``signal``, and keeps the spectra.
  package func forward(into image: UnsafeMutablePointer<Float>) {
    let (margin, signal) = (windowLength / 2, signal)
    for n in 1...margin {
      signal[-n] = signal[n]
      signal[sampleCount - 1 + n] = signal[sampleCount - 1 - n]
    }
    let (window, windowed, power) = (window.pointer, frame.pointer, power.pointer)
    for index in 0..<frameCount {
      let samples = padded.pointer + index * hop
      for n in 0..<windowLength { windowed[n] = window[n] * samples[n] }
      let bins = spectra.pointer + index * stride
      transform.forward(windowed, into: bins)
      for bin in 0..<bands.binCount {
        power[bin] = bins[2 * bin] * bins[2 * bin] + bins[2 * bin + 1] * bins[2 * bin + 1]
      }
      let sums = sums.pointer + index * bandCount
      bands.forward(power, into: sums)
      for band in 0..<bandCount { image[index * bandCount + band] = Float(Self.scaled(Double(sums[band]))) }
    }
  }

  /// Turns ``signal`` into the cotangent that that of the image gives.
  package func pullback(_ image: UnsafePointer<Float>) {
    padded.clear()
    let (window, samples, power) = (window.pointer, frame.pointer, power.pointer)
    for index in 0..<frameCount {
      let sums = sums.pointer + index * bandCount
      for band in 0..<bandCount {
        sumCotangents[band] = Scalar(Double(image[index * bandCount + band]) * Self.slope(Double(sums[band])))
      }
      bands.pullback(sumCotangents.pointer, into: power)
      // Half the cotangent of the spectrum, 2 X P-bar, as HalfSpectrum has it.
      let (bins, halved) = (spectra.pointer + index * stride, spectrum.pointer)
      for bin in 0..<bands.binCount {
        halved[2 * bin] = power[bin] * bins[2 * bin]
        halved[2 * bin + 1] = power[bin] * bins[2 * bin + 1]
      }
      HalfSpectrum(halved, binCount: bands.binCount).doubleEdges()
      transform.inverseDestroying(halved, into: samples)
      let target = padded.pointer + index * hop
      for n in 0..<windowLength { target[n] += window[n] * samples[n] }
    }
    let (margin, signal) = (windowLength / 2, signal)
    for n in 1...margin {
      signal[n] += signal[-n]
      signal[sampleCount - 1 - n] += signal[sampleCount - 1 + n]
    }
  }

  /// Bytes of the workspace.
  package var bytes: Int {
    MemoryLayout<Scalar>.stride
      * (window.count + padded.count + frame.count + power.count + spectra.count + sums.count)
  }

  /// Band powers of the latest image, [frames][bands].
  package var bandPowers: [Scalar] { sums.array }

  private static func scaled(_ power: Double) -> Double {
    // Written so that NaN passes through and is seen by the caller; max and min would hide it.
    let level = 10 * log10(power < leastPower ? leastPower : power)
    let clamped =
      level < decibels.lowerBound ? decibels.lowerBound : level > decibels.upperBound ? decibels.upperBound : level
    let width = decibels.upperBound - decibels.lowerBound
    return 2 * (clamped - decibels.lowerBound) / width - 1
  }

  private static func slope(_ power: Double) -> Double {
    guard power > leastPower else { return 0 }
    let level = 10 * log10(power)
    guard decibels.contains(level) else { return 0 }
    return 2 / (decibels.upperBound - decibels.lowerBound) * 10 / log(10) / power
  }
}
