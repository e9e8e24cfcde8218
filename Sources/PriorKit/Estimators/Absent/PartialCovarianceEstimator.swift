import Distributions
import NumericCore

/// An estimator of a Gaussian that takes rows which lack columns.
protocol PartialCovarianceEstimator: DensityEstimator {
  func moments(of rows: PartialRows) throws -> PartialMoments
}

/// Moments of rows that lack columns, with the numbers chosen for them.
struct PartialMoments {
  var mean: [Double]
  var covariance: Matrix
  var hyperparameters: [FitRecord.Hyperparameter] = []
}

extension PartialCovarianceEstimator {
  /// The normal of these moments; its record says how many rows were completed.
  func estimate(of rows: PartialRows) throws -> DensityEstimate {
    let moments = try moments(of: rows)
    return DensityEstimate(
      distribution: try CovarianceCheck(names: rows.names).normal(
        mean: moments.mean, covariance: moments.covariance),
      hyperparameters: moments.hyperparameters + rows.hyperparameters)
  }
}

extension PartialRows {
  /// What records of fits say of the rows.
  var hyperparameters: [FitRecord.Hyperparameter] { [.init("completed_presets", Double(incompleteCount))] }

  /// A Gaussian whose expected scatter has the best of the shapes that can be had from one.
  ///
  /// - Throws: ``EstimationError/singularScatter(estimator:count:dimension:)``.
  func gaussianFit(from start: any ScatterShape, estimator: String) throws -> PartialFit {
    do {
      let shape = try ScatterSearch(self, degreesOfFreedom: .infinity).best(from: start)
      var fit = try PartialFit(sample: self, shape: shape, fixedDegreesOfFreedom: .infinity)
      try fit.run()
      return fit
    } catch LinearAlgebraError.notPositiveDefinite {
      throw EstimationError.singularScatter(estimator: estimator, count: count, dimension: dimension)
    }
  }

  /// The moments of that fit.
  func moments(from start: any ScatterShape, estimator: String) throws -> PartialMoments {
    let fit = try gaussianFit(from: start, estimator: estimator)
    return PartialMoments(
      mean: fit.distribution.location, covariance: fit.distribution.scatter,
      hyperparameters: fit.shape.hyperparameters)
  }
}

extension DiagonalEstimator: PartialCovarianceEstimator {
  /// Nothing that a preset has tells of what it lacks: the moments are those of the presets that have a parameter.
  func moments(of rows: PartialRows) -> PartialMoments {
    let (mean, variances) = rows.availableMoments()
    return PartialMoments(mean: mean, covariance: .diagonal(variances))
  }
}

extension RidgeEstimator: PartialCovarianceEstimator {
  func moments(of rows: PartialRows) throws -> PartialMoments {
    try rows.moments(from: DiagonalScatter(strength: 1), estimator: name)
  }
}

extension BlockShrinkageEstimator: PartialCovarianceEstimator {
  func moments(of rows: PartialRows) throws -> PartialMoments {
    try rows.moments(from: BlockScatter.diagonal, estimator: name)
  }
}
