import Foundation
public import NumericCore

/// Marginals of any shape, joined by the dependence of a Student-t or a Gaussian.
///
/// Each coordinate is carried to z = Phi^-1(F(x)) by its marginal and to y = T_nu^-1(Phi(z)); y has a multivariate
/// Student-t density (the latent one; nu may be infinite). So log p(x) = log t(y) + sum_i log dy_i/dx_i, and the
/// score is exact. Selecting and conditioning act on the latent density alone and keep the maps: both are closed
/// forms. The marginals are exactly the F_i where the latent location is 0 and its scatter has a unit diagonal.
/// Demarta and McNeil (2005), doi:10.1111/j.1751-5823.2005.tb00254.x.
public struct Copula: Density {
  public static let family = "copula"
  let marginals: [Marginal]
  let scale: StudentTScale
  public let latent: MultivariateStudentT
  public let mean: [Double]

  public var dimension: Int { marginals.count }

  init(marginals: [Marginal], scale: StudentTScale, latent: MultivariateStudentT) {
    precondition(
      marginals.count == latent.dimension, "\(marginals.count) marginals, \(latent.dimension) coordinates")
    self.marginals = marginals
    self.scale = scale
    self.latent = latent
    mean = marginals.indices.map { Self.mean(of: $0, marginals[$0], scale, latent) }
  }

  // MARK: - Density

  /// At points whose tail probability underflows the log density is minus infinity and the gradient zero.
  public func logDensity(at point: [Double], gradient: inout [Double]) -> Double {
    precondition(point.count == dimension, "A point of \(point.count) entries in \(dimension) dimensions")
    var deviates = point
    var slopes = point
    var logSlopeGradient = point
    var logJacobian = 0.0
    for index in 0..<dimension {
      precondition(!point[index].isNaN, "The log density of a point with NaN is undefined")
      let map = map(point[index], index)
      deviates[index] = map.value
      slopes[index] = exp(map.logSlope)
      logSlopeGradient[index] = map.logSlopeDerivative
      logJacobian += map.logSlope
    }
    guard logJacobian.isFinite, deviates.allSatisfy({ $0.isFinite }) else {
      for index in gradient.indices { gradient[index] = 0 }
      return -.infinity
    }
    let value = latent.logDensity(at: deviates, gradient: &gradient) + logJacobian
    guard value.isFinite, slopes.allSatisfy({ $0.isFinite }) else {
      for index in gradient.indices { gradient[index] = 0 }
      return -.infinity
    }
    for index in gradient.indices { gradient[index] = gradient[index] * slopes[index] + logSlopeGradient[index] }
    return value
  }

  /// From a coordinate to its latent deviate.
  private func map(_ x: Double, _ index: Int) -> MapValue {
    let inner = marginals[index].normalDeviate(of: x)
    guard inner.value.isFinite else { return inner }
    let outer = scale.value(ofNormalDeviate: inner.value)
    return MapValue(
      value: outer.value, logSlope: inner.logSlope + outer.logSlope,
      logSlopeDerivative: inner.logSlopeDerivative + outer.logSlopeDerivative * exp(inner.logSlope))
  }

  public func sample(using source: inout RandomSource) -> [Double] {
    let deviates = latent.sample(using: &source)
    return deviates.indices.map { value(ofDeviate: deviates[$0], $0) }
  }

  private func value(ofDeviate y: Double, _ index: Int) -> Double {
    marginals[index].value(ofNormalDeviate: scale.normalDeviate(ofValue: y))
  }

  /// The expected value of a coordinate, by the trapezoidal rule over the normal deviate of its latent variable.
  private static func mean(
    of index: Int, _ marginal: Marginal, _ scale: StudentTScale, _ latent: MultivariateStudentT
  ) -> Double {
    let width = latent.scatter[index, index].squareRoot()
    let own = StudentTScale(degreesOfFreedom: latent.degreesOfFreedom)
    let step = 0.125
    return (-72...72).reduce(0.0) { sum, node in
      let v = Double(node) * step
      let y = latent.location[index] + width * own.value(ofNormalDeviate: v).value
      let x = marginal.value(ofNormalDeviate: scale.normalDeviate(ofValue: y))
      return sum + step * exp(StandardNormal.logDensity(v)) * x
    }
  }

  // MARK: - Parts

  public func marginal(over indices: [Int]) throws -> any Density {
    Copula(
      marginals: indices.map { marginals[$0] }, scale: scale, latent: try latent.marginal(over: indices))
  }

  /// - Throws: ``PriorError`` if a value is not finite or beyond the tails of its marginal, or there are not as many
  ///   values as indices.
  public func conditional(given indices: [Int], values: [Double]) throws -> any Density {
    try requireFinite(given: indices, values: values)
    let deviates = zip(indices, values).map { map($1, $0).value }
    for (index, deviate) in zip(indices, deviates) where !deviate.isFinite {
      throw PriorError.notFinite(what: "latent deviate of the given value of coordinate \(index)", value: deviate)
    }
    let given = Set(indices)
    let remaining = (0..<dimension).filter { !given.contains($0) }
    return Copula(
      marginals: remaining.map { marginals[$0] }, scale: scale,
      latent: try latent.conditional(given: indices, values: deviates))
  }

  // MARK: - Storage

  public func encode(into archive: inout DensityArchive) {
    latent.encode(into: &archive, at: "latent/")
    archive.set(scale.distribution.degreesOfFreedom, for: "scale_degrees_of_freedom")
    for (index, marginal) in marginals.enumerated() {
      marginal.encode(into: &archive, at: "marginal/\(index)/")
    }
  }

  /// - Throws: ``ArchiveError`` naming the array that is missing or unfit.
  public init(from archive: DensityArchive) throws {
    let latent = try MultivariateStudentT(from: archive, at: "latent/")
    let degreesOfFreedom = try archive.number("scale_degrees_of_freedom", allowingInfinity: true)
    guard degreesOfFreedom > 0 else {
      throw ArchiveError.invalid("scale_degrees_of_freedom", value: degreesOfFreedom, condition: "positive")
    }
    self.init(
      marginals: try (0..<latent.dimension).map { try Marginal(from: archive, at: "marginal/\($0)/") },
      scale: StudentTScale(degreesOfFreedom: degreesOfFreedom), latent: latent)
  }
}
