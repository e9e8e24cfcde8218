import Foundation
public import NumericCore

/// Marginals of any shape, joined by the dependence of a Student-t or a Gaussian.
///
/// Each coordinate is carried to z = Phi^-1(F(x)) by its marginal and to y = T_nu^-1(Phi(z)); y has a multivariate
/// Student-t density (the latent one; nu may be infinite). So log p(x) = log t(y) + sum_i log dy_i/dx_i, and the
/// score is exact. Selecting and conditioning act on the latent distribution alone and keep the maps: both are
/// closed forms. The marginals are exactly the F_i where the latent location is 0 and its scatter has a unit
/// diagonal. Demarta and McNeil (2005), doi:10.1111/j.1751-5823.2005.tb00254.x.
///
/// Blocks of coordinates may be made radially Gaussian (`RadialMap`) between z and y; such blocks are kept or
/// left out whole.
public struct Copula: Distribution {
  public static let family = "copula"
  let marginals: [Marginal]
  let radialMaps: [RadialMap]
  let scale: StudentTScale
  /// The density of y, of the copula's dimension.
  public let latent: MultivariateStudentT
  /// The expected value; that of coordinates in radial blocks is an approximation, which takes the norm of the
  /// block for that of the latent distribution.
  public let mean: [Double]

  public var dimension: Int { marginals.count }

  package init(
    marginals: [Marginal], radialMaps: [RadialMap] = [], scale: StudentTScale, latent: MultivariateStudentT
  ) {
    precondition(
      marginals.count == latent.dimension, "\(marginals.count) marginals, \(latent.dimension) coordinates")
    self.marginals = marginals
    self.radialMaps = radialMaps
    self.scale = scale
    self.latent = latent
    let own = StudentTScale(degreesOfFreedom: latent.degreesOfFreedom)
    mean = marginals.indices.map { Self.mean(of: $0, marginals[$0], scale, latent, own) }
  }

  // MARK: - Density

  /// At points whose tail probability underflows the log density is minus infinity and the score zero.
  public func logDensity(at point: [Double], score: inout [Double]) -> Double {
    precondition(point.count == dimension, "A point of \(point.count) entries in \(dimension) dimensions")
    precondition(score.count == dimension, "A score of \(score.count) entries in \(dimension) dimensions")
    precondition(!point.contains { $0.isNaN }, "The log density of a point with NaN is undefined")
    guard let value = finiteLogDensity(at: point, score: &score), value.isFinite,
      score.allSatisfy({ $0.isFinite })
    else {
      for index in score.indices { score[index] = 0 }
      return -.infinity
    }
    return value
  }

  private func finiteLogDensity(at point: [Double], score: inout [Double]) -> Double? {
    var logJacobian = 0.0
    var deviates = point
    var inner = [MapValue]()
    inner.reserveCapacity(dimension)
    for index in 0..<dimension {
      let map = marginals[index].normalDeviate(of: point[index])
      guard map.value.isFinite else { return nil }
      inner.append(map)
      deviates[index] = map.value
      logJacobian += map.logSlope
    }
    var steps: [RadialMap.Step] = []
    for map in radialMaps {
      guard let step = map.apply(to: &deviates) else { return nil }
      steps.append(step)
      logJacobian += step.logDeterminant
    }
    var outerGradient = deviates
    var outerSlope = deviates
    for index in 0..<dimension {
      let map = scale.value(ofNormalDeviate: deviates[index])
      deviates[index] = map.value
      outerSlope[index] = exp(map.logSlope)
      outerGradient[index] = map.logSlopeDerivative
      logJacobian += map.logSlope
    }
    guard logJacobian.isFinite, deviates.allSatisfy({ $0.isFinite }) else { return nil }
    let value = latent.logDensity(at: deviates, score: &score) + logJacobian
    for index in 0..<dimension { score[index] = score[index] * outerSlope[index] + outerGradient[index] }
    for (map, step) in zip(radialMaps, steps) { map.pullBack(&score, through: step) }
    for index in 0..<dimension {
      score[index] = score[index] * exp(inner[index].logSlope) + inner[index].logSlopeDerivative
    }
    return value
  }

  public func sample(using source: inout RandomSource) -> [Double] {
    var deviates = latent.sample(using: &source).map { scale.normalDeviate(ofValue: $0) }
    for map in radialMaps { map.invert(&deviates) }
    return zip(marginals, deviates).map { $0.value(ofNormalDeviate: $1) }
  }

  /// The expected value of a coordinate, by the trapezoidal rule over the normal deviate of its latent variable.
  private static func mean(
    of index: Int, _ marginal: Marginal, _ scale: StudentTScale, _ latent: MultivariateStudentT,
    _ own: StudentTScale
  ) -> Double {
    let width = latent.scatter[index, index].squareRoot()
    let step = 0.125
    return (-72...72).reduce(0.0) { sum, node in
      let v = Double(node) * step
      let y = latent.location[index] + width * own.value(ofNormalDeviate: v).value
      let x = marginal.value(ofNormalDeviate: scale.normalDeviate(ofValue: y))
      return sum + step * exp(StandardNormal.logDensity(v)) * x
    }
  }

  // MARK: - Parts

  /// - Throws: ``CopulaError`` if the indices split a radial block.
  public func marginalDistribution(over indices: [Int]) throws -> any Distribution {
    Copula(
      marginals: indices.map { marginals[$0] }, radialMaps: try radialMaps(over: indices), scale: scale,
      latent: try latent.marginal(over: indices))
  }

  /// - Throws: ``CopulaError`` if the indices split a radial block, ``DistributionError`` if a value is not finite
  ///   or beyond the tails of its marginal, or there are not as many values as indices.
  public func conditionalDistribution(given indices: [Int], values: [Double]) throws -> any Distribution {
    try requireFinite(given: indices, values: values)
    var deviates = zip(indices, values).map { marginals[$0].normalDeviate(of: $1).value }
    var outside = false
    for map in try radialMaps(over: indices) where map.apply(to: &deviates) == nil { outside = true }
    deviates = deviates.map { $0.isFinite ? scale.value(ofNormalDeviate: $0).value : $0 }
    for (index, deviate) in zip(indices, deviates) where outside || !deviate.isFinite {
      throw DistributionError.notFinite(
        what: "latent deviate of the given value of coordinate \(index)", value: deviate)
    }
    let given = Set(indices)
    let remaining = (0..<dimension).filter { !given.contains($0) }
    return Copula(
      marginals: remaining.map { marginals[$0] }, radialMaps: try radialMaps(over: remaining), scale: scale,
      latent: try latent.conditional(given: indices, values: deviates))
  }

  /// The radial maps of the blocks among some coordinates, at the positions these take.
  private func radialMaps(over indices: [Int]) throws -> [RadialMap] {
    let positions = Dictionary(uniqueKeysWithValues: indices.enumerated().map { ($1, $0) })
    return try radialMaps.compactMap { try $0.moved(to: positions) }
  }

  // MARK: - Storage

  public func encode(into archive: inout DistributionArchive) {
    latent.encode(into: &archive, at: "latent/")
    archive.set(scale.distribution.degreesOfFreedom, for: "scale_degrees_of_freedom")
    archive.set(Double(radialMaps.count), for: "radial_maps")
    for (index, marginal) in marginals.enumerated() {
      marginal.encode(into: &archive, at: "marginal/\(index)/")
    }
    for (index, map) in radialMaps.enumerated() { map.encode(into: &archive, at: "radial/\(index)/") }
  }

  /// - Throws: ``ArchiveError`` naming the array that is missing or unfit.
  public init(from archive: DistributionArchive) throws {
    let latent = try MultivariateStudentT(from: archive, at: "latent/")
    let degreesOfFreedom = try archive.number("scale_degrees_of_freedom", allowingInfinity: true)
    try MultivariateStudentT.requireDegreesOfFreedom(degreesOfFreedom, named: "scale_degrees_of_freedom")
    let stored = try archive.number("radial_maps")
    guard let count = Int(exactly: stored), (0...latent.dimension).contains(count) else {
      throw ArchiveError.invalid("radial_maps", value: stored, condition: "a count")
    }
    self.init(
      marginals: try (0..<latent.dimension).map { try Marginal(from: archive, at: "marginal/\($0)/") },
      radialMaps: try (0..<count).map {
        try RadialMap(from: archive, at: "radial/\($0)/", dimension: latent.dimension)
      }, scale: StudentTScale(degreesOfFreedom: degreesOfFreedom), latent: latent)
  }
}
