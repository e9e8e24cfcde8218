import Foundation
public import Inference

/// Two Gaussians of unit variance at -a and a along the first coordinate, with weights 1/3 and 2/3, normalised; the
/// other coordinates are standard normal.
public final class TwoModes: AnalyticDensity, Sendable {
  public let name = "two modes"
  public let separation: Double
  public let dimension: Int
  static let upperWeight = 2.0 / 3

  public init(separation: Double = 2.5, dimension: Int = 2) {
    precondition(dimension > 0)
    self.separation = separation
    self.dimension = dimension
  }

  public var mean: [Double] {
    [separation * (2 * Self.upperWeight - 1)] + [Double](repeating: 0, count: dimension - 1)
  }
  public var variance: [Double] {
    [1 + separation * separation - mean[0] * mean[0]] + [Double](repeating: 1, count: dimension - 1)
  }
  /// That of the heavier Gaussian, at which the other one's pull is felt in the last digits only.
  public var mode: [Double] { [separation] + [Double](repeating: 0, count: dimension - 1) }

  public func evaluate(at theta: [Double], gradient: inout [Double]) -> DensityEvaluation {
    let (below, above) = (theta[0] + separation, theta[0] - separation)
    let lower = log(1 - Self.upperWeight) - below * below / 2
    let upper = log(Self.upperWeight) - above * above / 2
    let larger = max(lower, upper)
    let sum = larger + log1p(exp(min(lower, upper) - larger))
    let share = exp(upper - sum)
    gradient[0] = -(1 - share) * below - share * above
    var value = sum
    for index in 1..<dimension {
      value -= theta[index] * theta[index] / 2
      gradient[index] = -theta[index]
    }
    return DensityEvaluation(value: value - Double(dimension) / 2 * log(2 * Double.pi))
  }
}
