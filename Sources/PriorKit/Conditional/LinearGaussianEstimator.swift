import NumericCore

/// theta = a + B z + e with e normal: ridge regression of each parameter with a cross-validated strength, and a
/// shrunk covariance of what it leaves.
///
/// The joint distribution has the sample's mean and covariance of z, which do not matter to the conditional. The
/// covariance of e is that of the residuals times N / (N - 1 - f_i)^(1/2) (N - 1 - f_j)^(1/2) for entry (i, j), f_i
/// being the coefficients that parameter i keeps (`FeatureRegression`).
public struct LinearGaussianEstimator: ConditionalEstimator {
  /// The target that the residual covariance is shrunk to.
  public enum Residual: Sendable { case blocks, diagonal }

  /// The target of the covariance of e.
  public let residual: Residual
  public var name: String { residual == .blocks ? "linear-gaussian" : "linear-gaussian-diagonal" }
  public func searchEstimator(dimension: Int) -> any ConditionalEstimator {
    LinearGaussianEstimator(residual: .diagonal)
  }

  public init(residual: Residual = .blocks) { self.residual = residual }

  public func joint(_ data: ReducedData) throws -> DensityEstimate {
    let estimator: any CovarianceEstimator = residual == .blocks ? BlockShrinkageEstimator() : DiagonalEstimator()
    guard data.components.columns > 0 else { return try estimator.estimate(data.parameters) }
    let (sample, components) = try data.weighted()
    let regression = try data.regression()
    let fit = try LinearFit(parameters: sample.rows, components: components, weights: sample.weights)
    let slope = fit.coefficients.multipliedEntrywise(by: regression.kept)
    let rest = fit.residuals(sample.rows, components, coefficients: slope)
    let shrunk = try estimator.covariance(
      of: CentredSample(checked: sample.data.replacing(rows: rest)))
    let count = data.parameters.effectiveCount
    let inflation = (0..<slope.rows).map { row in
      (count / max(count - 1 - regression.kept.row(row).reduce(0, +), 0.5 * count)).squareRoot()
    }
    let joint = RegressionScatter.assemble(
      slope: slope, residual: shrunk.covariance.scalingBoth(by: inflation), inner: fit.componentCovariance)
    return DensityEstimate(
      distribution: try MultivariateNormal(mean: fit.parameterMean + fit.componentMean, covariance: joint),
      hyperparameters: shrunk.hyperparameters + [.init("kept_coefficients", regression.meanDegreesOfFreedom)])
  }
}
