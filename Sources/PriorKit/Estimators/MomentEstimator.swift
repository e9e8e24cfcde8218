import NumericCore

/// The Gaussian of the mean and the unbiased moments, without regularisation.
struct MomentEstimator: DensityEstimator {
  enum Shape { case full, diagonal }

  let shape: Shape

  var name: String { shape == .full ? "published" : "diagonal" }

  /// - Throws: ``PriorError`` where the moments make no density, ``LinearAlgebraError`` for rows that are not finite.
  func fit(_ data: EstimationData) throws -> any Density {
    guard data.rows.rows >= 2 else { throw PriorError.tooFewPresets(count: data.rows.rows) }
    let moments = try SampleMoments(data.rows)
    if shape == .full, moments.count <= data.rows.columns {
      throw PriorError.fewerPresetsThanParameters(
        count: moments.count, dimension: data.rows.columns, rank: try moments.centred.numericalRank())
    }
    let covariance = moments.covariance()
    let used = shape == .full ? covariance : Matrix.diagonal(covariance.diagonal)
    try CovarianceCheck(names: data.names).check(mean: moments.mean, covariance: used)
    do {
      let distribution = try MultivariateNormal(mean: moments.mean, covariance: used)
      try CovarianceCheck(names: data.names).check(conditionOf: distribution)
      return NormalDensity(distribution: distribution)
    } catch is LinearAlgebraError {
      throw try CovarianceCheck(names: data.names).diagnosis(ofSingular: used)
    }
  }
}
