import Distributions
import Foundation
import NumericCore

/// Fits a `SinhArcsinhMarginal` by maximum likelihood, from the normal with the robust location and width.
struct SinhArcsinhFit {
  /// Keeps skewness and tail weight where the distribution is not degenerate.
  private static let largestSkewness = 5.0
  private static let tailWeights = 0.1...10.0

  /// - Precondition: the values are finite and not all equal.
  func fit(_ values: [Double], weights: [Double]) -> SinhArcsinhMarginal {
    let sample = ColumnSample(values: values, weights: weights)
    let centre = sample.quantile(0.5)
    let robust = sample.robustDeviation
    let deviation = sample.moments.deviation
    let scale = robust > 1e-3 * deviation ? robust : deviation
    let standard = sample.values.map { ($0 - centre) / scale }
    func marginal(_ p: [Double]) -> SinhArcsinhMarginal? {
      guard p[2].magnitude <= Self.largestSkewness, Self.tailWeights.contains(exp(p[3])), p[1].magnitude < 10 else {
        return nil
      }
      return SinhArcsinhMarginal(centre: p[0], scale: exp(p[1]), skewness: p[2], tailWeight: exp(p[3]))
    }
    func loss(_ parameters: [Double]) -> Double {
      guard let marginal = marginal(parameters) else { return .greatestFiniteMagnitude }
      var sum = 0.0
      for (value, weight) in zip(standard, sample.weights) {
        let map = marginal.normalDeviate(of: value)
        sum -= weight * (StandardNormal.logDensity(map.value) + map.logSlope)
      }
      return sum.isFinite ? sum / sample.totalWeight : .greatestFiniteMagnitude
    }
    var best = NelderMead.minimum(of: loss, from: [0, 0, 0, 0], step: 0.3)
    // A second simplex around the first one's answer, against a premature collapse.
    best = NelderMead.minimum(of: loss, from: best, step: 0.1)
    return SinhArcsinhMarginal(
      centre: centre + scale * best[0], scale: scale * exp(best[1]), skewness: best[2], tailWeight: exp(best[3]))
  }
}
