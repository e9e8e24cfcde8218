import CKernels
import NumericCore

/// The C kernels of one precision, as functions of pointers to its samples. Sources/CKernels/include says what each
/// does.
///
/// Generic code takes those of its precision from `Scalar.kernels`; nothing else in this module asks which
/// precision it has. Sums and parameters are Double in both.
final class Kernels<Scalar: SignalScalar>: Sendable {
  typealias Samples = UnsafePointer<Scalar>
  typealias Room = UnsafeMutablePointer<Scalar>
  /// C arrays of pointers to samples.
  typealias SampleTable = UnsafePointer<Samples?>
  typealias RoomTable = UnsafePointer<Room?>

  /// Whether the rounding of the precision hides what the aliasing of a response on a shorter grid changes.
  let hidesTimeAliasing: Bool
  let arithmetic: Arithmetic
  let spectra: Spectra
  let filters: Filters
  let sends: Sends
  let network: Network

  init(
    hidesTimeAliasing: Bool, arithmetic: Arithmetic, spectra: Spectra, filters: Filters, sends: Sends,
    network: Network
  ) {
    self.hidesTimeAliasing = hidesTimeAliasing
    (self.arithmetic, self.spectra, self.filters) = (arithmetic, spectra, filters)
    (self.sends, self.network) = (sends, network)
  }

  /// Arithmetic on samples; the last argument is their number.
  struct Arithmetic: Sendable {
    let scale: @Sendable (Samples, Scalar, Room, Int) -> Void
    let addScaled: @Sendable (Samples, Scalar, Room, Int) -> Void
    let dot: @Sendable (Samples, Samples, Int) -> Double
  }

  /// Products of interleaved complex spectra; the last argument is the number of bins.
  struct Spectra: Sendable {
    let multiply: @Sendable (Samples, Samples, Room, Int) -> Void
    let multiplyAdd: @Sendable (Samples, Samples, Room, Int) -> Void
    let multiplyConjugate: @Sendable (Samples, Samples, Room, Int) -> Void
    let multiplyConjugateAdd: @Sendable (Samples, Samples, Room, Int) -> Void
  }

  /// Recursions along a signal.
  struct Filters: Sendable {
    let cascade: @Sendable (UnsafePointer<cascade>, Samples, Room, Room, Int) -> Void
    let cascadePullback:
      @Sendable (UnsafePointer<cascade>, Samples, Samples, Room, UnsafeMutablePointer<cascade>, Int) -> Void
    let dynamics:
      @Sendable (
        UnsafePointer<dynamics_setting>, UnsafeMutablePointer<dynamics_state>, Samples, Room, Room, Room, Int
      ) -> Void
    let dynamicsPullback:
      @Sendable (
        UnsafePointer<dynamics_setting>, Samples, Samples, Samples, Samples, Samples, Room,
        UnsafeMutablePointer<dynamics_setting>, Int
      ) -> Void
  }

  /// Sends at chunks of bins.
  struct Sends: Sendable {
    let splitChunk: @Sendable (Samples, Room, Int) -> Void
    let mergeChunk: @Sendable (Samples, Room, Int) -> Void
    let response: @Sendable (Int, RoomTable, SampleTable, RoomTable, Int) -> Void
    let pullback: @Sendable (Int, RoomTable, SampleTable, SampleTable, RoomTable, Int) -> Void
    let echoes: @Sendable (Samples, Scalar, Int32, Room, Room, Int) -> Void
    let echoesPullback: @Sendable (Samples, Scalar, Int32, Room, Samples, Int) -> Double
  }

  /// Feedback delay networks at a range of bins.
  struct Network: Sendable {
    let response: @Sendable (NetworkArrays<Scalar>, RoomTable, Range<Int>) -> Void
    let pullback:
      @Sendable (NetworkArrays<Scalar>, SampleTable, Scalar, UnsafeMutablePointer<fdn_gradient>, Range<Int>) -> Void
  }
}

/// What the kernels read of a feedback delay network; see `fdn_kernel.h` for the layouts.
struct NetworkArrays<Scalar: SignalScalar> {
  let lines: Int
  let points: Int
  let twiddles: UnsafePointer<Scalar>
  let interval: UnsafePointer<Int32>
  let fraction: UnsafePointer<Scalar>
  let exponents: UnsafePointer<Scalar>
  let mixing: UnsafePointer<Scalar>
  let inputGains: UnsafePointer<Scalar>
  let outputGains: UnsafePointer<Scalar>
  let attenuations: UnsafePointer<Scalar>
}

extension SignalScalar {
  /// The kernels of this precision.
  @inline(__always)
  static var kernels: Kernels<Self> {
    // SignalScalar has these two conformers; a third would need kernels of its own.
    self == Float.self
      ? unsafeDowncast(singleKernels, to: Kernels<Self>.self)
      : unsafeDowncast(doubleKernels, to: Kernels<Self>.self)
  }
}
