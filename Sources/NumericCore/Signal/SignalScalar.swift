import CFFTW

/// The sample type of signals: Float in production, Double where tests compare pullbacks with central differences.
///
/// Kernels are generic over it and specialised for both conformers.
public protocol SignalScalar: BinaryFloatingPoint, SIMDScalar, Codable, Sendable {
  /// Makes the plans of a real transform; FFTW's planner is not thread safe, so calls are serialised by the caller.
  static func makeRealPlans(count: Int) -> RealPlans<Self>
}

/// Samples in another precision.
///
/// Compiled for both: generic code that converts them itself, for a type known at run time only, takes twenty times
/// as long.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
package func converted<Scalar: SignalScalar>(_ samples: [Float], to _: Scalar.Type) -> [Scalar] {
  samples.map { Scalar($0) }
}

/// FFTW plans by rule, never by timing candidates: the plan of a length, and with it the rounding of every result,
/// is then the same in every run, whatever ran before or runs beside it; and no plan takes seconds. What timing
/// would win is won by the choice of the length instead (``FastLengths``).
private let byRule = UInt32(FFTW_ESTIMATE)

/// A forward and an inverse plan of one length, as closures over FFTW's new-array execution.
///
/// Unchecked sendable: FFTW executes one plan on any number of threads at once; the planner, which makes and
/// destroys plans, is called under a lock.
public struct RealPlans<Scalar: SignalScalar>: @unchecked Sendable {
  let forward: (UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) -> Void
  let inverse: (UnsafeMutablePointer<Scalar>, UnsafeMutablePointer<Scalar>) -> Void
  let destroy: () -> Void
}

extension Float: SignalScalar {
  public static func makeRealPlans(count: Int) -> RealPlans<Float> {
    Transforms(
      allocateReal: fftwf_alloc_real, allocateSpectrum: fftwf_alloc_complex, free: fftwf_free,
      planForward: fftwf_plan_dft_r2c_1d, planInverse: fftwf_plan_dft_c2r_1d, forward: fftwf_execute_dft_r2c,
      inverse: fftwf_execute_dft_c2r, destroy: fftwf_destroy_plan
    ).plans(count: count)
  }
}

extension Double: SignalScalar {
  public static func makeRealPlans(count: Int) -> RealPlans<Double> {
    Transforms(
      allocateReal: fftw_alloc_real, allocateSpectrum: fftw_alloc_complex, free: fftw_free,
      planForward: fftw_plan_dft_r2c_1d, planInverse: fftw_plan_dft_c2r_1d, forward: fftw_execute_dft_r2c,
      inverse: fftw_execute_dft_c2r, destroy: fftw_destroy_plan
    ).plans(count: count)
  }
}

/// FFTW's functions of one precision.
private struct Transforms<Scalar: SignalScalar, Complex> {
  typealias Reals = UnsafeMutablePointer<Scalar>
  typealias Bins = UnsafeMutablePointer<Complex>

  let allocateReal: (Int) -> Reals?
  let allocateSpectrum: (Int) -> Bins?
  let free: (UnsafeMutableRawPointer?) -> Void
  let planForward: (Int32, Reals?, Bins?, UInt32) -> OpaquePointer?
  let planInverse: (Int32, Bins?, Reals?, UInt32) -> OpaquePointer?
  let forward: (OpaquePointer?, Reals?, Bins?) -> Void
  let inverse: (OpaquePointer?, Bins?, Reals?) -> Void
  let destroy: (OpaquePointer?) -> Void

  func plans(count: Int) -> RealPlans<Scalar> {
    let binCount = count / 2 + 1
    // Planning by rule reads no samples, but wants pointers aligned as those of the transforms will be.
    let (real, spectrum) = (allocateReal(count)!, allocateSpectrum(binCount)!)
    defer {
      free(real)
      free(spectrum)
    }
    let there = planForward(Int32(count), real, spectrum, byRule)!
    let back = planInverse(Int32(count), spectrum, real, byRule)!
    return RealPlans(
      forward: { source, target in
        target.withMemoryRebound(to: Complex.self, capacity: binCount) {
          forward(there, UnsafeMutablePointer(mutating: source), $0)
        }
      },
      inverse: { source, target in
        source.withMemoryRebound(to: Complex.self, capacity: binCount) { inverse(back, $0, target) }
      },
      destroy: {
        destroy(there)
        destroy(back)
      })
  }
}
