// Marginal and conditional distributions of a normal are normal, in closed form.

extension MultivariateNormal {
  /// The distribution of some coordinates, in the order given.
  ///
  /// - Precondition: the indices are distinct and inside the distribution.
  public func marginal(over indices: [Int]) throws(LinearAlgebraError) -> MultivariateNormal {
    requireDistinct(indices)
    return try MultivariateNormal(
      mean: indices.map { mean[$0] }, covariance: covariance.selecting(rows: indices, columns: indices))
  }

  /// The distribution of the remaining coordinates, in ascending order, once some are known.
  ///
  /// With a the remaining and b the given coordinates: mean_a + S_ab S_bb^-1 (values - mean_b) and
  /// S_aa - S_ab S_bb^-1 S_ba (Eaton, "Multivariate statistics", 1983, proposition 3.13).
  /// - Precondition: the indices are distinct, inside the distribution, and as many as the values, which are finite.
  public func conditional(given indices: [Int], values: [Double]) throws(LinearAlgebraError) -> MultivariateNormal {
    requireDistinct(indices)
    precondition(indices.count == values.count, "\(values.count) values for \(indices.count) indices")
    precondition(values.allSatisfy { $0.isFinite }, "A given value is not finite")
    let given = Set(indices)
    let remaining = (0..<dimension).filter { !given.contains($0) }
    let factor = try Cholesky(covariance.selecting(rows: indices, columns: indices))
    // With W = L^-1 S_ba the correction of the covariance is W^T W, symmetric by construction.
    let whitenedCross = factor.forwardSubstituted(covariance.selecting(rows: indices, columns: remaining))
    var whitenedShift = zip(indices, values).map { $1 - mean[$0] }
    factor.forwardSubstitute(&whitenedShift)
    let shift = whitenedCross.transposed * whitenedShift

    var conditionalCovariance = covariance.selecting(rows: remaining, columns: remaining)
    let explained = whitenedCross.gram()
    for index in conditionalCovariance.values.indices {
      conditionalCovariance.values[index] -= explained.values[index]
    }
    return try MultivariateNormal(
      mean: zip(remaining, shift).map { mean[$0] + $1 }, covariance: conditionalCovariance)
  }

  private func requireDistinct(_ indices: [Int]) {
    precondition(indices.allSatisfy { (0..<dimension).contains($0) }, "Index outside \(dimension) dimensions")
    precondition(Set(indices).count == indices.count, "The indices \(indices) repeat one")
  }
}
