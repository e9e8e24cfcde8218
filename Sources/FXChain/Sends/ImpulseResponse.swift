import NumericCore

/// The impulse response of a send effect as a function of its parameter values, with its pullback.
///
/// A response has `inputCount` (1 or 2) inputs and two outputs; signal (output, input) lives in
/// `signals[output * inputCount + input]`, of `length` samples, which is at most the effect's own response length.
/// Signals are handed over in buffers of at least `length` samples; the rest of a buffer is left as it is. Made once
/// for a length; neither call allocates anything of that size. A pullback belongs to the latest `compute` and uses up
/// what it left: there is one pullback a `compute`.
protocol ImpulseResponse<Scalar>: AnyObject, Sendable {
  associatedtype Scalar: SignalScalar

  var inputCount: Int { get }
  var length: Int { get }
  var parameterCount: Int { get }

  /// Fills `signals[output * inputCount + input]` (`length` samples each) for constrained parameter values.
  func compute(_ values: UnsafePointer<Double>, into signals: [SignalBuffer<Scalar>], workers: Workers)

  /// Adds to `values` the pullback of cotangents of the signals, which it may overwrite.
  func pullback(
    _ cotangents: [SignalBuffer<Scalar>], into values: UnsafeMutablePointer<Double>, workers: Workers)
}
