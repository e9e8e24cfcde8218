public import NumericCore

/// The family `gaussian`: archive arrays `mean` [D] and `covariance` [D, D].
extension MultivariateNormal: Distribution {
  public static var family: String { "gaussian" }

  public func squaredMahalanobisDistanceIfDefined(to point: [Double]) -> Double? {
    squaredMahalanobisDistance(to: point)
  }

  public func marginalDistribution(over indices: [Int]) throws -> any Distribution { try marginal(over: indices) }

  public func conditionalDistribution(given indices: [Int], values: [Double]) throws -> any Distribution {
    try conditional(given: indices, values: values)
  }

  // MARK: - Archive

  public func encode(into archive: inout DistributionArchive) {
    archive.set(mean, for: "mean")
    archive.set(covariance, for: "covariance")
  }

  public init(from archive: DistributionArchive) throws {
    let mean = try archive.vector("mean")
    try self.init(mean: mean, covariance: archive.matrix("covariance", rows: mean.count, columns: mean.count))
  }
}

extension MultivariateNormal: TranslatableDistribution {
  public func translated(by shift: [Double]) throws -> any Distribution {
    try MultivariateNormal(mean: zip(mean, shift).map(+), covariance: covariance)
  }
}
