import NumericCore

/// Fits a family of densities to parameters and components together.
public struct JointEstimator: ConditionalEstimator {
  public let estimator: any DensityEstimator
  public var name: String { "joint-" + estimator.name }

  public init(_ estimator: any DensityEstimator) { self.estimator = estimator }

  public func joint(_ data: ReducedData) throws -> DensityEstimate { try estimator.estimate(data.joint) }
}

/// Fits a family whose scatter is shaped, with the dependence on the components shaped by itself
/// (``RegressionScatter``).
public struct RegressedEstimator: ConditionalEstimator {
  public let name: String
  private let estimator: @Sendable (any ScatterShape) -> any DensityEstimator
  private let residual: any ScatterShape

  /// The linear Gaussian, which chooses components much faster and alike.
  public var proxy: any ConditionalEstimator { LinearGaussianEstimator(residual: .diagonal) }

  /// - Parameters:
  ///   - residual: the shape of what the components do not explain.
  ///   - estimator: the estimator with a shape.
  public init(
    _ name: String, residual: any ScatterShape = BlockScatter(),
    estimator: @escaping @Sendable (any ScatterShape) -> any DensityEstimator
  ) {
    self.name = name
    self.residual = residual
    self.estimator = estimator
  }

  public func joint(_ data: ReducedData) throws -> DensityEstimate {
    guard data.components.columns > 0 else { return try estimator(residual).estimate(data.parameters) }
    let regression = try data.regression()
    var result = try estimator(RegressionScatter(regression: regression, residual: residual)).estimate(data.joint)
    result.hyperparameters.append(.init("kept_coefficients", regression.meanDegreesOfFreedom))
    return result
  }
}
