import Foundation
import NumericCore

/// The Shapiro-Wilk test of normality.
///
/// W = (sum a_i x_(i))^2 / sum (x_i - mean)^2 with the weights of Royston's approximation. Small W speaks against
/// normality.
///
/// Royston, "Remark AS R94: a remark on algorithm AS 181", Applied Statistics 44 (1995), doi:10.2307/2986146.
public struct ShapiroWilk: Sendable, Hashable {
  /// W, in (0, 1]; near 1 for normal samples.
  public let statistic: Double
  /// The probability of a W as small from a normal sample.
  public let pValue: Double

  /// The approximation was fitted to these sizes of samples; above 5000 the p-value is an extrapolation.
  public static let sizes = 3...5000

  /// - Throws: ``StatisticsError`` for fewer than 3 values, values that are not finite, or values that are all
  ///   equal.
  public init(_ values: [Double]) throws(StatisticsError) {
    try requireSample(values, "The Shapiro-Wilk test", atLeast: 3)
    let sorted = values.sorted()
    let range = sorted[sorted.count - 1] - sorted[0]
    guard range > 0 else {
      throw StatisticsError("All values are \(sorted[0]): a constant has no shape to test, so leave it out.")
    }
    // Scaled, so that extreme values cannot overflow the sum of squares.
    let middle = sorted[sorted.count / 2]
    let scaled = sorted.map { ($0 - middle) / range }
    let weights = Self.weights(count: values.count)
    let mean = scaled.reduce(0, +) / Double(values.count)
    let squares = scaled.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let projection = zip(weights, scaled).reduce(0) { $0 + $1.0 * $1.1 }
    statistic = min(1, projection * projection / squares)
    pValue = Self.pValue(statistic, count: values.count)
  }

  /// Weights of the order statistics, ascending; antisymmetric and of unit norm.
  private static func weights(count: Int) -> [Double] {
    if count == 3 { return [-0.5.squareRoot(), 0, 0.5.squareRoot()] }
    let size = Double(count)
    // Blom's approximation of the expected normal order statistics.
    let scores = (1...count).map { StandardNormal.quantile((Double($0) - 0.375) / (size + 0.25)) }
    let squares = scores.reduce(0) { $0 + $1 * $1 }
    let root = squares.squareRoot()
    let inverse = 1 / size.squareRoot()
    let last =
      polynomial([0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056], inverse) + scores[count - 1] / root
    var weights = scores
    let corrected: Int
    let scale: Double
    if count > 5 {
      let secondLast =
        polynomial([0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633], inverse) + scores[count - 2] / root
      corrected = 2
      scale =
        ((squares - 2 * scores[count - 1] * scores[count - 1] - 2 * scores[count - 2] * scores[count - 2])
        / (1 - 2 * last * last - 2 * secondLast * secondLast)).squareRoot()
      weights[count - 2] = secondLast
      weights[1] = -secondLast
    } else {
      corrected = 1
      scale = ((squares - 2 * scores[count - 1] * scores[count - 1]) / (1 - 2 * last * last)).squareRoot()
    }
    weights[count - 1] = last
    weights[0] = -last
    for index in corrected..<count - corrected { weights[index] = scores[index] / scale }
    return weights
  }

  private static func pValue(_ statistic: Double, count: Int) -> Double {
    if count == 3 {
      // Exact: 6/pi (asin sqrt W - asin sqrt 3/4).
      return max(0, min(1, 6 / Double.pi * (asin(statistic.squareRoot()) - asin(0.75.squareRoot()))))
    }
    let size = Double(count)
    var score = log(1 - statistic)
    if count <= 11 {
      let limit = -2.273 + 0.459 * size
      guard score < limit else { return Double.leastNonzeroMagnitude }
      score = -log(limit - score)
      let mean = polynomial([0.544, -0.39978, 0.025054, -6.714e-4], size)
      let deviation = exp(polynomial([1.3822, -0.77857, 0.062767, -0.0020322], size))
      return TailProbability.normal((score - mean) / deviation)
    }
    let x = log(size)
    let mean = polynomial([-1.5861, -0.31082, -0.083751, 0.0038915], x)
    let deviation = exp(polynomial([-0.4803, -0.082676, 0.0030302], x))
    return TailProbability.normal((score - mean) / deviation)
  }
}

/// coefficients[0] + coefficients[1] x + ...
private func polynomial(_ coefficients: [Double], _ x: Double) -> Double {
  coefficients.reversed().reduce(0) { $0 * x + $1 }
}
