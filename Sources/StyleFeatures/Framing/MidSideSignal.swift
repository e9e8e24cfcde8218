import NumericCore

/// The mid and side signals of a segment, m = (L + R)/sqrt 2 and s = (L - R)/sqrt 2, and their cotangents.
///
/// The map is a reflection, its own inverse and its own transpose: the pullback is the same formula.
struct MidSideSignal<Scalar: SignalScalar> {
  let count: Int
  /// Mid, then side.
  let signals: [SignalBuffer<Scalar>]
  /// Cotangents of ``signals``, to be accumulated into between ``clearCotangents()`` and ``pullback(left:right:)``.
  let cotangents: [SignalBuffer<Scalar>]

  init(count: Int) {
    self.count = count
    signals = [SignalBuffer(count: count), SignalBuffer(count: count)]
    cotangents = [SignalBuffer(count: count), SignalBuffer(count: count)]
  }

  func load(left: UnsafePointer<Scalar>, right: UnsafePointer<Scalar>) {
    rotate(left, right, into: signals[0].pointer, signals[1].pointer)
  }

  func clearCotangents() {
    for cotangent in cotangents { cotangent.pointer.update(repeating: 0, count: count) }
  }

  func pullback(left: UnsafeMutablePointer<Scalar>, right: UnsafeMutablePointer<Scalar>) {
    rotate(cotangents[0].pointer, cotangents[1].pointer, into: left, right)
  }

  private func rotate(
    _ first: UnsafePointer<Scalar>, _ second: UnsafePointer<Scalar>,
    into sum: UnsafeMutablePointer<Scalar>, _ difference: UnsafeMutablePointer<Scalar>
  ) {
    let scale = Scalar(0.5).squareRoot()
    for index in 0..<count {
      let a = first[index]
      let b = second[index]
      sum[index] = scale * (a + b)
      difference[index] = scale * (a - b)
    }
  }
}
