public import Distributions
public import Inference
public import NumericCore

/// A density over more coordinates than are free: evaluated as it stands, with its slopes along the pinned
/// coordinates, and drawn from given the values of those.
public final class PinnedTarget: LogDensity, SampledDensity, Sendable {
  public let name = "pinned Gaussian"
  public let joint: MultivariateNormal
  /// The conditional, over all coordinates.
  public let conditional: PinnedDistribution

  public init(_ joint: MultivariateNormal, pinned positions: [Int], at values: [Double]) throws {
    self.joint = joint
    conditional = PinnedDistribution(
      positions: positions, values: values, free: try joint.conditional(given: positions, values: values))
  }

  public var dimension: Int { joint.dimension }
  public var mean: [Double] { conditional.mean }
  public var mode: [Double] { conditional.mean }
  public var variance: [Double] {
    var result = [Double](repeating: 0, count: dimension)
    guard let free = conditional.free as? MultivariateNormal else { return result }
    for (index, position) in conditional.freePositions.enumerated() {
      result[position] = free.covariance[index, index]
    }
    return result
  }

  public func evaluate(at theta: [Double], gradient: inout [Double]) -> DensityEvaluation {
    DensityEvaluation(value: joint.logDensity(at: theta, score: &gradient))
  }

  public func sample(using source: inout RandomSource) -> [Double] { conditional.sample(using: &source) }
}
