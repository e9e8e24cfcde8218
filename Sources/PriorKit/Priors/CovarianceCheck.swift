import Distributions
import NumericCore

/// Finds out what is wrong with the moments of a prior, in the words of its parameters.
struct CovarianceCheck {
  /// Names of the parameters, in flat order.
  let names: [String]

  /// The normal with these moments.
  ///
  /// - Throws: `DistributionError` or ``PriorError`` where they make no density.
  func normal(mean: [Double], covariance: Matrix) throws -> MultivariateNormal {
    try check(mean: mean, covariance: covariance)
    do {
      return try MultivariateNormal(mean: mean, covariance: covariance)
    } catch {
      throw try diagnosis(ofSingular: covariance)
    }
  }

  /// Throws unless the moments have the right size, are finite and symmetric, and every parameter varies.
  private func check(mean: [Double], covariance: Matrix) throws {
    guard mean.count == names.count else {
      throw DistributionError.dimensionMismatch(what: "mean", expected: names.count, found: mean.count)
    }
    guard covariance.isSquare else {
      throw PriorError.covarianceNotSquare(rows: covariance.rows, columns: covariance.columns)
    }
    guard covariance.rows == names.count else {
      throw DistributionError.dimensionMismatch(
        what: "covariance", expected: names.count, found: covariance.rows)
    }
    for (name, value) in zip(names, mean) where !value.isFinite {
      throw DistributionError.notFinite(what: "mean of \(name)", value: value)
    }
    do {
      try covariance.requireSymmetric()
    } catch LinearAlgebraError.notFinite(let row, let column, let value) {
      throw DistributionError.notFinite(what: "covariance of \(names[row]) and \(names[column])", value: value)
    } catch LinearAlgebraError.notSymmetric(let row, let column, let value, let mirrored) {
      throw PriorError.asymmetricCovariance(
        row: names[row], column: names[column], value: value, mirrored: mirrored)
    }
    for (name, variance) in zip(names, covariance.diagonal) where variance <= 0 {
      throw PriorError.constantParameter(parameter: name, variance: variance)
    }
  }

  /// The same with a condition number that leaves its density some digits.
  func wellConditionedNormal(mean: [Double], covariance: Matrix) throws -> MultivariateNormal {
    let normal = try normal(mean: mean, covariance: covariance)
    try check(conditionOf: normal)
    return normal
  }

  /// Why a covariance without other faults has no Cholesky factor.
  ///
  /// Stored in single precision, a singular covariance has small eigenvalues of both signs; the most negative one
  /// shows their size, so those up to twice its magnitude count as zero.
  private func diagnosis(ofSingular covariance: Matrix) throws -> PriorError {
    let eigen = try SymmetricEigen(covariance)
    let largest = eigen.values[names.count - 1]
    let smallest = eigen.values[0]
    let indefinite = 1e-4
    guard smallest > -indefinite * largest else {
      return .notPositiveDefinite(smallestEigenvalue: smallest, parameter: weakestParameter(eigen))
    }
    let noise = max(Double(names.count) * largest * Double.ulpOfOne, -2 * smallest)
    return .rankDeficient(rank: eigen.values.count { $0 > noise }, dimension: names.count, count: nil)
  }

  /// A density that depends on the last digits of its covariance says nothing.
  private static let largestConditionNumber = 1e12

  /// Throws if a covariance is positive definite only by its last digits.
  func check(conditionOf distribution: MultivariateNormal) throws {
    let limit = Self.largestConditionNumber
    // The estimate is cheap; the decomposition that can name the parameter is made only to report.
    let conditionNumber = distribution.cholesky.conditionNumber
    guard conditionNumber > limit else { return }
    throw PriorError.illConditioned(
      conditionNumber: conditionNumber, limit: limit,
      parameter: weakestParameter(try SymmetricEigen(distribution.covariance)))
  }

  /// The parameter with the largest share in the direction of least variance.
  private func weakestParameter(_ eigen: SymmetricEigen) -> String {
    let direction = eigen.vectors.column(0)
    return names[direction.indices.max { direction[$0].magnitude < direction[$1].magnitude } ?? 0]
  }
}
