/// Distances between presets in logit space.
public enum ParameterDistance {
  /// Mean squared difference of two logit vectors of equal length (PMSE).
  public static func meanSquaredError(_ first: [Double], _ second: [Double]) -> Double {
    precondition(first.count == second.count && !first.isEmpty)
    return zip(first, second).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / Double(first.count)
  }
}
