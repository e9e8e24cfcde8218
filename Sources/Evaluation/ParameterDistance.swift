public import NumericCore

/// Distances between presets in logit space.
public enum ParameterDistance {
  /// Mean squared difference of two logit vectors of equal length (PMSE).
  public static func meanSquaredError(_ first: [Double], _ second: [Double]) -> Double {
    precondition(first.count == second.count && !first.isEmpty)
    return zip(first, second).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / Double(first.count)
  }

  /// Mahalanobis PMSE: (x - y)^T M^-1 (x - y) / D, the mean squared difference where M is the identity.
  ///
  /// With the covariance of a collection as M, a difference counts by how much presets differ in that direction:
  /// parameters of large logits do not rule, and two presets drawn independently from a Gaussian of that covariance
  /// are 2 apart on average, a preset and the mean 1.
  ///
  /// - Parameters:
  ///   - first: x, logits [D].
  ///   - second: y, logits [D].
  ///   - metric: the factorisation of M [D, D]. Figures compare only under one metric.
  public static func mahalanobisMeanSquaredError(
    _ first: [Double], _ second: [Double], metric: Cholesky
  ) -> Double {
    precondition(first.count == second.count && first.count == metric.dimension && !first.isEmpty)
    var difference = zip(first, second).map { $0 - $1 }
    metric.forwardSubstitute(&difference)
    return difference.reduce(0) { $0 + $1 * $1 } / Double(difference.count)
  }
}
