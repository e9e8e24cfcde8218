import Foundation
import NumericCore

/// Sums over all frames and bins of two magnitude spectrograms P and Q of one channel.
struct SpectralSums {
  /// Of (P - Q)^2.
  var squaredDifference = 0.0
  /// Of Q^2.
  var squaredTarget = 0.0
  /// Of |log P - log Q|.
  var logDifference = 0.0
  /// How many there are.
  var count = 0

  /// Spectral convergence + mean |log P - log Q|, over channels that count as one spectrogram; the energy of the
  /// target is held at or above a minimum.
  static func distance(_ channels: [SpectralSums], minimumSquaredTarget: Double = 0) -> Double {
    func total(_ value: (SpectralSums) -> Double) -> Double { channels.reduce(0) { $0 + value($1) } }
    let convergence =
      (total(\.squaredDifference) / max(total(\.squaredTarget), minimumSquaredTarget)).squareRoot()
    return convergence + total(\.logDifference) / total { Double($0.count) }
  }
}

/// The spectrograms of two stereo signals at one resolution, as in ``SpectralDistance``: of both channels, of their
/// sum and of their difference.
struct SpectralComparison: Sendable {
  let size: Int
  private let window: [Double]
  private let transform: RealFFT<Double>
  private let powerFloor = 1e-8

  private var hop: Int { size / 4 }

  /// The fewest samples that can be reflected at both ends.
  var minimumSamples: Int { size / 2 + 1 }

  init(size: Int) {
    self.size = size
    window = (0..<size).map { 0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(size)) }
    transform = RealFFT(count: size)
  }

  /// The sums of a prediction and a target, [2, samples] each.
  func sums(
    prediction: Matrix, target: Matrix
  ) -> (left: SpectralSums, right: SpectralSums, sum: SpectralSums, difference: SpectralSums) {
    let count = prediction.columns
    let frame = SignalBuffer<Double>(count: size)
    let spectra = (0..<4).map { _ in SignalBuffer<Double>(count: 2 * transform.binCount) }
    var totals = [Double](repeating: 0, count: 12)
    prediction.values.withUnsafeBufferPointer { prediction in
      target.values.withUnsafeBufferPointer { target in
        let rows = [prediction, target].flatMap { [$0.baseAddress!, $0.baseAddress! + count] }
        for start in stride(from: -size / 2, through: count - size / 2, by: hop) {
          for (row, spectrum) in zip(rows, spectra) {
            load(row, count, start, into: frame.pointer)
            transform.forward(frame.pointer, into: spectrum.pointer)
          }
          SignalComparison.addSpectra(
            predicted: (UnsafePointer(spectra[0].pointer), UnsafePointer(spectra[1].pointer)),
            wanted: (UnsafePointer(spectra[2].pointer), UnsafePointer(spectra[3].pointer)),
            bins: transform.binCount, floor: powerFloor, to: &totals)
        }
      }
    }
    let binCount = (count / hop + 1) * transform.binCount
    func channel(_ index: Int) -> SpectralSums {
      SpectralSums(
        squaredDifference: totals[3 * index], squaredTarget: totals[3 * index + 1],
        logDifference: 0.5 * totals[3 * index + 2], count: binCount)
    }
    return (channel(0), channel(1), channel(2), channel(3))
  }

  private func load(
    _ row: UnsafePointer<Double>, _ count: Int, _ start: Int, into frame: UnsafeMutablePointer<Double>
  ) {
    window.withUnsafeBufferPointer { window in
      guard start < 0 || start + size > count else {
        for index in 0..<size { frame[index] = window[index] * row[start + index] }
        return
      }
      for index in 0..<size {
        // Mirrored beyond the ends, the end sample itself not repeated.
        let position = abs(start + index)
        frame[index] = window[index] * row[position < count ? position : 2 * (count - 1) - position]
      }
    }
  }
}
