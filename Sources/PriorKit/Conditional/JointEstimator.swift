import NumericCore

/// Fits a family of distributions to parameters and components together.
public struct JointEstimator: ConditionalEstimator {
  /// Fits all D + K columns as it would fit parameters.
  public let estimator: any DensityEstimator
  public var name: String { "joint-" + estimator.name }

  public init(_ estimator: any DensityEstimator) { self.estimator = estimator }

  public func joint(_ data: ReducedData) throws -> DensityEstimate { try estimator.estimate(data.joint) }
}

/// Fits a family whose scatter is shaped, with the dependence on the components shaped by itself
/// (`RegressionScatter`).
public struct RegressedEstimator: ConditionalEstimator {
  public let name: String
  private let estimator: @Sendable (any ScatterShape) -> any DensityEstimator
  private let residual: any ScatterShape

  /// The linear Gaussian, which ranks numbers of components similarly and much faster.
  public func searchEstimator(dimension: Int) -> any ConditionalEstimator {
    LinearGaussianEstimator(residual: .diagonal)
  }

  /// - Parameters:
  ///   - name: the name of the family in tables and fit records.
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

/// Two Gaussians over parameters and components together, so that the components gate between two regressions.
///
/// Full covariances have a prior of max(1, d^2 / N) presets (``MixtureEstimator``), d being the number of
/// coordinates: next to nothing where there are many presets, and enough to keep a covariance definite where there
/// are few.
public struct RegimeEstimator: ConditionalEstimator {
  /// Of the two Gaussians.
  public let covariance: MixtureEstimator.Covariance
  public var name: String { "joint-" + estimator(priorCount: nil).name }

  /// Parameters beyond which the number of components is searched with one regression, as two take minutes.
  private static let largestSearched = 20
  private static let restarts = 3

  public init(_ covariance: MixtureEstimator.Covariance) { self.covariance = covariance }

  public func searchEstimator(dimension: Int) -> any ConditionalEstimator {
    dimension > Self.largestSearched ? LinearGaussianEstimator(residual: .diagonal) : self
  }

  public func joint(_ data: ReducedData) throws -> DensityEstimate {
    let joint = data.joint
    let size = Double(joint.rows.columns)
    let priorCount = covariance == .full ? max(1, size * size / joint.effectiveCount) : nil
    var result = try estimator(priorCount: priorCount).estimate(joint)
    if let priorCount { result.hyperparameters.append(.init("prior_presets", priorCount)) }
    return result
  }

  private func estimator(priorCount: Double?) -> MixtureEstimator {
    MixtureEstimator(components: 2, covariance: covariance, priorCount: priorCount, restarts: Self.restarts)
  }
}
