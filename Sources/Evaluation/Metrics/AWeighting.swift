import Foundation
public import NumericCore

/// A-weighting as a linear-phase FIR filter of 101 taps, the perceptual filter of auraloss 0.4.0.
///
/// The amplitude of the IEC 61672-1 curve, mapped to discrete time by the bilinear transform, is sampled at 512
/// frequencies; each pair of neighbours is one band of a least-squares design.
public struct AWeighting: Sendable {
  /// Impulse response, symmetric about its centre.
  public let taps: [Double]

  /// - Throws: `LinearAlgebraError` if the design has no solution, which no positive sample rate brings about.
  public init(sampleRate: Double) throws {
    let count = 512
    // In units of the Nyquist frequency, which itself is left out: the bilinear transform sends it to infinity.
    let frequencies = (0..<count).map { Double($0) / Double(count) }
    let amplitudes = frequencies.map { frequency in
      Self.analogAmplitude(angularFrequency: 2 * sampleRate * tan(0.5 * Double.pi * frequency))
    }
    let bands = stride(from: 0, to: count, by: 2).map { index in
      LeastSquaresFIR.Band(
        frequencies: (frequencies[index], frequencies[index + 1]),
        amplitudes: (amplitudes[index], amplitudes[index + 1]))
    }
    taps = try LeastSquaresFIR(half: 50, bands: bands).taps
  }

  /// |H(i omega)| of the analogue filter: double poles at 20.6 Hz and 12194 Hz, poles at 107.7 Hz and 737.9 Hz,
  /// four zeros at 0, and 1.9997 dB to make it unity at 1 kHz.
  static func analogAmplitude(angularFrequency: Double) -> Double {
    let square = angularFrequency * angularFrequency
    func corner(_ hertz: Double) -> Double { (2 * Double.pi * hertz) * (2 * Double.pi * hertz) }
    let numerator = corner(12194.217) * pow(10, 1.9997 / 20) * square * square
    let low = square + corner(20.598997)
    let middle = ((square + corner(107.65265)) * (square + corner(737.86223))).squareRoot()
    return numerator / (low * middle * (square + corner(12194.217)))
  }

  /// Filters each row, centred (no delay) and with zeros beyond both ends.
  ///
  /// The filter is symmetric, so this is also its own pullback.
  public func apply(_ signal: Matrix) -> Matrix {
    var result = Matrix(rows: signal.rows, columns: signal.columns)
    let count = signal.columns
    signal.values.withUnsafeBufferPointer { input in
      result.values.withUnsafeMutableBufferPointer { output in
        for row in 0..<signal.rows where count > 0 {
          apply(
            UnsafeBufferPointer(rebasing: input[row * count..<(row + 1) * count]), range: 0..<count,
            into: output.baseAddress! + row * count)
        }
      }
    }
    return result
  }

  /// The filtered samples of a range of one row.
  func apply(
    _ row: UnsafeBufferPointer<Double>, range: Range<Int>, into output: UnsafeMutablePointer<Double>
  ) {
    let half = taps.count / 2
    // Where the taps reach beyond the row, they pass over a copy that has zeros there.
    let whole = range.clamped(to: min(half, row.count)..<max(row.count - half, min(half, row.count)))
    let inner = whole.isEmpty ? range.upperBound..<range.upperBound : whole
    if let samples = row.baseAddress, !inner.isEmpty {
      SignalComparison.filter(
        samples + inner.lowerBound - half, count: inner.count, taps: taps,
        into: output + inner.lowerBound - range.lowerBound)
    }
    for end in [range.lowerBound..<inner.lowerBound, inner.upperBound..<range.upperBound] where !end.isEmpty {
      let padded = (end.lowerBound - half..<end.upperBound + half).map { row.indices.contains($0) ? row[$0] : 0 }
      SignalComparison.filter(
        padded, count: end.count, taps: taps, into: output + end.lowerBound - range.lowerBound)
    }
  }
}
