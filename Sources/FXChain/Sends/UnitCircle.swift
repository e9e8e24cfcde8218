import CKernels
import FXParams
import Foundation
import NumericCore

/// Equaliser bands at the bins of a real transform: products of biquads on the unit circle.
struct UnitCircle<Scalar: SignalScalar>: @unchecked Sendable {
  /// 2 sin^2(w/2) and sin w; bins past the last one repeat it, up to whole chunks.
  private let versine: SignalBuffer<Scalar>
  private let sine: SignalBuffer<Scalar>

  init(binCount: Int) {
    let padded = (binCount + chunkBins - 1) / chunkBins * chunkBins
    versine = SignalBuffer(count: padded)
    sine = SignalBuffer(count: padded)
    for bin in 0..<padded {
      let omega = .pi * Double(min(bin, binCount - 1)) / Double(max(binCount - 1, 1))
      versine[bin] = Scalar(2 * sin(omega / 2) * sin(omega / 2))
      sine[bin] = Scalar(bin >= binCount - 1 ? 0 : sin(omega))
    }
  }

  /// The product of `count` bands at the chunk of bins that begins at `first`.
  func respond(
    _ bands: UnsafePointer<tone_band>, count: Int, first: Int, into chunk: UnsafeMutablePointer<Scalar>
  ) {
    if Scalar.self == Float.self {
      f32_tone_response(bands, count, single(versine.pointer + first), single(sine.pointer + first), single(chunk))
    } else {
      f64_tone_response(bands, count, double(versine.pointer + first), double(sine.pointer + first), double(chunk))
    }
  }

  /// Adds to `gradient` what a cotangent of the product says about each band.
  func pull(
    _ bands: UnsafePointer<tone_band>, count: Int, first: Int, cotangent: UnsafePointer<Scalar>,
    partial: UnsafeMutablePointer<Scalar>, into gradient: UnsafeMutablePointer<tone_band>
  ) {
    let (versine, sine) = (versine.pointer + first, sine.pointer + first)
    if Scalar.self == Float.self {
      f32_tone_pullback(bands, count, single(versine), single(sine), single(cotangent), single(partial), gradient)
    } else {
      f64_tone_pullback(bands, count, double(versine), double(sine), double(cotangent), double(partial), gradient)
    }
  }
}

extension tone_band {
  init(_ c: BiquadCoefficients) {
    self.init(
      numerator: (c.b0 + c.b1 + c.b2, c.b0 + c.b2, c.b0 - c.b2),
      denominator: (1 + c.a1 + c.a2, 1 + c.a2, 1 - c.a2))
  }
}

extension BiquadCoefficients {
  /// The cotangent of the coefficients, given those of the kernel's sum, outer and skew.
  init(cotangent c: tone_band) {
    let (n, d) = (c.numerator, c.denominator)
    self.init(b0: n.0 + n.1 + n.2, b1: n.0, b2: n.0 + n.1 - n.2, a1: d.0, a2: d.0 + d.1 - d.2)
  }

  static func += (a: inout Self, b: Self) {
    a = Self(b0: a.b0 + b.b0, b1: a.b1 + b.b1, b2: a.b2 + b.b2, a1: a.a1 + b.a1, a2: a.a2 + b.a2)
  }

  /// The larger modulus of the two poles.
  var poleRadius: Double {
    let discriminant = a1 * a1 / 4 - a2
    return discriminant < 0 ? a2.squareRoot() : abs(a1) / 2 + discriminant.squareRoot()
  }
}
