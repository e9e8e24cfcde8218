import NumericCore

/// Factor analysis: common factors and noise of its own for each parameter, at the maximum of the likelihood, with
/// the number of factors of the highest held-out log likelihood.
public struct FactorAnalysisEstimator: CovarianceEstimator {
  /// The numbers of factors tried, ascending; one alone is taken without trying.
  public let factorCounts: [Int]
  /// Least gain of the log likelihood in nats a preset and iteration of EM.
  public let tolerance: Double
  public var name: String { "factor-analysis" }

  public init(factorCounts: [Int] = [0, 2, 4, 6, 8, 11, 15], tolerance: Double = 1e-3) {
    precondition(!factorCounts.isEmpty && factorCounts.allSatisfy { $0 >= 0 }, "Factor counts \(factorCounts)")
    self.factorCounts = factorCounts
    self.tolerance = tolerance
  }

  func covariance(of sample: CentredSample) throws -> CovarianceEstimate {
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

/// (1 - a) S + a F with F the factor model of S, with the number of factors and a of the highest held-out log
/// likelihood: structure where the presets are too few, and what they say beyond it.
///
/// The target is that of Ren & Shimotsu 2009 and Ledoit & Wolf 2003 (doi:10.1016/S0927-5398(03)00007-0) with more
/// than one factor; the strength is cross-validated.
public struct FactorShrinkageEstimator: CovarianceEstimator {
  public let name = "factor-shrinkage"
  public let factorCounts: [Int]

  public init(factorCounts: [Int] = [0, 4, 8, 13, 20, 30]) {
    precondition(!factorCounts.isEmpty && factorCounts.allSatisfy { $0 >= 0 }, "Factor counts \(factorCounts)")
    self.factorCounts = factorCounts
  }

  private static let strengths: [Double] = [1, 0.95, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5, 0.35, 0.2, 0.1, 0.05]

  func covariance(of sample: CentredSample) throws -> CovarianceEstimate {
    let (scaled, deviations) = sample.standardised()
    let counts = scaled.usable(factorCounts)
    let candidates = counts.flatMap { count in Self.strengths.map { (factors: count, strength: $0) } }
    let best = try ShrinkageSearch(scaled).best(of: candidates) { fold in
      try counts.flatMap { count in
        let model = try FactorModel(fold.covariance, factors: count, stopping: .search).covariance
        return Self.strengths.map { fold.logLikelihood(Self.mix(fold.covariance, model, strength: $0)) }
      }
    }
    let model = try FactorModel(scaled.covariance, factors: best.factors, stopping: .search).covariance
    return CovarianceEstimate(
      covariance: Self.mix(scaled.covariance, model, strength: best.strength).scalingBoth(by: deviations),
      hyperparameters: [.init("factors", Double(best.factors)), .init("shrinkage", best.strength)])
  }

  private static func mix(_ covariance: Matrix, _ model: Matrix, strength: Double) -> Matrix {
    var result = covariance
    for index in result.values.indices {
      result.values[index] += strength * (model.values[index] - covariance.values[index])
    }
    return result
  }
}

extension FactorModel.Stopping {
  /// Enough to rank models by.
  static var search: Self { Self(tolerance: 1e-2, maximumIterations: 60) }
}

extension CentredSample {
  /// Numbers of factors that leave the uniquenesses something to explain: below the dimension and half the rows.
  func usable(_ factorCounts: [Int]) -> [Int] {
    let most = max(0, min(dimension - 1, centred.rows / 2 - 1))
    let usable = factorCounts.filter { $0 <= most }
    return usable.isEmpty ? [min(factorCounts[0], most)] : usable
  }
}
