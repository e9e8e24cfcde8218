import Foundation
import NumericCore

/// Centroid, bandwidth and flatness of the magnitude spectra M[k] of one signal, under a periodic Hann window.
///
/// With w[k] = k/1024, S = max(sum M, floor), a floor of 1e-8 and averages over 1025 bins:
/// c = sum M w / S, log centroid = log(c + floor); v = sum M (w - c)^2 / S, log bandwidth = log(v + floor)/2;
/// P = max(M, floor)^2, log flatness = mean log P - log mean P.
///
/// A silent frame has centroid 0, bandwidth 0 and flatness 1. Where M is exactly 0, and for the flatness where it
/// is not above the floor, the subgradient 0 is taken.
package final class SpectralDescriptors {
  private typealias Lanes = SIMD8<Double>

  /// The figures of a frame that the pullback needs.
  private struct Shape {
    var sum = 0.0
    var centroid = 0.0
    var variance = 0.0
    var meanPower = 0.0
  }

  private let grid: FrameGrid
  private let spectra: ShortTimeSpectra<Double>
  private let frequencies: SignalBuffer<Double>
  private let magnitudes: SignalBuffer<Double>
  private let floored: SignalBuffer<Double>
  private var shapes: [Shape]

  private static var binCount: Int { ShortTimeSpectra<Double>.binCount }

  package init(grid: FrameGrid) {
    self.grid = grid
    spectra = ShortTimeSpectra(grid: grid)
    let last = Double(Self.binCount - 1)
    frequencies = SignalBuffer((0..<Self.binCount).map { Double($0) / last })
    magnitudes = SignalBuffer(count: Self.binCount)
    floored = SignalBuffer(count: Self.binCount)
    shapes = Array(repeating: Shape(), count: grid.count)
  }

  // MARK: - Value

  package func forward(_ signal: UnsafePointer<Double>, into embedding: TemporalEmbedding) {
    for frame in 0..<grid.count {
      spectra.transform(frame: frame, of: signal)
      computeMagnitudes(frame: frame)
      let (shape, meanLogPower) = measure()
      shapes[frame] = shape
      embedding.series(feature: MIR.logCentroid)[frame] = log(shape.centroid + MIR.floor)
      embedding.series(feature: MIR.logBandwidth)[frame] = 0.5 * log(shape.variance + MIR.floor)
      embedding.series(feature: MIR.logFlatness)[frame] = meanLogPower - log(shape.meanPower)
    }
  }

  private func computeMagnitudes(frame: Int) {
    let spectrum = spectra.spectrum(frame: frame)
    let (magnitudes, floored) = (magnitudes.pointer, floored.pointer)
    let floor = MIR.floor
    for bin in 0..<Self.binCount {
      let (re, im) = (spectrum[2 * bin], spectrum[2 * bin + 1])
      magnitudes[bin] = (re * re + im * im).squareRoot()
      floored[bin] = max(magnitudes[bin], floor)
    }
  }

  /// The shape of the spectrum in `magnitudes`, and the mean of log P.
  ///
  /// The 1024 bins below the last one are taken in lanes; sixteen magnitudes are multiplied before one logarithm.
  private func measure() -> (Shape, meanLogPower: Double) {
    let (magnitudes, floored, frequencies) = (magnitudes.pointer, floored.pointer, frequencies.pointer)
    let last = Self.binCount - 1
    var (sum, moment, power) = (Lanes.zero, Lanes.zero, Lanes.zero)
    var logarithm = log(floored[last])
    for start in stride(from: 0, to: last, by: 16 * Lanes.scalarCount) {
      var product = Lanes(repeating: 1)
      for step in 0..<16 {
        let bin = start + step * Lanes.scalarCount
        let magnitude = load(magnitudes, bin)
        let flooredMagnitude = load(floored, bin)
        sum += magnitude
        moment += magnitude * load(frequencies, bin)
        power += flooredMagnitude * flooredMagnitude
        product *= flooredMagnitude
      }
      for lane in product.indices { logarithm += log(product[lane]) }
    }
    let top = magnitudes[last]
    var shape = Shape()
    shape.sum = max(sum.sum() + top, MIR.floor)
    shape.centroid = (moment.sum() + top) / shape.sum
    shape.meanPower = (power.sum() + pow(floored[last], 2)) / Double(Self.binCount)

    let centroid = Lanes(repeating: shape.centroid)
    var spread = Lanes.zero
    for start in stride(from: 0, to: last, by: Lanes.scalarCount) {
      let distance = load(frequencies, start) - centroid
      spread += load(magnitudes, start) * distance * distance
    }
    shape.variance = (spread.sum() + top * pow(1 - shape.centroid, 2)) / shape.sum
    return (shape, 2 * logarithm / Double(Self.binCount))
  }

  @inline(__always)
  private func load(_ pointer: UnsafeMutablePointer<Double>, _ index: Int) -> Lanes {
    UnsafeRawPointer(pointer + index).loadUnaligned(as: Lanes.self)
  }

  // MARK: - Pullback

  /// Adds to `target` what the embedding's cotangents say about the signal of the latest ``forward(_:into:)``.
  package func pullback(_ embedding: TemporalEmbedding, into target: UnsafeMutablePointer<Double>) {
    for frame in 0..<grid.count {
      computeMagnitudes(frame: frame)
      pullbackMagnitudes(
        frame: frame, logCentroid: embedding.cotangent(feature: MIR.logCentroid)[frame],
        logBandwidth: embedding.cotangent(feature: MIR.logBandwidth)[frame],
        logFlatness: embedding.cotangent(feature: MIR.logFlatness)[frame])
      spectra.accumulate(frame: frame, into: target)
    }
  }

  /// Writes half the cotangent of the spectrum, (dL/dM) X/(2 M).
  ///
  /// With dL/dc and dL/dv of centroid and variance: dL/dM = (dL/dc (w - c) + dL/dv ((w - c)^2 - v))/S
  /// + (2/n)(dL/df)(1/M - M/mean P), n = 1025. Where S is floored its own slope is missing: dL/dc w + dL/dv (w -
  /// c)^2, and the variance depends on the centroid, dv/dc = -2 c (1 - sum M/S).
  private func pullbackMagnitudes(frame: Int, logCentroid: Double, logBandwidth: Double, logFlatness: Double) {
    let shape = shapes[frame]
    let variance = 0.5 * logBandwidth / (shape.variance + MIR.floor)
    var centroid = logCentroid / (shape.centroid + MIR.floor)
    var constant = -variance * shape.variance
    if shape.sum <= MIR.floor {
      var sum = 0.0
      for bin in 0..<Self.binCount { sum += magnitudes.pointer[bin] }
      centroid -= 2 * variance * shape.centroid * (1 - sum / shape.sum)
      constant = centroid * shape.centroid
    }
    let number = Double(Self.binCount)
    let linear = centroid / shape.sum
    let quadratic = variance / shape.sum
    let offset = constant / shape.sum
    let inverse = 2 * logFlatness / number
    let proportional = 2 * logFlatness / (number * shape.meanPower)
    let (center, floor) = (shape.centroid, MIR.floor)
    let (magnitudes, frequencies) = (magnitudes.pointer, frequencies.pointer)
    let (spectrum, result) = (spectra.spectrum(frame: frame), spectra.cotangent.pointer)
    for bin in 0..<Self.binCount {
      let magnitude = magnitudes[bin]
      let reciprocal = magnitude > 0 ? 1 / magnitude : 0
      let distance = frequencies[bin] - center
      let flatness = magnitude > floor ? inverse * reciprocal - proportional * magnitude : 0
      let half = 0.5 * (offset + distance * (linear + quadratic * distance) + flatness)
      result[2 * bin] = half * (spectrum[2 * bin] * reciprocal)
      result[2 * bin + 1] = half * (spectrum[2 * bin + 1] * reciprocal)
    }
  }
}
