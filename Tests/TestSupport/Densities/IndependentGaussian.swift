import Foundation
public import Inference

/// A Gaussian of independent coordinates, normalised.
public final class IndependentGaussian: AnalyticDensity, Sendable {
  public let name = "independent Gaussian"
  public let mean: [Double]
  public let deviation: [Double]

  public init(mean: [Double], deviation: [Double]) {
    precondition(mean.count == deviation.count)
    self.mean = mean
    self.deviation = deviation
  }

  public var dimension: Int { mean.count }
  public var variance: [Double] { deviation.map { $0 * $0 } }
  public var mode: [Double] { mean }

  public func evaluate(at theta: [Double], gradient: inout [Double]) -> DensityEvaluation {
    var value = 0.0
    for index in theta.indices {
      let score = (theta[index] - mean[index]) / deviation[index]
      value -= score * score / 2 + log(deviation[index]) + log(2 * Double.pi) / 2
      gradient[index] = -score / deviation[index]
    }
    return DensityEvaluation(value: value)
  }
}
