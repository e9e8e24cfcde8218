import PriorKit

/// The estimators whose density is a Gaussian.
enum GaussianEstimators {
  /// All of them, from the published recipe on.
  static let all: [any DensityEstimator] = [
    GaussianEstimator.unbiased,
    GaussianEstimator.maximumLikelihood,
    DiagonalEstimator(),
    LedoitWolfEstimator(),
    LedoitWolfEstimator(units: .standardised),
    OracleApproximatingEstimator(),
    OracleApproximatingEstimator(units: .standardised),
    RidgeEstimator(),
    NonlinearShrinkageEstimator(),
    PrincipalComponentsEstimator(),
    GraphicalLassoEstimator(),
    FactorAnalysisEstimator(),
    FactorShrinkageEstimator(),
    BlockShrinkageEstimator(),
  ]
}
