import Foundation
import NumericCore
import TestSupport
import Testing

/// Transforms against the definition, for even, odd and prime lengths in both precisions.
struct RealFFTTests {
  static let lengths = [1, 2, 3, 4, 5, 7, 8, 12, 31, 64, 97, 210]

  private func signal(_ count: Int) -> [Double] {
    var source = RandomSource(seed: UInt64(count))
    // Halves of whole numbers: exact in Float.
    return (0..<count).map { _ in (Double.random(in: -100...100, using: &source)).rounded() / 2 }
  }

  /// X[k] = sum_n x[n] exp(-2 pi i k n / count), interleaved.
  private func definition(_ x: [Double]) -> [Double] {
    (0...(x.count / 2)).flatMap { k -> [Double] in
      let angles = x.indices.map { -2 * .pi * Double(($0 * k) % x.count) / Double(x.count) }
      return [
        zip(x, angles).reduce(0) { $0 + $1.0 * cos($1.1) }, zip(x, angles).reduce(0) { $0 + $1.0 * sin($1.1) },
      ]
    }
  }

  private func transform<Scalar: SignalScalar>(
    _ x: [Double], as _: Scalar.Type
  ) -> (spectrum: [Double], signalAfter: [Double], back: [Double]) {
    let fft = RealFFT<Scalar>(count: x.count)
    let signal = SignalBuffer(x.map { Scalar($0) })
    let spectrum = SignalBuffer<Scalar>(count: 2 * fft.binCount)
    fft.forward(signal.pointer, into: spectrum.pointer)
    let found = spectrum.array.map { Double($0) }
    let back = SignalBuffer<Scalar>(count: x.count)
    fft.inverseDestroying(spectrum.pointer, into: back.pointer)
    return (found, signal.array.map { Double($0) }, back.array.map { Double($0) / Double(x.count) })
  }

  @Test(arguments: lengths) func forwardIsTheDefinition(_ count: Int) {
    let x = signal(count)
    #expect(relativeNormError(transform(x, as: Double.self).spectrum, definition(x)) < 1e-13)
    #expect(relativeNormError(transform(x, as: Float.self).spectrum, definition(x)) < 1e-6)
  }

  @Test(arguments: lengths) func inverseUndoesForward(_ count: Int) {
    let x = signal(count)
    let (_, signalAfter, back) = transform(x, as: Double.self)
    #expect(signalAfter == x, "the forward transform changed its input")
    #expect(relativeNormError(back, x) < 1e-14)
    #expect(relativeNormError(transform(x, as: Float.self).back, x) < 1e-6)
  }

  /// Plans are made by rule: two of one length give the same bits.
  @Test func plansAreTheSameEveryTime() {
    let x = signal(1470)
    let spectra = (0..<2).map { _ in transform(x, as: Float.self).spectrum }
    #expect(spectra[0] == spectra[1])
  }
}
