/// The mean of what remains when the same number of values is cut off at either end: a few wild values do not move it.
///
/// Tukey and McLaughlin, "Less vulnerable confidence and significance procedures for location based on a single
/// sample", Sankhya A 25 (1963), https://www.jstor.org/stable/25049278. SciPy has it as `trim_mean`.
public enum TrimmedMean {
  /// What is usually cut off at either end: a tenth, thus 20 % of the values in all.
  public static let usualShare = 0.1

  /// The mean without the floor(share n) smallest values and as many of the largest.
  ///
  /// - Parameters:
  ///   - values: finite, in any order.
  ///   - share: of the values, at either end.
  /// - Throws: ``StatisticsError`` if there are no values or one is not finite.
  /// - Precondition: 0 <= share < 0.5, so that a value remains.
  public static func value(_ values: [Double], share: Double = usualShare) throws(StatisticsError) -> Double {
    precondition(share >= 0 && share < 0.5, "A share of \(share) at either end")
    try requireSample(values, "The trimmed mean", atLeast: 1)
    let cut = Int(share * Double(values.count))
    let kept = values.sorted()[cut..<values.count - cut]
    return kept.reduce(0, +) / Double(kept.count)
  }
}
