import Distributions
public import NumericCore

extension Prior {
  /// The covariance of the logits [D, D], where the family has one in closed form: Gaussians, mixtures of them, and
  /// Student-t distributions of more than two degrees of freedom. Nil for other families, and where parameters are
  /// pinned, whose covariance is singular.
  public var covariance: Matrix? {
    switch distribution {
    case let normal as MultivariateNormal: return normal.covariance
    case let mixture as GaussianMixture: return mixture.covariance
    case let student as StudentT:
      let degrees = student.distribution.degreesOfFreedom
      guard degrees > 2 else { return nil }
      let scatter = student.distribution.scatter
      return Matrix(
        rows: scatter.rows, columns: scatter.columns, values: scatter.values.map { $0 * degrees / (degrees - 2) })
    default: return nil
    }
  }
}
