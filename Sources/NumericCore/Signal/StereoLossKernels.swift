import CNumericKernels

/// Inner loops of the distances between two stereo signals with their gradients, in the precision of `Scalar`.
/// Sources/CNumericKernels/include/stereo_loss_kernel.h says what each does.
package final class StereoLossKernels<Scalar: SignalScalar>: Sendable {
  package typealias Samples = UnsafePointer<Scalar>
  package typealias Room = UnsafeMutablePointer<Scalar>
  package typealias Numbers = UnsafePointer<Double>

  /// The input, the number of outputs, taps and their number, the output.
  package let filter: @Sendable (Samples, Int, Samples, Int, Room) -> Void
  package let window: @Sendable (Samples, Samples, Room, Int) -> Void
  package let windowAdd: @Sendable (Samples, Samples, Room, Int) -> Void
  package let spectralLoss:
    @Sendable (Samples, Samples, Samples, Samples, Int, Scalar, UnsafeMutablePointer<Double>) -> Void
  package let spectralGradient: @Sendable (Room, Room, Samples, Samples, Int, Scalar, Numbers, Numbers) -> Void
  package let rangeAverages: @Sendable (UnsafePointer<Samples?>, Int, Double, Numbers, Room) -> Void
  package let rangeGradient:
    @Sendable (
      Samples, UnsafePointer<Samples?>, Int, Int, Double, Numbers, Double, UnsafePointer<Room?>
    ) -> Double

  fileprivate init(
    filter: @escaping @Sendable (Samples, Int, Samples, Int, Room) -> Void,
    window: @escaping @Sendable (Samples, Samples, Room, Int) -> Void,
    windowAdd: @escaping @Sendable (Samples, Samples, Room, Int) -> Void,
    spectralLoss:
      @escaping @Sendable (Samples, Samples, Samples, Samples, Int, Scalar, UnsafeMutablePointer<Double>) -> Void,
    spectralGradient:
      @escaping @Sendable (Room, Room, Samples, Samples, Int, Scalar, Numbers, Numbers) -> Void,
    rangeAverages: @escaping @Sendable (UnsafePointer<Samples?>, Int, Double, Numbers, Room) -> Void,
    rangeGradient:
      @escaping @Sendable (
        Samples, UnsafePointer<Samples?>, Int, Int, Double, Numbers, Double, UnsafePointer<Room?>
      ) -> Double
  ) {
    (self.filter, self.window, self.windowAdd) = (filter, window, windowAdd)
    (self.spectralLoss, self.spectralGradient) = (spectralLoss, spectralGradient)
    (self.rangeAverages, self.rangeGradient) = (rangeAverages, rangeGradient)
  }
}

private let singleKernels = StereoLossKernels<Float>(
  filter: f32_fir, window: f32_window, windowAdd: f32_window_add, spectralLoss: f32_spectral_loss,
  spectralGradient: f32_spectral_loss_gradient, rangeAverages: f32_range_averages,
  rangeGradient: f32_range_gradient)

private let doubleKernels = StereoLossKernels<Double>(
  filter: f64_fir, window: f64_window, windowAdd: f64_window_add, spectralLoss: f64_spectral_loss,
  spectralGradient: f64_spectral_loss_gradient, rangeAverages: f64_range_averages,
  rangeGradient: f64_range_gradient)

extension SignalScalar {
  /// The kernels of this precision.
  @inline(__always)
  package static var stereoLossKernels: StereoLossKernels<Self> {
    // SignalScalar has these two conformers; a third would need kernels of its own.
    self == Float.self
      ? unsafeDowncast(singleKernels, to: StereoLossKernels<Self>.self)
      : unsafeDowncast(doubleKernels, to: StereoLossKernels<Self>.self)
  }
}
