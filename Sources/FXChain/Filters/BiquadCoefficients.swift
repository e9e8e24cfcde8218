import FXParams
import Foundation

/// Coefficients of H(z) = (b0 + b1 z^-1 + b2 z^-2) / (1 + a1 z^-1 + a2 z^-2), by the RBJ Audio EQ Cookbook.
struct BiquadCoefficients: Hashable {
  var b0 = 1.0
  var b1 = 0.0
  var b2 = 0.0
  var a1 = 0.0
  var a2 = 0.0
}

extension BiquadCoefficients {
  static func += (a: inout Self, b: Self) {
    a = Self(b0: a.b0 + b.b0, b1: a.b1 + b.b1, b2: a.b2 + b.b2, a1: a.a1 + b.a1, a2: a.a2 + b.a2)
  }

  /// |H|^2 at an angular frequency in radians per sample.
  func power(at omega: Double) -> Double {
    /// |c0 + c1 z^-1 + c2 z^-2|^2, floored where a zero or a pole lies on the unit circle.
    func power(_ c0: Double, _ c1: Double, _ c2: Double) -> Double {
      let real = c0 + c1 * cos(omega) + c2 * cos(2 * omega)
      let imaginary = c1 * sin(omega) + c2 * sin(2 * omega)
      return max(real * real + imaginary * imaginary, 1e-30)
    }
    return power(b0, b1, b2) / power(1, a1, a2)
  }
}

/// A band's coefficients with their Jacobian with respect to (gain dB, frequency Hz, Q).
struct BandDesign {
  var coefficients = BiquadCoefficients()
  /// Rows b0, b1, b2, a1, a2; columns gain, frequency, Q.
  private var jacobian = (
    SIMD4<Double>.zero, SIMD4<Double>.zero, SIMD4<Double>.zero, SIMD4<Double>.zero, SIMD4<Double>.zero
  )

  init() {}

  /// - Parameters:
  ///   - slots: where the band's values stand among `values`, which are constrained.
  init(
    _ response: BiquadBand.Response, _ slots: BiquadBand.Slots, values: UnsafePointer<Double>, sampleRate: Double
  ) {
    let gain = DualNumber(input: slots.gain.map { values[$0] } ?? 0, index: 0)
    let frequency = DualNumber(input: slots.frequency.value { values[$0] }, index: 1)
    let q = DualNumber(input: slots.q.value { values[$0] }, index: 2)

    let omega = frequency * DualNumber(2 * .pi / sampleRate)
    let cosine = omega.cosine()
    let alpha = omega.sine() / (2.0 * q)
    let amplitude = (gain * DualNumber(log(10) / 40)).exponential()  // A = 10^(gain/40)
    let (b, a) = Self.cookbook(response, cosine: cosine, alpha: alpha, amplitude: amplitude)
    let normalised = (b.0 / a.0, b.1 / a.0, b.2 / a.0, a.1 / a.0, a.2 / a.0)
    coefficients = BiquadCoefficients(
      b0: normalised.0.value, b1: normalised.1.value, b2: normalised.2.value, a1: normalised.3.value,
      a2: normalised.4.value)
    jacobian = (
      normalised.0.partials, normalised.1.partials, normalised.2.partials, normalised.3.partials,
      normalised.4.partials
    )
  }

  /// Adds the pullback of a coefficient cotangent to the cotangents of the values, those that are not fixed.
  /// Derived in docs/derivations.md, section 2.3.
  func pullback(
    _ cotangent: BiquadCoefficients, _ slots: BiquadBand.Slots, into values: UnsafeMutablePointer<Double>
  ) {
    let total =
      jacobian.0 * cotangent.b0 + jacobian.1 * cotangent.b1 + jacobian.2 * cotangent.b2
      + jacobian.3 * cotangent.a1 + jacobian.4 * cotangent.a2
    if let gain = slots.gain { values[gain] += total[0] }
    if let frequency = slots.frequency.slot { values[frequency] += total[1] }
    if let q = slots.q.slot { values[q] += total[2] }
  }

  private typealias Triple = (DualNumber, DualNumber, DualNumber)

  private static func cookbook(
    _ response: BiquadBand.Response, cosine: DualNumber, alpha: DualNumber, amplitude: DualNumber
  ) -> (b: Triple, a: Triple) {
    switch response {
    case .peak:
      return (
        (1.0 + alpha * amplitude, -2.0 * cosine, 1.0 - alpha * amplitude),
        (1.0 + alpha / amplitude, -2.0 * cosine, 1.0 - alpha / amplitude)
      )
    case .lowPass:
      let half = (1.0 - cosine) * 0.5
      return ((half, 1.0 - cosine, half), (1.0 + alpha, -2.0 * cosine, 1.0 - alpha))
    case .highPass:
      let half = (1.0 + cosine) * 0.5
      return ((half, -(1.0 + cosine), half), (1.0 + alpha, -2.0 * cosine, 1.0 - alpha))
    case .lowShelf, .highShelf:
      // The high shelf is the low shelf with the frequency axis turned round: cos -> -cos, and b1, a1 change sign.
      let isLow = response == .lowShelf
      let axis = isLow ? cosine : -cosine
      let sign: DualNumber = isLow ? 1.0 : -1.0
      let plus = amplitude + 1.0
      let minus = amplitude - 1.0
      let slope = 2.0 * amplitude.squareRoot() * alpha
      return (
        (
          amplitude * (plus - minus * axis + slope), sign * 2.0 * amplitude * (minus - plus * axis),
          amplitude * (plus - minus * axis - slope)
        ),
        (plus + minus * axis + slope, sign * -2.0 * (minus + plus * axis), plus + minus * axis - slope)
      )
    }
  }
}
