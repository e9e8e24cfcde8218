import Foundation

/// Discrete Fourier transform of a real signal of fixed length, planned once (FFTW 3).
///
/// forward: X[k] = sum_n x[n] exp(-2 pi i k n / count), k = 0 ... count/2, as interleaved (re, im) pairs.
/// inverse: the unnormalised inverse, count times the signal; fold 1/count into a factor you apply anyway.
/// Executing is thread safe; the arrays must come from ``SignalBuffer`` (FFTW relies on its alignment).
public final class RealFFT<Scalar: SignalScalar>: Sendable {
  /// Number of real samples.
  public let count: Int
  /// Number of complex bins, count/2 + 1.
  public var binCount: Int { count / 2 + 1 }
  private let plans: RealPlans<Scalar>

  /// Plans the transforms of `count` real samples, by rule: a length always gets the same plan.
  ///
  /// - Precondition: `count` is positive.
  public init(count: Int) {
    precondition(count > 0, "A transform needs at least one sample, not \(count)")
    self.count = count
    plans = plannerLock.withLock { Scalar.makeRealPlans(count: count) }
  }

  deinit {
    let plans = plans
    plannerLock.withLock { plans.destroy() }
  }

  /// Transforms `count` samples into `binCount` interleaved complex bins. The signal is left as it is.
  @inline(__always)
  public func forward(_ signal: UnsafePointer<Scalar>, into spectrum: UnsafeMutablePointer<Scalar>) {
    plans.forward(signal, spectrum)
  }

  /// Transforms `binCount` interleaved complex bins into `count` samples, scaled by `count`. Destroys the spectrum.
  @inline(__always)
  public func inverseDestroying(_ spectrum: UnsafeMutablePointer<Scalar>, into signal: UnsafeMutablePointer<Scalar>)
  {
    plans.inverse(spectrum, signal)
  }
}

/// FFTW's planner is not thread safe.
private let plannerLock = NSLock()
