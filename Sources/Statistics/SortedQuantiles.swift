/// Quantiles of a sample, linear between order statistics: definition 7 of Hyndman and Fan, "Sample quantiles in
/// statistical packages", The American Statistician 50 (1996), doi:10.2307/2684934, the default of R and NumPy.
public struct SortedQuantiles: Sendable, Hashable {
  /// The values, ascending.
  public let sorted: [Double]

  /// - Precondition: there is a value, and none is NaN.
  public init(_ values: [Double]) {
    precondition(!values.isEmpty && !values.contains { $0.isNaN }, "Quantiles of no values, or of NaN")
    sorted = values.sorted()
  }

  /// The first order statistic.
  public var minimum: Double { sorted[0] }
  /// The last order statistic.
  public var maximum: Double { sorted[sorted.count - 1] }
  /// The middle value, or the mean of the two middle ones.
  public var median: Double { value(at: 0.5) }

  /// - Precondition: 0 <= probability <= 1.
  public func value(at probability: Double) -> Double {
    precondition(probability >= 0 && probability <= 1, "A quantile at probability \(probability)")
    let position = probability * Double(sorted.count - 1)
    let index = min(Int(position), sorted.count - 1)
    guard index + 1 < sorted.count else { return sorted[index] }
    let share = position - Double(index)
    return share == 0 ? sorted[index] : sorted[index] + share * (sorted[index + 1] - sorted[index])
  }
}
