public import Distributions
import Foundation
import NumericCore

/// The predictive distribution of a Gaussian whose mean and covariance are unknown: a Student-t, wider than a
/// Gaussian by what N presets leave open (Gelman et al., "Bayesian data analysis", 3rd ed., section 3.6).
///
/// The covariance has an inverse Wishart prior with nu degrees of freedom and the variances of the presets as its
/// mean, (nu - D - 1) diag(S); the mean has a flat one. The predictive distribution has nu + N - D degrees of
/// freedom and the scatter (1 + 1 / N) ((nu - D - 1) diag(S) + N S) over that many. nu is that of the highest
/// held-out log likelihood; N is the effective number of presets.
public struct InverseWishartEstimator: DensityEstimator {
  public let name = "inverse-wishart"

  public init() {}

  public func fit(_ data: EstimationData) throws -> any Distribution { try estimate(data).distribution }

  public func estimate(_ data: EstimationData) throws -> DensityEstimate {
    let sample = try CentredSample(data)
    let (scaled, deviations) = sample.standardised()
    let candidates = Self.strengths.map { Predictive(surplus: $0 * Double(sample.dimension)) }
    let best = try ShrinkageSearch(scaled).best(of: candidates) { fold in
      let deviations = fold.covariance.diagonal.map { $0.squareRoot() }
      let eigen = try SymmetricEigen(fold.covariance.scalingBoth(by: deviations.map { 1 / $0 }))
      let rows = fold.heldOut.scalingColumns(by: deviations.map { 1 / $0 }).multiplied(by: eigen.vectors)
      return candidates.map {
        $0.logLikelihood(rows, weights: fold.weights, spectrum: eigen.values, count: fold.effectiveCount)
      }
    }
    let count = sample.effectiveCount
    var scatter = scaled.covariance
    for index in scatter.values.indices { scatter.values[index] *= count * best.factor(count) }
    for index in 0..<scatter.rows { scatter[index, index] += best.surplus * best.factor(count) }
    let distribution = StudentT(
      try MultivariateStudentT(
        location: sample.mean, scatter: scatter.scalingBoth(by: deviations),
        degreesOfFreedom: best.degreesOfFreedom(count)))
    return DensityEstimate(
      distribution: distribution,
      hyperparameters: [
        .init("prior_degrees_of_freedom", best.surplus + Double(sample.dimension) + 1),
        .init("degrees_of_freedom", best.degreesOfFreedom(count)),
      ])
  }

  /// (nu - D - 1) / D, from the strongest.
  private static let strengths: [Double] = stride(from: 4.0, through: -5.0, by: -0.5).map { exp2($0) }
}

/// The predictive distribution for one nu, in units where diag(S) is 1.
private struct Predictive {
  /// nu - D - 1.
  let surplus: Double

  func degreesOfFreedom(_ count: Double) -> Double { surplus + 1 + count }

  /// What the sum of prior and sample scatter is multiplied by.
  func factor(_ count: Double) -> Double { (1 + 1 / count) / degreesOfFreedom(count) }

  /// The mean log density of rows in the coordinates of the eigenvectors of S.
  func logLikelihood(_ rows: Matrix, weights: [Double], spectrum: [Double], count: Double) -> Double {
    let degrees = degreesOfFreedom(count)
    let dimension = Double(rows.columns)
    // Rounding may leave an eigenvalue below zero.
    let scales = spectrum.map { (surplus + count * max($0, 0)) * factor(count) }
    var total = 0.0
    for row in 0..<rows.rows {
      let square = scales.indices.reduce(0) { $0 + rows[row, $1] * rows[row, $1] / scales[$1] }
      total -= weights[row] * 0.5 * (degrees + dimension) * log1p(square / degrees)
    }
    let gammas = lgamma(0.5 * (degrees + dimension)) - lgamma(0.5 * degrees)
    let constant = gammas - 0.5 * dimension * log(degrees * Double.pi)
    let logDeterminant = scales.reduce(0) { $0 + log($1) }
    return total + constant - 0.5 * logDeterminant
  }
}
