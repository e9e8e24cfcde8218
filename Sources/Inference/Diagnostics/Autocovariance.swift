import NumericCore

/// Autocovariances of sequences of one length, by the Fourier transform.
package final class Autocovariance {
  private let count: Int
  private let transform: RealFFT<Double>
  private let signal: SignalBuffer<Double>
  private let spectrum: SignalBuffer<Double>

  package init(count: Int) {
    self.count = count
    // Padding with as many zeros keeps the end of a sequence from its beginning.
    transform = RealFFT(count: FastLengths.length(atLeast: 2 * count))
    signal = SignalBuffer(count: transform.count)
    spectrum = SignalBuffer(count: 2 * transform.binCount)
  }

  /// sum_t (x_t - mean)(x_(t + lag) - mean) / count for each lag below the count.
  package func callAsFunction(_ values: [Double]) -> [Double] {
    precondition(values.count == count, "\(values.count) values in an autocovariance of \(count)")
    let mean = ScalarDraws.mean(values)
    for (index, value) in values.enumerated() { signal[index] = value - mean }
    signal.clear(count..<transform.count)
    transform.forward(signal.pointer, into: spectrum.pointer)
    for bin in 0..<transform.binCount {
      let (real, imaginary) = (spectrum[2 * bin], spectrum[2 * bin + 1])
      spectrum[2 * bin] = real * real + imaginary * imaginary
      spectrum[2 * bin + 1] = 0
    }
    transform.inverseDestroying(spectrum.pointer, into: signal.pointer)
    let scale = 1 / (Double(count) * Double(transform.count))
    return (0..<count).map { signal[$0] * scale }
  }
}
