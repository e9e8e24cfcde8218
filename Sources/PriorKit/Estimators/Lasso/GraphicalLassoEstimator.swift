import NumericCore

/// The graphical lasso: the precision matrix of the highest likelihood less a penalty on its entries off the
/// diagonal, most of which become zero, with the penalty of the highest held-out log likelihood.
///
/// The penalty is on standardised parameters.
public struct GraphicalLassoEstimator: CovarianceEstimator {
  /// `graphical-lasso`.
  public let name = "graphical-lasso"
  /// Penalties tried, from the largest; one alone is taken without trying.
  public let penalties: [Double]
  /// Largest duality gap of the result, in nats per preset: it is no farther from the optimum.
  public let tolerance: Double

  /// Duality gap to which penalties are ranked: far below the differences between them.
  private static let searchTolerance = 0.01
  private static let maximumSweeps = 500

  /// - Precondition: there is a penalty, and all are positive.
  public init(penalties: [Double] = [1, 0.3, 0.2, 0.14, 0.1, 0.07, 0.05, 0.035], tolerance: Double = 1e-4) {
    precondition(!penalties.isEmpty && penalties.allSatisfy { $0 > 0 }, "Penalties \(penalties)")
    self.penalties = penalties
    self.tolerance = tolerance
  }

  public func covariance(of sample: CentredSample) throws -> CovarianceEstimate {
    let (scaled, deviations) = sample.standardised()
    let penalty =
      penalties.count == 1
      ? penalties[0]
      : ShrinkageSearch(scaled, foldCount: 3).best(of: penalties) { fold in
        let deviations = fold.covariance.diagonal.map { $0.squareRoot() }
        let correlations = fold.covariance.scalingBoth(by: deviations.map { 1 / $0 })
        var lasso = GraphicalLasso(correlations: correlations, penalty: penalties.min() ?? 1)
        // From weak to strong, each from the solution before it, which is feasible for the next.
        let scores = penalties.sorted().map { penalty in
          let gap = lasso.solve(
            penalty: penalty, tolerance: Self.searchTolerance, maximumSweeps: Self.maximumSweeps)
          // What has not converged does not compete.
          guard gap <= Self.searchTolerance else { return (penalty, -Double.infinity) }
          return (penalty, fold.logLikelihood(lasso.covariance.scalingBoth(by: deviations)))
        }
        return penalties.map { penalty in scores.first { $0.0 == penalty }?.1 ?? -.infinity }
      }
    var lasso = GraphicalLasso(correlations: scaled.covariance, penalty: penalty)
    let gap = lasso.solve(penalty: penalty, tolerance: tolerance, maximumSweeps: Self.maximumSweeps)
    guard gap <= tolerance else {
      throw EstimationError.notConverged(estimator: name, sweeps: Self.maximumSweeps, gap: gap)
    }
    return CovarianceEstimate(
      covariance: lasso.covariance.scalingBoth(by: deviations), hyperparameters: [.init("penalty", penalty)])
  }
}
