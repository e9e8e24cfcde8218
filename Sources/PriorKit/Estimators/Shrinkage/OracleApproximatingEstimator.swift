import NumericCore

/// Oracle approximating shrinkage towards mu I (Chen, Wiesel, Eldar & Hero 2010, doi:10.1109/TSP.2010.2053029),
/// for Gaussian rows better than Ledoit-Wolf when they are few.
///
/// a = min(1, (q + mu^2) / ((N + 1)(q - mu^2 / D))) with q the mean of the squared entries of S and N the effective
/// number of presets; the terms of order 2 / D of the paper are left out, as in scikit-learn. In raw units a
/// parameter that does not vary is given the variance a mu.
public struct OracleApproximatingEstimator: CovarianceEstimator {
  /// The units in which mu I is the target.
  public let units: ShrinkageUnits
  /// `oas` in raw units, `oas-standardised` otherwise.
  public var name: String { "oas" + units.suffix }

  public init(units: ShrinkageUnits = .raw) { self.units = units }

  public var acceptsConstantColumns: Bool { units == .raw }

  public func covariance(of sample: CentredSample) -> CovarianceEstimate {
    units.apply(to: sample) { sample in
      let dimension = Double(sample.dimension)
      let target = ScaledIdentity(of: sample.covariance)
      let square = target.scale * target.scale
      let meanSquare = sample.covariance.innerProduct(sample.covariance) / (dimension * dimension)
      let denominator = (sample.effectiveCount + 1) * (meanSquare - square / dimension)
      return target.shrink(
        sample.covariance, strength: denominator > 0 ? min((meanSquare + square) / denominator, 1) : 1)
    }
  }
}
