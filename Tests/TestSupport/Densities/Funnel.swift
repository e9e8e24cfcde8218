import Foundation
public import Inference

/// Neal's funnel: v ~ N(0, 3^2), x_i | v ~ N(0, e^v), normalised; coordinates (v, x_1 .. x_n).
///
/// var x_i = E e^v = e^{9/2}; the mode is at v = -9 n / 2, x = 0.
/// Source: Neal, "Slice sampling", Annals of Statistics 31 (2003), doi 10.1214/aos/1056562461.
public final class Funnel: AnalyticDensity, Sendable {
  public let name = "funnel"
  public let followers: Int

  public init(followers: Int = 9) { self.followers = followers }

  public var dimension: Int { followers + 1 }
  public var mean: [Double] { [Double](repeating: 0, count: dimension) }
  public var variance: [Double] { [9] + [Double](repeating: exp(4.5), count: followers) }
  public var mode: [Double] { [-4.5 * Double(followers)] + [Double](repeating: 0, count: followers) }

  public func evaluate(at theta: [Double], gradient: inout [Double]) -> DensityEvaluation {
    let precision = exp(-theta[0])
    var squares = 0.0
    for index in 1..<dimension {
      squares += theta[index] * theta[index]
      gradient[index] = -theta[index] * precision
    }
    let count = Double(followers)
    gradient[0] = -theta[0] / 9 + (squares * precision - count) / 2
    return DensityEvaluation(
      value: -theta[0] * theta[0] / 18 - log(3) - (squares * precision + count * theta[0]) / 2
        - (count + 1) * log(2 * Double.pi) / 2)
  }
}
