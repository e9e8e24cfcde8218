import Foundation
import NumericCore
import Statistics

extension ScalarDraws {
  /// Standard error of the mean of the draws as an estimate of that of the posterior. Nil for too few draws.
  public var meanError: Double? {
    guard let ess = meanESS, let deviation = standardDeviation else { return nil }
    return deviation / ess.squareRoot()
  }

  /// Standard error of the standard deviation, by the delta method from that of the variance. 0 for draws that are
  /// all the same.
  public var deviationError: Double? {
    let centre = mean
    let squares = map { ($0 - centre) * ($0 - centre) }
    guard let ess = squares.meanESS else { return nil }
    let variance = squares.mean
    guard variance > 0 else { return 0 }
    let spread = (squares.map { $0 * $0 }.mean - variance * variance) / ess
    return (max(spread, 0) / variance / 4).squareRoot()
  }

  /// Standard error of a quantile: half the distance of the order statistics that are a standard deviation off, by
  /// the beta distribution of a quantile of as many independent draws as it is worth.
  public func quantileError(_ probability: Double) -> Double? {
    guard let ess = ess(quantile: probability) else { return nil }
    let (a, b) = (ess * probability + 1, ess * (1 - probability) + 1)
    let sorted = SortedQuantiles(pooled).sorted
    let last = Double(sorted.count - 1)
    // The tails of the standard normal below -1 and 1.
    let lower = max(IncompleteBeta.quantile(0.1586553, a: a, b: b) * Double(sorted.count) - 1, 0)
    let upper = min(IncompleteBeta.quantile(0.8413447, a: a, b: b) * Double(sorted.count) - 1, last)
    return (sorted[Int(upper.rounded(.up))] - sorted[Int(lower.rounded(.down))]) / 2
  }
}
