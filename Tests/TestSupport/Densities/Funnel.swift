import Foundation
public import Inference

/// Neal's funnel: v ~ N(0, s^2), x_i | v ~ N(0, e^v), normalised; coordinates (v, x_1 .. x_n). Neal has s = 3.
///
/// var x_i = E e^v = e^{s^2 / 2}; the mode is at v = -s^2 n / 2, x = 0.
/// Source: Neal, "Slice sampling", Annals of Statistics 31 (2003), doi 10.1214/aos/1056562461.
public final class Funnel: AnalyticDensity, Sendable {
  public let name = "funnel"
  public let followers: Int
  /// s.
  public let spread: Double

  public init(followers: Int = 9, spread: Double = 3) {
    self.followers = followers
    self.spread = spread
  }

  public var dimension: Int { followers + 1 }
  public var mean: [Double] { [Double](repeating: 0, count: dimension) }
  public var variance: [Double] {
    let square = spread * spread
    return [square] + [Double](repeating: exp(square / 2), count: followers)
  }
  public var mode: [Double] {
    [-spread * spread / 2 * Double(followers)] + [Double](repeating: 0, count: followers)
  }

  public func evaluate(at theta: [Double], gradient: inout [Double]) -> DensityEvaluation {
    let precision = exp(-theta[0])
    var squares = 0.0
    for index in 1..<dimension {
      squares += theta[index] * theta[index]
      gradient[index] = -theta[index] * precision
    }
    let count = Double(followers)
    gradient[0] = -theta[0] / (spread * spread) + (squares * precision - count) / 2
    return DensityEvaluation(
      value: -theta[0] * theta[0] / (2 * spread * spread) - log(spread) - (squares * precision + count * theta[0])
        / 2
        - (count + 1) * log(2 * Double.pi) / 2)
  }
}
