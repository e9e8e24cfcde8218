import Foundation

/// How much the posterior of one number changes when the prior, or the likelihood, is raised to a power near 1.
///
/// The draws are weighed by component^(power - 1), with Pareto smoothing, for two powers about 1, and the weighted
/// and plain distributions compared by the cumulative Jensen-Shannon distance; the sensitivity is its slope in log2
/// of the power. Kallioinen, Paananen, Buerkner and Vehtari, "Detecting and diagnosing prior and likelihood
/// sensitivity with power-scaling", Statistics and Computing 34 (2024), doi:10.1007/s11222-023-10366-5.
public struct PowerScaling: Sendable, Hashable {
  /// A sensitivity above it is worth a look.
  public static let threshold = 0.05

  private static let powers = (lower: 0.99, upper: 1.01)
  private let lower: [Double]
  private let upper: [Double]
  /// The larger k-hat of the two weighings: where it is above its threshold, the sensitivities say little.
  public let shape: Double

  /// - Parameter component: the log density of the prior, or of the likelihood, at each draw of each chain.
  /// - Throws: ``PosteriorError`` for a density that is not finite, or one that is the same at all draws, which has
  ///   no influence to scale.
  public init(component: ScalarDraws) throws {
    guard !component.isConstant else {
      throw PosteriorError("The log density to scale is the same at all draws: it has no influence to measure.")
    }
    let values = component.pooled
    let efficiency = component.tailESS.map { $0 / Double(component.count) } ?? 1
    func smoothed(_ power: Double) throws -> ParetoSmoothing {
      try ParetoSmoothing(logRatios: values.map { (power - 1) * $0 }, relativeEfficiency: efficiency)
    }
    let (low, high) = (try smoothed(Self.powers.lower), try smoothed(Self.powers.upper))
    (lower, upper) = (low.weights, high.weights)
    shape = max(low.shape, high.shape)
  }

  /// The sensitivity of the distribution of `draws`, which are those that the component belongs to.
  public func sensitivity(of draws: ScalarDraws) -> Double {
    let values = draws.pooled
    precondition(values.count == lower.count, "\(values.count) draws and \(lower.count) weights")
    let mirrored = values.map { -$0 }
    func distance(_ weights: [Double]) -> Double {
      max(Self.distance(values, weights: weights), Self.distance(mirrored, weights: weights))
    }
    return (distance(upper) / log2(Self.powers.upper) - distance(lower) / log2(Self.powers.lower)) / 2
  }

  /// The cumulative Jensen-Shannon distance between draws and the same draws weighted, in [0, 1] (Nguyen and
  /// Vreeken, 2015): the root of its divergence over its bound.
  static func distance(_ values: [Double], weights: [Double]) -> Double {
    let order = values.indices.sorted { values[$0] < values[$1] }
    let count = Double(values.count)
    var weighted = 0.0
    var (divergence, bound) = (0.0, 0.0)
    for (rank, index) in order.dropLast().enumerated() {
      let width = values[order[rank + 1]] - values[index]
      let plain = Double(rank + 1) / count
      weighted += weights[index]
      let middle = 0.5 * (plain + weighted)
      // The linear terms of the two halves cancel.
      for share in [plain, weighted] where share > 0 { divergence += width * share * log2(share / middle) }
      bound += width * (plain + weighted)
    }
    return bound > 0 ? (max(divergence, 0) / bound).squareRoot() : 0
  }
}
