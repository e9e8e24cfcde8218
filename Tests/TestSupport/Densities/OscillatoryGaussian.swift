import Foundation
public import Inference
public import NumericCore

/// A multivariate normal with ripples along one coordinate: log density N(theta) + a cos(k (theta_i - mean_i)), up
/// to a constant. The ripples have the slope a k, the trend that of the normal.
public final class OscillatoryGaussian: SampledDensity, Sendable {
  public let name = "oscillatory"
  public let smooth: GaussianTarget
  public let position: Int
  public let amplitude: Double
  public let frequency: Double

  /// - Precondition: there is such a position; ripples are much narrower than the normal, whose moments they keep
  ///   then.
  public init(_ smooth: GaussianTarget, position: Int, amplitude: Double, frequency: Double) {
    precondition(smooth.variance[position].squareRoot() * frequency > 6, "Ripples as wide as the normal")
    self.smooth = smooth
    self.position = position
    self.amplitude = amplitude
    self.frequency = frequency
  }

  public var dimension: Int { smooth.dimension }
  public var mean: [Double] { smooth.mean }
  public var variance: [Double] { smooth.variance }
  public var mode: [Double] { smooth.mean }
  public var oscillatoryPositions: [Int] { [position] }

  public func evaluate(at theta: [Double], gradient: inout [Double]) -> DensityEvaluation {
    let trend = smooth.evaluate(at: theta, gradient: &gradient)
    let phase = frequency * (theta[position] - mean[position])
    gradient[position] -= amplitude * frequency * sin(phase)
    return DensityEvaluation(value: trend.value + amplitude * cos(phase))
  }

  /// By rejection.
  public func sample(using source: inout RandomSource) -> [Double] {
    while true {
      let draw = smooth.sample(using: &source)
      let phase = frequency * (draw[position] - mean[position])
      if source.nextUniform() < exp(amplitude * (cos(phase) - 1)) { return draw }
    }
  }

  /// Four correlated parameters.
  public static func ofFour(amplitude: Double, frequency: Double) throws -> OscillatoryGaussian {
    let covariance = Matrix(
      rows: 4, columns: 4,
      values: [2, 0.8, 0.3, 0, 0.8, 1, 0.2, 0.1, 0.3, 0.2, 0.5, 0, 0, 0.1, 0, 1.5])
    let normal = try MultivariateNormal(mean: [1, -1, 0.5, 2], covariance: covariance)
    return OscillatoryGaussian(
      GaussianTarget(normal, name: "four"), position: 1, amplitude: amplitude, frequency: frequency)
  }
}
