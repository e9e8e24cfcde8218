import NumericCore

/// Factor analysis: common factors and noise of its own for each parameter, at the maximum of the likelihood, with
/// the number of factors of the highest held-out log likelihood.
public struct FactorAnalysisEstimator: CovarianceEstimator {
  /// The numbers of factors tried, ascending; one alone is taken without trying.
  public let factorCounts: [Int]
  /// Least gain of the log likelihood in nats per preset and iteration of EM.
  public let tolerance: Double
  /// `factor-analysis`.
  public var name: String { "factor-analysis" }

  /// - Precondition: there is a number of factors, and none is negative.
  public init(factorCounts: [Int] = [0, 2, 4, 8, 12, 16], tolerance: Double = 1e-3) {
    precondition(!factorCounts.isEmpty && factorCounts.allSatisfy { $0 >= 0 }, "Factor counts \(factorCounts)")
    self.factorCounts = factorCounts
    self.tolerance = tolerance
  }

  public func covariance(of sample: CentredSample) throws -> CovarianceEstimate {
    let (scaled, deviations) = sample.standardised()
    let candidates = scaled.usable(factorCounts)
    var stopping = FactorModel.Stopping(tolerance: tolerance)
    if factorCounts.count == 1 { stopping = .init(tolerance: tolerance, maximumIterations: 100_000) }
    let factors =
      candidates.count == 1
      ? candidates[0]
      : try ShrinkageSearch(scaled).best(of: candidates) { fold in
        try candidates.map {
          fold.logLikelihood(try FactorModel(fold.covariance, factors: $0, stopping: .search).covariance)
        }
      }
    let model = try FactorModel(scaled.covariance, factors: factors, stopping: stopping)
    return CovarianceEstimate(
      covariance: model.covariance.scalingBoth(by: deviations),
      hyperparameters: [.init("factors", Double(factors))])
  }
}

extension CentredSample {
  /// Numbers of factors that leave the uniquenesses something to explain: below the dimension and half the rows.
  func usable(_ factorCounts: [Int]) -> [Int] {
    let most = max(0, min(dimension - 1, centred.rows / 2 - 1))
    let usable = factorCounts.filter { $0 <= most }
    return usable.isEmpty ? [min(factorCounts[0], most)] : usable
  }
}
