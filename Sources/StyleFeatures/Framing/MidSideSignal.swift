import NumericCore

/// The mid and side signals of a segment times a gain, m = g (L + R)/sqrt 2 and s = g (L - R)/sqrt 2, and their
/// cotangents.
///
/// They are kept in the precision of the analysis, `Scalar`; the samples of the segment may have another.
/// The map is a reflection times g, its own transpose: the pullback is the same formula.
struct MidSideSignal<Scalar: SignalScalar> {
  let count: Int
  private let scale: Scalar
  /// Mid, then side.
  let signals: [SignalBuffer<Scalar>]
  /// Cotangents of ``signals``, to be accumulated into between ``clearCotangents()`` and ``pullback(left:right:)``.
  let cotangents: [SignalBuffer<Scalar>]

  init(count: Int, gain: Double) {
    self.count = count
    scale = Scalar(gain * 0.5.squareRoot())
    signals = [SignalBuffer(count: count), SignalBuffer(count: count)]
    cotangents = [SignalBuffer(count: count), SignalBuffer(count: count)]
  }

  /// Mid and side in buffers of at least `count` samples, which hold either the signals or the cotangents.
  init(count: Int, gain: Double, buffers: [SignalBuffer<Scalar>]) {
    self.count = count
    scale = Scalar(gain * 0.5.squareRoot())
    (signals, cotangents) = (buffers, buffers)
  }

  func load<Sample: SignalScalar>(left: UnsafePointer<Sample>, right: UnsafePointer<Sample>) {
    rotate(left, right, into: signals[0].pointer, signals[1].pointer)
  }

  func clearCotangents() {
    for cotangent in cotangents { cotangent.pointer.update(repeating: 0, count: count) }
  }

  func pullback<Sample: SignalScalar>(left: UnsafeMutablePointer<Sample>, right: UnsafeMutablePointer<Sample>) {
    rotate(cotangents[0].pointer, cotangents[1].pointer, into: left, right)
  }

  private func rotate<Source: SignalScalar, Target: SignalScalar>(
    _ first: UnsafePointer<Source>, _ second: UnsafePointer<Source>,
    into sum: UnsafeMutablePointer<Target>, _ difference: UnsafeMutablePointer<Target>
  ) {
    for index in 0..<count {
      let a = Scalar(first[index])
      let b = Scalar(second[index])
      sum[index] = Target(scale * (a + b))
      difference[index] = Target(scale * (a - b))
    }
  }
}
