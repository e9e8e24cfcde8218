import Foundation
import NumericCore

/// (1 - a) S + a diag(S) with the strength a of the highest held-out log likelihood (Schaefer & Strimmer 2005
/// shrink to this target, doi:10.2202/1544-6115.1175; here the strength is cross-validated).
///
/// All candidates share the eigenvectors of the correlations, so that trying one costs D operations per row.
public struct RidgeEstimator: CovarianceEstimator {
  /// `ridge`.
  public let name = "ridge"

  /// Rows that lack columns are fitted by EM.
  public var acceptsAbsentColumns: Bool { true }

  public init() {}

  /// From diagonal to all but free, evenly on the logistic scale.
  static let strengths: [Double] = [1] + stride(from: 4.0, through: -7.0, by: -0.25).map { 1 / (1 + exp(-$0)) }

  public func covariance(of sample: CentredSample) throws -> CovarianceEstimate {
    let (scaled, deviations) = sample.standardised()
    let strength = try ShrinkageSearch(scaled).best(of: Self.strengths) { fold in
      let deviations = fold.covariance.diagonal.map { $0.squareRoot() }
      let eigen = try SymmetricEigen(fold.covariance.scalingBoth(by: deviations.map { 1 / $0 }))
      // The deviations add the same to every candidate, so that only the rows need them.
      return fold.scalingHeldOut(by: deviations.map { 1 / $0 }).logLikelihoods(
        eigen, spectra: Self.strengths.map { strength in eigen.values.map { (1 - strength) * $0 + strength } })
    }
    var covariance = scaled.covariance
    for index in covariance.values.indices { covariance.values[index] *= 1 - strength }
    for index in 0..<covariance.rows { covariance[index, index] = scaled.covariance[index, index] }
    return CovarianceEstimate(
      covariance: covariance.scalingBoth(by: deviations), hyperparameters: [.init("shrinkage", strength)])
  }
}

extension ShrinkageSearch.FoldMoments {
  func scalingHeldOut(by factors: [Double]) -> Self {
    Self(
      covariance: covariance, heldOut: heldOut.scalingColumns(by: factors), weights: weights, share: share,
      effectiveCount: effectiveCount)
  }
}
