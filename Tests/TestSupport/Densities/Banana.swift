import Foundation
public import Inference

/// The Rosenbrock density, a curved ridge: x ~ N(1, a^2), y | x ~ N(x^2, b^2), normalised.
///
/// E y = 1 + a^2, var y = b^2 + var(x^2) = b^2 + 2 a^4 + 4 a^2. With the defaults it is
/// exp(-(100 (y - x^2)^2 + (1 - x)^2) / 20), the classic function at a temperature of 20.
public final class Banana: AnalyticDensity, Sendable {
  public let name = "banana"
  public let width: Double
  public let thickness: Double

  public init(width: Double = 10.0.squareRoot(), thickness: Double = 0.1.squareRoot()) {
    self.width = width
    self.thickness = thickness
  }

  public let dimension = 2
  public var mean: [Double] { [1, 1 + width * width] }
  public var variance: [Double] {
    let square = width * width
    return [square, thickness * thickness + 2 * square * square + 4 * square]
  }
  public let mode: [Double] = [1, 1]

  public func evaluate(at theta: [Double], gradient: inout [Double]) -> DensityEvaluation {
    let along = (theta[0] - 1) / width
    let across = (theta[1] - theta[0] * theta[0]) / thickness
    gradient[0] = -along / width + 2 * theta[0] * across / thickness
    gradient[1] = -across / thickness
    return DensityEvaluation(
      value: -(along * along + across * across) / 2 - log(width * thickness) - log(2 * Double.pi))
  }
}
