public import NumericCore

/// A multivariate Student-t distribution: a Gaussian with heavier tails.
public struct StudentT: Distribution {
  public static let family = "student-t"
  /// Location [D], scatter [D, D] and degrees of freedom.
  public let distribution: MultivariateStudentT

  public init(_ distribution: MultivariateStudentT) { self.distribution = distribution }

  public var dimension: Int { distribution.dimension }
  /// The location, which is the mean where nu > 1.
  public var mean: [Double] { distribution.location }

  // MARK: - Density

  public func logDensity(at point: [Double], score: inout [Double]) -> Double {
    distribution.logDensity(at: point, score: &score)
  }

  public func sample(using source: inout RandomSource) -> [Double] { distribution.sample(using: &source) }

  // MARK: - Parts

  public func marginalDistribution(over indices: [Int]) throws -> any Distribution {
    StudentT(try distribution.marginal(over: indices))
  }

  /// - Throws: ``DistributionError`` if a value is not finite or there are not as many values as indices.
  public func conditionalDistribution(given indices: [Int], values: [Double]) throws -> any Distribution {
    try requireFinite(given: indices, values: values)
    return StudentT(try distribution.conditional(given: indices, values: values))
  }

  // MARK: - Storage

  public func encode(into archive: inout DistributionArchive) { distribution.encode(into: &archive, at: "") }

  /// - Throws: ``ArchiveError`` naming the array that is missing or unfit.
  public init(from archive: DistributionArchive) throws {
    distribution = try MultivariateStudentT(from: archive, at: "")
  }
}

/// Requires one finite value for each index, as every conditional does.
func requireFinite(given indices: [Int], values: [Double]) throws {
  guard indices.count == values.count else {
    throw DistributionError.dimensionMismatch(what: "given vector", expected: indices.count, found: values.count)
  }
  for (index, value) in zip(indices, values) where !value.isFinite {
    throw DistributionError.notFinite(what: "given value of coordinate \(index)", value: value)
  }
}

extension MultivariateStudentT {
  /// Stores location, scatter and degrees of freedom under a path.
  func encode(into archive: inout DistributionArchive, at path: String) {
    archive.set(location, for: path + "location")
    archive.set(scatter, for: path + "scatter")
    archive.set(degreesOfFreedom, for: path + "degrees_of_freedom")
  }

  /// Fewer have quantiles beyond all numbers; more are the normal distribution, which is infinitely many.
  static func requireDegreesOfFreedom(_ value: Double, named name: String) throws(ArchiveError) {
    guard (0.05...1e8).contains(value) || value == .infinity else {
      throw .invalid(name, value: value, condition: "between 0.05 and 1e8, or infinite")
    }
  }

  init(from archive: DistributionArchive, at path: String) throws {
    let location = try archive.vector(path + "location")
    let scatter = try archive.matrix(path + "scatter", rows: location.count, columns: location.count)
    let degreesOfFreedom = try archive.number(path + "degrees_of_freedom", allowingInfinity: true)
    try Self.requireDegreesOfFreedom(degreesOfFreedom, named: path + "degrees_of_freedom")
    try self.init(location: location, scatter: scatter, degreesOfFreedom: degreesOfFreedom)
  }
}

extension StudentT: TranslatableDistribution {
  public func translated(by shift: [Double]) throws -> any Distribution {
    StudentT(
      try MultivariateStudentT(
        location: zip(distribution.location, shift).map(+), scatter: distribution.scatter,
        degreesOfFreedom: distribution.degreesOfFreedom))
  }
}
