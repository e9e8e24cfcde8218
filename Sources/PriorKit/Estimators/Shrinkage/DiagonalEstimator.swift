import NumericCore

/// Independent parameters: the variances of the presets, and no correlations.
public struct DiagonalEstimator: CovarianceEstimator {
  /// `diagonal`.
  public let name = "diagonal"

  /// Each column is fitted to the rows that have it.
  public var acceptsAbsentColumns: Bool { true }

  public init() {}

  public func covariance(of sample: CentredSample) -> CovarianceEstimate {
    CovarianceEstimate(covariance: Matrix.diagonal(sample.variances))
  }
}
