import NumericCore

/// (1 - a) S + a F with F the factor model of S, with the number of factors and a of the highest held-out log
/// likelihood: structure where the presets are too few, and what they say beyond it.
///
/// The target is that of Ren & Shimotsu 2009 and Ledoit & Wolf 2003 (doi:10.1016/S0927-5398(03)00007-0) with more
/// than one factor; the strength is cross-validated.
public struct FactorShrinkageEstimator: CovarianceEstimator {
  /// `factor-shrinkage`.
  public let name = "factor-shrinkage"
  /// The numbers of factors tried, as far as N / 2 - 1 and D - 1 allow.
  public let factorCounts: [Int]

  /// - Precondition: there is a number of factors, and none is negative.
  public init(factorCounts: [Int] = [0, 4, 8, 15, 30]) {
    precondition(!factorCounts.isEmpty && factorCounts.allSatisfy { $0 >= 0 }, "Factor counts \(factorCounts)")
    self.factorCounts = factorCounts
  }

  private static let strengths: [Double] = [1, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.3, 0.1]

  public func covariance(of sample: CentredSample) throws -> CovarianceEstimate {
    let (scaled, deviations) = sample.standardised()
    let counts = scaled.usable(factorCounts)
    let candidates = counts.flatMap { count in Self.strengths.map { (factors: count, strength: $0) } }
    let best = try ShrinkageSearch(scaled).best(of: candidates) { fold in
      try counts.flatMap { count in
        let model = try FactorModel(fold.covariance, factors: count, stopping: .search).covariance
        return Self.strengths.map { fold.logLikelihood(fold.covariance.interpolated(to: model, share: $0)) }
      }
    }
    let model = try FactorModel(scaled.covariance, factors: best.factors, stopping: .search).covariance
    return CovarianceEstimate(
      covariance: scaled.covariance.interpolated(to: model, share: best.strength).scalingBoth(by: deviations),
      hyperparameters: [.init("factors", Double(best.factors)), .init("shrinkage", best.strength)])
  }
}
