public import NumericCore

/// The family `gaussian`: archive arrays `mean` [D] and `covariance` [D, D].
extension MultivariateNormal: Density {
  public static var family: String { "gaussian" }

  // Callers who know that they hold a normal get a normal: these are for those who hold any density.

  @_disfavoredOverload
  public func squaredMahalanobisDistance(to point: [Double]) -> Double? {
    let distance: Double = squaredMahalanobisDistance(to: point)
    return distance
  }

  @_disfavoredOverload
  public func marginal(over indices: [Int]) throws -> any Density {
    let part: MultivariateNormal = try marginal(over: indices)
    return part
  }

  @_disfavoredOverload
  public func conditional(given indices: [Int], values: [Double]) throws -> any Density {
    let part: MultivariateNormal = try conditional(given: indices, values: values)
    return part
  }

  // MARK: - Archive

  public func encode(into archive: inout DensityArchive) {
    archive.set(mean, for: "mean")
    archive.set(covariance, for: "covariance")
  }

  public init(from archive: DensityArchive) throws {
    let mean = try archive.vector("mean")
    try self.init(mean: mean, covariance: archive.matrix("covariance", rows: mean.count, columns: mean.count))
  }
}
