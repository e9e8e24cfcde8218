/// The factors of 1 and 2 in half spectra: what a real signal's transform stores speaks for what it leaves out.
///
/// Of a real signal of even length N a ``RealFFT`` keeps the bins 0 ... N/2. Each *inner* bin stands for its mirror
/// image N - k as well; the *edges*, DC and Nyquist, have none, and their imaginary parts are zero.
///
/// Cotangents of half spectra are X-bar with dL = sum over the kept bins of Re(conj(X-bar) dX).
package struct HalfSpectrum<Scalar: SignalScalar> {
  private let pointer: UnsafeMutablePointer<Scalar>
  private let binCount: Int

  /// - Parameters:
  ///   - pointer: interleaved complex bins.
  ///   - binCount: N/2 + 1 for an even N.
  @inline(__always)
  package init(_ pointer: UnsafeMutablePointer<Scalar>, binCount: Int) {
    self.pointer = pointer
    self.binCount = binCount
  }

  /// Samples of the signals whose transforms have so many bins.
  package static func sampleCount(binCount: Int) -> Int { 2 * (binCount - 1) }

  /// Makes a cotangent fit for the inverse transform, which then gives twice the cotangent of the signal.
  ///
  /// The adjoint of the transform is x-bar[n] = sum over the kept bins of Re(X-bar[k] exp(2 pi i k n / N)). The
  /// inverse transform counts inner bins twice and the edges once; here the edges catch up.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  package func doubleEdges() {
    pointer[0] += pointer[0]
    pointer[2 * binCount - 2] += pointer[2 * binCount - 2]
  }

  /// Makes the transform of a real signal's cotangent the cotangent of that signal's spectrum, where the signal is
  /// the unnormalised inverse transform.
  ///
  /// The inverse transform counts inner bins twice, so that they hear twice as much; it does not read the imaginary
  /// parts of the edges.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  package func doubleInnerBins() {
    let last = 2 * binCount - 2
    for index in 2..<last { pointer[index] += pointer[index] }
    pointer[1] = 0
    pointer[last + 1] = 0
  }

  /// The inner product of two real signals from their half spectra, by Parseval.
  ///
  /// sum over n of x[n] y[n] = (2 sum over inner bins of Re(conj(X[k]) Y[k]) + X[0] Y[0] + X[N/2] Y[N/2]) / N.
  ///
  /// - Parameter sum: sum of products of so many numbers, which is called with those of the inner bins.
  @inline(__always)
  package static func innerProduct(
    _ first: UnsafePointer<Scalar>, _ second: UnsafePointer<Scalar>, binCount: Int,
    sum: (UnsafePointer<Scalar>, UnsafePointer<Scalar>, Int) -> Double
  ) -> Double {
    let last = 2 * binCount - 2
    let edges = Double(first[0]) * Double(second[0]) + Double(first[last]) * Double(second[last])
    return (2 * sum(first + 2, second + 2, last - 2) + edges) / Double(sampleCount(binCount: binCount))
  }
}
