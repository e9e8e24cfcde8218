import Foundation
import NumericCore

/// A linear-phase FIR filter of odd length that fits a wanted amplitude in the least-squares sense.
///
/// With A(f) = sum_k g_k cos(pi k f), f in units of the Nyquist frequency, it minimises the integral over the bands
/// of (A - D)^2; D is linear in each band and nothing is asked between bands. The normal equations are
/// sum_j (I(k - j) + I(k + j)) g_j / 2 = J(k), where I(n) is the integral of cos(pi n f) and J(k) that of
/// D(f) cos(pi k f) (Parks and Burrus, "Digital filter design", 1987).
struct LeastSquaresFIR {
  /// An interval of frequencies and the wanted amplitude at both ends.
  struct Band {
    let frequencies: (lower: Double, upper: Double)
    let amplitudes: (lower: Double, upper: Double)
  }

  /// Impulse response, symmetric, `2 half + 1` taps.
  let taps: [Double]

  /// - Throws: `LinearAlgebraError` if the bands leave the filter undetermined.
  init(half: Int, bands: [Band]) throws {
    let cosineIntegrals = (0...2 * half).map { order in
      bands.reduce(0) { sum, band in
        sum + Self.integral(slope: 0, intercept: 1, order, at: band.frequencies.upper)
          - Self.integral(slope: 0, intercept: 1, order, at: band.frequencies.lower)
      }
    }
    let wanted = (0...half).map { order in
      bands.reduce(0) { sum, band in
        let (lower, upper) = band.frequencies
        let slope = (band.amplitudes.upper - band.amplitudes.lower) / (upper - lower)
        let intercept = band.amplitudes.lower - slope * lower
        return sum + Self.integral(slope: slope, intercept: intercept, order, at: upper)
          - Self.integral(slope: slope, intercept: intercept, order, at: lower)
      }
    }
    var normal = Matrix(rows: half + 1, columns: half + 1)
    for row in 0...half {
      for column in 0...half {
        normal[row, column] = 0.5 * (cosineIntegrals[abs(row - column)] + cosineIntegrals[row + column])
      }
    }
    let cosines = try Cholesky(normal).solve(wanted)
    taps = (-half...half).map { $0 == 0 ? cosines[0] : 0.5 * cosines[abs($0)] }
  }

  /// The antiderivative of (slope f + intercept) cos(pi order f).
  private static func integral(slope: Double, intercept: Double, _ order: Int, at frequency: Double) -> Double {
    guard order > 0 else { return frequency * (0.5 * slope * frequency + intercept) }
    let rate = Double.pi * Double(order)
    return (slope * frequency + intercept) * sin(rate * frequency) / rate + slope * cos(rate * frequency)
      / (rate * rate)
  }
}
