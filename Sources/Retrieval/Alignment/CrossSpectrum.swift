import NumericCore

/// Transforms of recordings, zero-padded to one length, and products of theirs.
struct CrossSpectrum {
  let fft: RealFFT<Float>
  /// The padded samples; then what an inverse transform gives.
  let signal: SignalBuffer<Float>

  /// - Parameter minimum: samples that fit without wrapping.
  init(atLeast minimum: Int) {
    fft = RealFFT(count: FastLengths.length(atLeast: minimum))
    signal = SignalBuffer(count: fft.count)
  }

  /// Room for a transform, all zeros.
  func makeSpectrum() -> SignalBuffer<Float> { SignalBuffer(count: 2 * fft.binCount) }

  func transform(_ samples: [Float], into spectrum: SignalBuffer<Float>) {
    signal.clear()
    signal.pointer.update(from: samples, count: samples.count)
    fft.forward(signal.pointer, into: spectrum.pointer)
  }

  /// target = conj(dry) wet, or that added to it; `target` may be `wet`.
  func multiply(
    _ dry: SignalBuffer<Float>, _ wet: SignalBuffer<Float>, into target: SignalBuffer<Float>, adding: Bool
  ) {
    let (d, w, t) = (dry.pointer, wet.pointer, target.pointer)
    for bin in 0..<fft.binCount {
      let (a, b, x, y) = (d[2 * bin], d[2 * bin + 1], w[2 * bin], w[2 * bin + 1])
      t[2 * bin] = (adding ? t[2 * bin] : 0) + (a * x + b * y)
      t[2 * bin + 1] = (adding ? t[2 * bin + 1] : 0) + (a * y - b * x)
    }
  }
}
