public import Distributions
public import NumericCore

/// A Gaussian estimator that takes the mean of the presets and improves on their covariance.
///
/// Every parameter must vary, except for estimators whose target has a variance for all; two presets are enough
/// unless an estimator says otherwise.
public protocol CovarianceEstimator: MomentEstimator {
  /// Whether a column that does not vary is given a variance.
  var acceptsConstantColumns: Bool { get }

  /// - Throws: ``PriorError`` for a sample that the estimator cannot use.
  func covariance(of sample: CentredSample) throws -> CovarianceEstimate
}

/// A covariance with the numbers chosen for it.
public struct CovarianceEstimate: Sendable {
  /// Of the logits [D, D].
  public var covariance: Matrix
  /// The chosen strengths, factor counts and the like; empty for estimators without any.
  public var hyperparameters: [FitRecord.Hyperparameter]

  public init(covariance: Matrix, hyperparameters: [FitRecord.Hyperparameter] = []) {
    self.covariance = covariance
    self.hyperparameters = hyperparameters
  }
}

extension CovarianceEstimator {
  public var acceptsConstantColumns: Bool { false }

  /// The normal with the mean of the sample and the estimated covariance; throws as `estimate(_:)`.
  public func fit(_ data: EstimationData) throws -> any Distribution { try estimate(data).distribution }

  /// The distribution with the numbers chosen for it.
  ///
  /// - Throws: ``PriorError`` for data that no estimator can use, a constant column unless that is accepted, or a
  ///   covariance that is singular or not finite.
  public func estimate(_ data: EstimationData) throws -> DensityEstimate {
    try requireAcceptance(of: data)
    if let own = self as? any PartialCovarianceEstimator, let rows = try PartialRows(lackingIn: data) {
      return try own.estimate(of: rows)
    }
    let sample = try CentredSample(data, acceptingConstantColumns: acceptsConstantColumns)
    let estimate = try covariance(of: sample)
    let normal = try CovarianceCheck(names: sample.names).normal(
      mean: sample.mean, covariance: estimate.covariance)
    return DensityEstimate(distribution: normal, hyperparameters: estimate.hyperparameters)
  }
}

/// The units in which a covariance is shrunk. They matter wherever the target treats all parameters alike.
public enum ShrinkageUnits: String, Sendable, CaseIterable {
  /// Logits as they are.
  case raw
  /// Each parameter in its own standard deviations.
  case standardised

  var suffix: String { self == .raw ? "" : "-standardised" }
}

extension ShrinkageUnits {
  /// Applies `estimate` to the sample in these units, and brings the covariance back to logits.
  func apply(
    to sample: CentredSample, _ estimate: (CentredSample) throws -> CovarianceEstimate
  ) rethrows -> CovarianceEstimate {
    guard self == .standardised else { return try estimate(sample) }
    let (scaled, deviations) = sample.standardised()
    var result = try estimate(scaled)
    result.covariance = result.covariance.scalingBoth(by: deviations)
    return result
  }
}
