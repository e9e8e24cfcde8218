import NumericCore

/// A mono-to-mono effect, or several in a row, on one whole signal of fixed length: value, then pullback.
///
/// Made once for a length; calls do not allocate. A pullback belongs to the latest `apply` and uses up what it
/// left: there is one pullback per `apply`.
protocol SeriesStage<Scalar>: AnyObject, Sendable {
  associatedtype Scalar: SignalScalar

  var parameterCount: Int { get }

  /// - Parameter scratch: buffers as long as the signal at least, for this call alone.
  func apply(
    _ values: UnsafePointer<Double>, input: UnsafePointer<Scalar>, output: UnsafeMutablePointer<Scalar>,
    scratch: SegmentScratch<Scalar>)

  /// Replaces the cotangent of the output by that of the input and adds the parameters' to `gradient`.
  func pullback(
    _ values: UnsafePointer<Double>, input: UnsafePointer<Scalar>, output: UnsafePointer<Scalar>,
    cotangent: UnsafeMutablePointer<Scalar>, into gradient: UnsafeMutablePointer<Double>,
    scratch: SegmentScratch<Scalar>)
}
