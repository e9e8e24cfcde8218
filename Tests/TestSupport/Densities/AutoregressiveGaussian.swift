import Foundation
public import Inference

/// A correlated Gaussian of any dimension, normalised: correlation(i, j) = rho^|i - j|.
///
/// Standardised, it is the chain z_0 ~ N(0, 1), z_i | z_{i-1} ~ N(rho z_{i-1}, 1 - rho^2), so that no matrix is
/// needed.
public final class AutoregressiveGaussian: AnalyticDensity, Sendable {
  public let name = "autoregressive Gaussian"
  public let mean: [Double]
  public let deviation: [Double]
  public let correlation: Double

  public init(mean: [Double], deviation: [Double], correlation: Double) {
    precondition(mean.count == deviation.count && abs(correlation) < 1)
    self.mean = mean
    self.deviation = deviation
    self.correlation = correlation
  }

  public var dimension: Int { mean.count }
  public var variance: [Double] { deviation.map { $0 * $0 } }
  public var mode: [Double] { mean }

  /// The covariance of two coordinates.
  public func covariance(_ first: Int, _ second: Int) -> Double {
    deviation[first] * deviation[second] * pow(correlation, Double(abs(first - second)))
  }

  public func evaluate(at theta: [Double], gradient: inout [Double]) -> DensityEvaluation {
    let innovation = 1 - correlation * correlation
    var value = 0.0
    var previous = 0.0
    for index in theta.indices {
      let score = (theta[index] - mean[index]) / deviation[index]
      let conditional = index == 0 ? 1 : innovation
      let residual = index == 0 ? score : score - correlation * previous
      value -=
        residual * residual / (2 * conditional) + log(2 * Double.pi * conditional) / 2 + log(deviation[index])
      gradient[index] = -residual / conditional / deviation[index]
      if index > 0 { gradient[index - 1] += correlation * residual / conditional / deviation[index - 1] }
      previous = score
    }
    return DensityEvaluation(value: value)
  }
}
