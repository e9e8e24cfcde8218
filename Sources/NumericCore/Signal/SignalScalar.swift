import CFFTW

/// The sample type of signals: Float in production, Double where tests compare pullbacks with central differences.
///
/// Kernels are generic over it and specialised for both conformers.
public protocol SignalScalar: BinaryFloatingPoint, SIMDScalar, Codable, Sendable {
  /// Makes the plans of a real transform; FFTW's planner is not thread safe, so calls are serialised by the caller.
  static func makeRealPlans(count: Int) -> RealPlans<Self>
}

/// FFTW plans by rule, never by timing candidates: the plan of a length, and with it the rounding of every result,
/// is then the same in every run, whatever ran before or runs beside it; and no plan takes seconds. What timing
/// would win is won by the choice of the length instead (``FastLengths``).
private let byRule = UInt32(FFTW_ESTIMATE)

/// A forward and an inverse plan of one length, as closures over FFTW's new-array execution.
public struct RealPlans<Scalar: SignalScalar>: @unchecked Sendable {
  let forward: (UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) -> Void
  let inverse: (UnsafeMutablePointer<Scalar>, UnsafeMutablePointer<Scalar>) -> Void
  let destroy: () -> Void
}

extension Float: SignalScalar {
  public static func makeRealPlans(count: Int) -> RealPlans<Float> {
    let real = fftwf_alloc_real(count)!
    let spectrum = fftwf_alloc_complex(count / 2 + 1)!
    defer {
      fftwf_free(real)
      fftwf_free(spectrum)
    }
    let forward = fftwf_plan_dft_r2c_1d(Int32(count), real, spectrum, byRule)!
    let inverse = fftwf_plan_dft_c2r_1d(Int32(count), spectrum, real, byRule)!
    return RealPlans(
      forward: { source, target in
        target.withMemoryRebound(to: fftwf_complex.self, capacity: count / 2 + 1) {
          fftwf_execute_dft_r2c(forward, UnsafeMutablePointer(mutating: source), $0)
        }
      },
      inverse: { source, target in
        source.withMemoryRebound(to: fftwf_complex.self, capacity: count / 2 + 1) {
          fftwf_execute_dft_c2r(inverse, $0, target)
        }
      },
      destroy: {
        fftwf_destroy_plan(forward)
        fftwf_destroy_plan(inverse)
      })
  }
}

extension Double: SignalScalar {
  public static func makeRealPlans(count: Int) -> RealPlans<Double> {
    let real = fftw_alloc_real(count)!
    let spectrum = fftw_alloc_complex(count / 2 + 1)!
    defer {
      fftw_free(real)
      fftw_free(spectrum)
    }
    let forward = fftw_plan_dft_r2c_1d(Int32(count), real, spectrum, byRule)!
    let inverse = fftw_plan_dft_c2r_1d(Int32(count), spectrum, real, byRule)!
    return RealPlans(
      forward: { source, target in
        target.withMemoryRebound(to: fftw_complex.self, capacity: count / 2 + 1) {
          fftw_execute_dft_r2c(forward, UnsafeMutablePointer(mutating: source), $0)
        }
      },
      inverse: { source, target in
        source.withMemoryRebound(to: fftw_complex.self, capacity: count / 2 + 1) {
          fftw_execute_dft_c2r(inverse, $0, target)
        }
      },
      destroy: {
        fftw_destroy_plan(forward)
        fftw_destroy_plan(inverse)
      })
  }
}
