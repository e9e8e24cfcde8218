import Foundation

/// A mean with its standard error.
public struct MeanEstimate: Sendable, Hashable, Codable {
  /// The mean, in the unit of the values.
  public let mean: Double
  /// Nil for a single value or a single cluster, which cannot tell it.
  public let standardError: Double?
  /// How many values there were.
  public let count: Int

  /// The mean of values that are independent, or independent between clusters.
  ///
  /// Without clusters the error is the standard deviation over sqrt(count). With them it is
  /// sqrt(G / (G - 1) sum over clusters of (sum of deviations)^2) / count, which allows any dependence within a
  /// cluster (Cameron and Miller, Journal of Human Resources 50 (2015), doi:10.3368/jhr.50.2.317) and is the same
  /// when every cluster has one value.
  ///
  /// - Precondition: there is a value, and as many cluster names as values.
  public init(_ values: [Double], clusters: [String]? = nil) {
    precondition(!values.isEmpty, "The mean of no values")
    precondition(clusters == nil || clusters?.count == values.count, "Clusters do not fit the values")
    count = values.count
    let mean = values.reduce(0, +) / Double(values.count)
    var sums: [String: Double] = [:]
    for (index, value) in values.enumerated() { sums[clusters?[index] ?? "\(index)", default: 0] += value - mean }
    // In a fixed order, so that the same values give the same digits.
    let squares = sums.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value * $1.value }
    let groups = Double(sums.count)
    self.mean = mean
    standardError =
      sums.count > 1 ? (groups / (groups - 1) * squares).squareRoot() / Double(values.count) : nil
  }

  /// The mean of first - second, pair by pair.
  public static func difference(_ first: [Double], _ second: [Double], clusters: [String]? = nil) -> MeanEstimate {
    precondition(first.count == second.count, "Pairs of \(first.count) and \(second.count) values")
    return MeanEstimate(zip(first, second).map(-), clusters: clusters)
  }
}
