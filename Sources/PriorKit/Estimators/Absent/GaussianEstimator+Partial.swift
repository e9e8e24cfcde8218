import Distributions
import NumericCore

extension GaussianEstimator: PartialCovarianceEstimator {
  /// The free moments of presets completed under a shrunk Gaussian.
  func moments(of rows: PartialRows) throws -> PartialMoments {
    guard rows.count > rows.dimension else {
      throw PriorError.fewerPresetsThanParameters(
        count: rows.count, dimension: rows.dimension, rank: try rows.rank())
    }
    let fit = try rows.gaussianFit(from: BlockScatter.diagonal, estimator: name)
    let factor = self == .unbiased ? 1 / (1 - 1 / rows.data.effectiveCount) : 1
    var covariance = fit.freeScatter
    for index in covariance.values.indices { covariance.values[index] *= factor }
    let unseen = rows.unseenPairs().count
    return PartialMoments(
      mean: fit.distribution.location, covariance: covariance,
      hyperparameters: fit.shape.hyperparameters.map { .init("completion_" + $0.name, $0.value) }
        + (unseen > 0 ? [.init("pairs_never_together", Double(unseen))] : []))
  }

  /// The normal of these moments, unless it is one by its last digits only.
  func estimate(of rows: PartialRows) throws -> DensityEstimate {
    let moments = try moments(of: rows)
    let normal = try CovarianceCheck(names: rows.names).wellConditionedNormal(
      mean: moments.mean, covariance: moments.covariance)
    return DensityEstimate(
      distribution: normal, hyperparameters: moments.hyperparameters + rows.hyperparameters)
  }
}

extension PartialRows {
  /// The rank of the rows about the means of what is there.
  fileprivate func rank() throws -> Int {
    let mean = availableMoments().mean
    var centred = rows.subtracting(mean)
    for group in groups {
      for row in group.rows {
        for column in group.absent { centred[row, column] = 0 }
      }
    }
    return try centred.numericalRank()
  }
}
