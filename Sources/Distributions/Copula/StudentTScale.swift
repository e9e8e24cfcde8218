import Foundation
package import NumericCore

/// The map y = T_nu^-1(Phi(z)) from normal to Student's t deviates, tabulated: it is evaluated for every coordinate
/// of every log density.
///
/// Between knots a quintic takes value and two derivatives at both ends; at this spacing it is exact to about
/// 1e-12. Beyond ``farthest`` deviates, where the tails hold 1e-89, the map goes on as a line: T_nu^-1(Phi(z))
/// grows like exp(z^2 / 2 nu) and leaves the range of numbers for points that light marginals carry there.
package struct StudentTScale: Sendable {
  package let distribution: StandardStudentT
  private static let spacing = 0.0625
  private static let reach = 8.0
  private static let farthest = 20.0
  /// Value and slope where the line begins.
  private let border: (value: Double, slope: Double)
  /// Coefficients of the quintics, six per interval, in powers of the fraction of the interval.
  private let coefficients: [Double]

  package init(degreesOfFreedom: Double) {
    let distribution = StandardStudentT(degreesOfFreedom: degreesOfFreedom)
    self.distribution = distribution
    guard degreesOfFreedom.isFinite else {
      coefficients = []
      border = (Self.farthest, 1)
      return
    }
    let edge = Self.exact(Self.farthest, distribution)
    border = (edge.value, exp(edge.logSlope))
    let intervals = Int(2 * Self.reach / Self.spacing)
    let knots = (0...intervals).map { index in
      let exact = Self.exact(-Self.reach + Double(index) * Self.spacing, distribution)
      let slope = exp(exact.logSlope) * Self.spacing
      return (exact.value, slope, slope * exact.logSlopeDerivative * Self.spacing)
    }
    var coefficients: [Double] = []
    for (left, right) in zip(knots, knots.dropFirst()) {
      let rise = right.0 - left.0 - left.1 - 0.5 * left.2
      let slopeRise = right.1 - left.1 - left.2
      let bendRise = right.2 - left.2
      coefficients += [
        left.0, left.1, 0.5 * left.2, 10 * rise - 4 * slopeRise + 0.5 * bendRise,
        -15 * rise + 7 * slopeRise - bendRise, 6 * rise - 3 * slopeRise + 0.5 * bendRise,
      ]
    }
    self.coefficients = coefficients
  }

  package func value(ofNormalDeviate z: Double) -> MapValue {
    guard distribution.degreesOfFreedom.isFinite else {
      return MapValue(value: z, logSlope: 0, logSlopeDerivative: 0)
    }
    guard z.magnitude < Self.farthest else {
      let magnitude = border.value + border.slope * (z.magnitude - Self.farthest)
      return MapValue(value: z < 0 ? -magnitude : magnitude, logSlope: log(border.slope), logSlopeDerivative: 0)
    }
    guard z.magnitude < Self.reach else { return Self.exact(z, distribution) }
    let position = (z + Self.reach) / Self.spacing
    let interval = Int(position)
    let t = position - Double(interval)
    return coefficients.withUnsafeBufferPointer { all in
      let c = UnsafeBufferPointer(rebasing: all[6 * interval..<6 * interval + 6])
      let value = c[0] + t * (c[1] + t * (c[2] + t * (c[3] + t * (c[4] + t * c[5]))))
      let slope = c[1] + t * (2 * c[2] + t * (3 * c[3] + t * (4 * c[4] + t * 5 * c[5])))
      let bend = 2 * c[2] + t * (6 * c[3] + t * (12 * c[4] + t * 20 * c[5]))
      return MapValue(
        value: value, logSlope: log(slope / Self.spacing), logSlopeDerivative: bend / (slope * Self.spacing))
    }
  }

  func normalDeviate(ofValue y: Double) -> Double {
    guard distribution.degreesOfFreedom.isFinite, y.magnitude > border.value else {
      return distribution.normalDeviate(ofValue: y)
    }
    let magnitude = Self.farthest + (y.magnitude - border.value) / border.slope
    return y < 0 ? -magnitude : magnitude
  }

  /// dy/dz = phi(z) / t(y), whose logarithm has the derivative -z - (log t)'(y) dy/dz.
  private static func exact(_ z: Double, _ distribution: StandardStudentT) -> MapValue {
    let y = distribution.value(ofNormalDeviate: z)
    guard y.isFinite else { return MapValue(value: y, logSlope: -.infinity, logSlopeDerivative: 0) }
    let logSlope = StandardNormal.logDensity(z) - distribution.logDensity(y)
    return MapValue(value: y, logSlope: logSlope, logSlopeDerivative: -z - distribution.score(y) * exp(logSlope))
  }
}
