/// Holm's correction for many tests: the adjusted values keep the chance of any false rejection below the level,
/// without assumptions on how the tests depend on each other.
///
/// Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979),
/// https://www.jstor.org/stable/4615733.
public enum HolmCorrection {
  /// Adjusted p-values in the order given.
  public static func adjusted(_ pValues: [Double]) -> [Double] {
    let order = pValues.indices.sorted { pValues[$0] < pValues[$1] }
    var result = pValues
    var largest = 0.0
    for (rank, index) in order.enumerated() {
      largest = max(largest, min(1, Double(pValues.count - rank) * pValues[index]))
      result[index] = largest
    }
    return result
  }
}
