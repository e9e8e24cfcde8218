// Moments, and the marginal and conditional distributions, which are Student's t again.

extension MultivariateStudentT {
  /// nu / (nu - 2) scatter, or nil where nu <= 2 and there is none.
  public var covariance: Matrix? {
    guard degreesOfFreedom > 2 else { return nil }
    guard degreesOfFreedom.isFinite else { return scatter }
    var result = scatter
    let factor = degreesOfFreedom / (degreesOfFreedom - 2)
    for index in result.values.indices { result.values[index] *= factor }
    return result
  }

  /// The distribution of some coordinates, in the order given.
  ///
  /// - Precondition: the indices are distinct and inside the distribution.
  public func marginal(over indices: [Int]) throws(LinearAlgebraError) -> MultivariateStudentT {
    requireDistinct(indices)
    return try MultivariateStudentT(
      location: indices.map { location[$0] }, scatter: scatter.selecting(rows: indices, columns: indices),
      degreesOfFreedom: degreesOfFreedom)
  }

  /// The distribution of the remaining coordinates, in ascending order, once some are known.
  ///
  /// With a the remaining and b the d given coordinates and q_b their squared distance: nu + d degrees of freedom,
  /// location_a + S_ab S_bb^-1 (values - location_b) and (nu + q_b) / (nu + d) (S_aa - S_ab S_bb^-1 S_ba).
  /// Ding (2016), doi:10.1080/00031305.2016.1164756.
  /// - Precondition: the indices are distinct, inside the distribution, and as many as the values, which are
  ///   finite.
  public func conditional(
    given indices: [Int], values: [Double]
  ) throws(LinearAlgebraError) -> MultivariateStudentT {
    requireDistinct(indices)
    let normal = try MultivariateNormal(mean: location, covariance: scatter).conditional(
      given: indices, values: values)
    guard degreesOfFreedom.isFinite, !indices.isEmpty else {
      return try MultivariateStudentT(
        location: normal.mean, scatter: normal.covariance, degreesOfFreedom: degreesOfFreedom)
    }
    let squaredDistance = try MultivariateNormal(
      mean: indices.map { location[$0] }, covariance: scatter.selecting(rows: indices, columns: indices)
    ).squaredMahalanobisDistance(to: values)
    let count = Double(indices.count)
    var scatter = normal.covariance
    let factor = (degreesOfFreedom + squaredDistance) / (degreesOfFreedom + count)
    for index in scatter.values.indices { scatter.values[index] *= factor }
    return try MultivariateStudentT(
      location: normal.mean, scatter: scatter, degreesOfFreedom: degreesOfFreedom + count)
  }

  private func requireDistinct(_ indices: [Int]) {
    precondition(indices.allSatisfy { (0..<dimension).contains($0) }, "Index outside \(dimension) dimensions")
    precondition(Set(indices).count == indices.count, "The indices \(indices) repeat one")
  }
}
