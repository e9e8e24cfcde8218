import NumericCore
import TestSupport
import Testing

/// The weights of half spectra against the identities that define adjoints, in both precisions.
struct HalfSpectrumTests {
  static let lengths = [2, 4, 6, 30, 64, 210]

  private func random<Scalar: SignalScalar>(_ count: Int, seed: UInt64) -> SignalBuffer<Scalar> {
    var source = RandomSource(seed: seed)
    return SignalBuffer((0..<count).map { _ in Scalar(source.nextNormal()) })
  }

  private func dot<Scalar: SignalScalar>(_ a: SignalBuffer<Scalar>, _ b: SignalBuffer<Scalar>) -> Double {
    (0..<a.count).reduce(0) { $0 + Double(a[$1]) * Double(b[$1]) }
  }

  private func transform<Scalar: SignalScalar>(
    _ fft: RealFFT<Scalar>, _ signal: SignalBuffer<Scalar>
  ) -> SignalBuffer<Scalar> {
    let spectrum = SignalBuffer<Scalar>(count: 2 * fft.binCount)
    fft.forward(signal.pointer, into: spectrum.pointer)
    return spectrum
  }

  private func inverse<Scalar: SignalScalar>(
    _ fft: RealFFT<Scalar>, _ spectrum: SignalBuffer<Scalar>
  ) -> SignalBuffer<Scalar> {
    let (copy, signal) = (SignalBuffer(spectrum.array), SignalBuffer<Scalar>(count: fft.count))
    fft.inverseDestroying(copy.pointer, into: signal.pointer)
    return signal
  }

  /// Both sides of <F x, X-bar> = <x, F* X-bar>.
  private func forwardAdjoint<Scalar: SignalScalar>(_ count: Int, _: Scalar.Type) -> (Double, Double) {
    let fft = RealFFT<Scalar>(count: count)
    let x: SignalBuffer<Scalar> = random(count, seed: 1)
    let cotangent: SignalBuffer<Scalar> = random(2 * fft.binCount, seed: 2)
    let left = dot(transform(fft, x), cotangent)
    HalfSpectrum(cotangent.pointer, binCount: fft.binCount).doubleEdges()
    return (left, 0.5 * dot(x, inverse(fft, cotangent)))
  }

  /// Both sides of <F^-1 X, x-bar> = <X, (F^-1)* x-bar>.
  private func inverseAdjoint<Scalar: SignalScalar>(_ count: Int, _: Scalar.Type) -> (Double, Double) {
    let fft = RealFFT<Scalar>(count: count)
    let spectrum: SignalBuffer<Scalar> = random(2 * fft.binCount, seed: 3)
    let cotangent: SignalBuffer<Scalar> = random(count, seed: 4)
    let left = dot(inverse(fft, spectrum), cotangent)
    let pulled = transform(fft, cotangent)
    HalfSpectrum(pulled.pointer, binCount: fft.binCount).doubleInnerBins()
    return (left, dot(spectrum, pulled))
  }

  /// Both sides of <x, y> = <F x, F y> by the bins that are kept.
  private func parseval<Scalar: SignalScalar>(_ count: Int, _: Scalar.Type) -> (Double, Double) {
    let fft = RealFFT<Scalar>(count: count)
    let (x, y): (SignalBuffer<Scalar>, SignalBuffer<Scalar>) = (random(count, seed: 5), random(count, seed: 6))
    let (first, second) = (transform(fft, x), transform(fft, y))
    let product = HalfSpectrum.innerProduct(
      first.pointer, second.pointer, binCount: fft.binCount
    ) { first, second, count in (0..<count).reduce(0) { $0 + Double(first[$1]) * Double(second[$1]) } }
    return withExtendedLifetime((first, second)) { (dot(x, y), product) }
  }

  // Rounding of sums of at most a few hundred numbers of size 1 to 20.
  @Test(arguments: lengths) func doubledEdgesMakeTheAdjointOfTheTransform(_ count: Int) {
    let (double, single) = (forwardAdjoint(count, Double.self), forwardAdjoint(count, Float.self))
    #expect(abs(double.0 - double.1) < 1e-11)
    #expect(abs(single.0 - single.1) < 1e-2)
  }

  @Test(arguments: lengths) func doubledInnerBinsMakeTheAdjointOfTheInverse(_ count: Int) {
    let (double, single) = (inverseAdjoint(count, Double.self), inverseAdjoint(count, Float.self))
    #expect(abs(double.0 - double.1) < 1e-11)
    #expect(abs(single.0 - single.1) < 1e-2)
  }

  @Test(arguments: lengths) func innerProductsAreThoseOfTheSignals(_ count: Int) {
    let (double, single) = (parseval(count, Double.self), parseval(count, Float.self))
    #expect(abs(double.0 - double.1) < 1e-11)
    #expect(abs(single.0 - single.1) < 1e-3)
    #expect(HalfSpectrum<Double>.sampleCount(binCount: count / 2 + 1) == count)
  }
}
