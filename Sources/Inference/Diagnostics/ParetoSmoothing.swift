import Foundation

/// Pareto-smoothed importance sampling: weights whose largest are replaced by the expected order statistics of a
/// generalised Pareto tail, and the tail's shape, which says whether they can be trusted.
///
/// Vehtari, Simpson, Gelman, Yao and Gabry, "Pareto smoothed importance sampling", JMLR 25(72) (2024). Equal to
/// ArviZ.
public struct ParetoSmoothing: Sendable, Hashable {
  /// Logarithms of the smoothed weights, which sum to 1; in the order of the ratios.
  public let logWeights: [Double]
  /// k-hat, the shape of the tail; infinite where fewer than five ratios stand out, so that none can be fitted.
  public let shape: Double

  /// - Parameters:
  ///   - logRatios: log of target over proposal at each draw, but for a constant; -infinity is a weight of 0.
  ///   - relativeEfficiency: effective over actual number of draws, where they are those of a Markov chain.
  /// - Throws: ``PosteriorError`` if a ratio is NaN or +infinity, or none is above -infinity.
  public init(logRatios: [Double], relativeEfficiency: Double = 1) throws {
    precondition(relativeEfficiency > 0, "A relative efficiency of \(relativeEfficiency)")
    let largest = try Self.largest(logRatios)
    var logs = logRatios.map { $0 - largest }
    var shape = Double.infinity
    let size = Double(logs.count)
    let tailCount = Int(min(size / 5, 3 * (size / relativeEfficiency).squareRoot()).rounded(.up))
    let order = logs.indices.sorted { logs[$0] < logs[$1] }
    if logs.count > tailCount {
      let cutoff = max(logs[order[logs.count - tailCount - 1]], log(Double.leastNormalMagnitude))
      let tail = order.filter { logs[$0] > cutoff }
      if tail.count > 4 {
        let fit = GeneralisedParetoFit(sorted: tail.map { exp(logs[$0]) - exp(cutoff) })
        if fit.shape.isFinite, fit.scale > 0 {
          shape = fit.shape
          for (rank, index) in tail.enumerated() {
            let quantile = fit.quantile((Double(rank) + 0.5) / Double(tail.count))
            // No weight exceeds the largest raw one.
            logs[index] = min(log(quantile + exp(cutoff)), 0)
          }
        }
      }
    }
    self.shape = shape
    let total = logs.max() ?? 0
    let logSum = total + log(logs.reduce(0) { $0 + exp($1 - total) })
    logWeights = logs.map { $0 - logSum }
  }

  private static func largest(_ logRatios: [Double]) throws -> Double {
    if let bad = logRatios.firstIndex(where: { $0.isNaN || $0 == .infinity }) {
      throw PosteriorError(
        "The log importance ratio of draw \(bad) is \(logRatios[bad]): leave that draw out or repair its density.")
    }
    guard let largest = logRatios.max(), largest > -.infinity else {
      throw PosteriorError("Every importance ratio is 0: draw from an approximation that overlaps with the target.")
    }
    return largest
  }

  // MARK: - Judgement

  /// The weights, which sum to 1.
  public var weights: [Double] { logWeights.map(exp) }

  /// 1 / sum of squared weights: how many equal draws the weighted ones are worth.
  public var effectiveCount: Double { 1 / logWeights.reduce(0) { $0 + exp(2 * $1) } }

  /// The largest shape at which the weights can be trusted with that many draws: min(1 - 1 / log10 S, 0.7).
  public static func threshold(count: Int) -> Double { min(1 - 1 / log10(Double(max(count, 2))), 0.7) }

  /// Whether the shape is below the threshold for that many draws.
  public var isReliable: Bool { shape < Self.threshold(count: logWeights.count) }
}
