import Foundation
import NumericCore

/// A smooth echo in place of the exact one, for the gradient alone (straight-through).
///
/// The gradient of an echo with respect to its delay is that of ripples, of use within a sample. The surrogate is
/// the inverse transform s of E_k = exp(logDamping k - 2 pi i k delay / n), k = 0 ... n/2: an impulse blurred the
/// more the further the log damping is below 0, at which it is the exact echo of whole samples. Its gradient leads
/// to a delay many samples away. Source: Hayes, Saitis and Fazekas, "Sinusoidal frequency estimation by gradient
/// descent", arXiv 2210.14476, as the DiffVox presets were found with it (arXiv 2504.14735).
enum EchoSurrogate {
  /// Bins between those where the phase is computed anew.
  private static let restart = 256
  /// Where exp(logDamping k) is nothing beside the others.
  private static let smallest = -40.0

  /// <cotangent, ds/d delay> and <cotangent, ds/d logDamping>, from the transform of a cotangent in time.
  ///
  /// - Parameters:
  ///   - spectrum: `binCount` interleaved complex numbers, of a real signal of even length n.
  ///   - delay: in samples.
  ///   - logDamping: at most 0.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  static func slopes<Scalar: SignalScalar>(
    _ spectrum: UnsafePointer<Scalar>, binCount: Int, delay: Double, logDamping: Double
  ) -> (delay: Double, logDamping: Double) {
    let count = Double(HalfSpectrum<Scalar>.sampleCount(binCount: binCount))
    let turn = -2 * Double.pi / count
    let decay = exp(logDamping)
    let (stepReal, stepImaginary) = (decay * cos(turn * delay), decay * sin(turn * delay))
    var (delaySum, dampingSum) = (0.0, 0.0)
    var (real, imaginary) = (1.0, 0.0)
    for bin in 0..<binCount {
      let index = Double(bin)
      if logDamping * index < smallest { break }
      if bin.isMultiple(of: restart) {
        // Modulo a turn, which keeps the digits of a long delay's phase.
        let angle = 2 * Double.pi * -(index * delay / count).remainder(dividingBy: 1)
        let level = exp(logDamping * index)
        (real, imaginary) = (level * cos(angle), level * sin(angle))
      }
      let (a, b) = (Double(spectrum[2 * bin]), Double(spectrum[2 * bin + 1]))
      // Inner bins stand for their mirror images too.
      let weight = index * (bin == binCount - 1 ? 1 : 2)
      dampingSum += weight * (a * real + b * imaginary)
      // i E = (-imaginary, real); the inverse transform does not read the edge's imaginary part, nor has C one.
      delaySum += weight * (b * real - a * imaginary)
      (real, imaginary) = (
        real * stepReal - imaginary * stepImaginary, real * stepImaginary + imaginary * stepReal
      )
    }
    return (turn * delaySum / count, dampingSum / count)
  }
}
