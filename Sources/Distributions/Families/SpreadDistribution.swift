import Foundation
public import NumericCore

/// A distribution spread about a point: x = centre + factor (b - centre) with b of a base distribution.
///
/// Regions of highest density keep their shape and their probability, and grow by the factor. Pinned coordinates
/// stay where they are. Archive: `factor`, `centre` [D], `base/family` and the base under `base/density/`.
public struct SpreadDistribution: Distribution {
  public static let family = "spread"
  /// Of b.
  public let base: any Distribution
  /// What does not move [D].
  public let centre: [Double]
  /// Positive; above 1 the distribution is wider than the base.
  public let factor: Double

  /// - Precondition: a finite centre of the base's dimension, which has the value of every pinned coordinate, and a
  ///   positive finite factor.
  public init(_ base: any Distribution, about centre: [Double], by factor: Double) {
    precondition(centre.count == base.dimension, "A centre of \(centre.count) in \(base.dimension) dimensions")
    precondition(centre.allSatisfy { $0.isFinite }, "A centre that is not finite")
    precondition(factor > 0 && factor.isFinite, "A factor of \(factor)")
    (self.base, self.centre, self.factor) = (base, centre, factor)
  }

  public var dimension: Int { base.dimension }
  public var mean: [Double] { outwards(base.mean) }
  public var pinnedPositions: [Int] { base.pinnedPositions }

  private func outwards(_ point: [Double]) -> [Double] { point.spread(about: centre, by: factor) }
  private func inwards(_ point: [Double]) -> [Double] { point.spread(about: centre, by: 1 / factor) }

  // MARK: - Density

  /// The logarithm of the volume that the base's unit of volume takes.
  private var logVolume: Double { Double(dimension - pinnedPositions.count) * log(factor) }

  public func logDensity(at point: [Double], score: inout [Double]) -> Double {
    let value = base.logDensity(at: inwards(point), score: &score)
    for index in score.indices { score[index] /= factor }
    return value - logVolume
  }

  public func logDensity(at point: [Double]) -> Double { base.logDensity(at: inwards(point)) - logVolume }

  public func logDensities(ofRows points: Matrix) -> [Double] {
    let inner = Matrix(
      rows: points.rows, columns: points.columns, values: (0..<points.rows).flatMap { inwards(points.row($0)) })
    let volume = logVolume
    return base.logDensities(ofRows: inner).map { $0 - volume }
  }

  public func sample(using source: inout RandomSource) -> [Double] { outwards(base.sample(using: &source)) }

  // MARK: - Parts

  /// - Throws: what the base throws.
  public func marginalDistribution(over indices: [Int]) throws -> any Distribution {
    SpreadDistribution(
      try base.marginalDistribution(over: indices), about: indices.map { centre[$0] }, by: factor)
  }

  /// - Throws: what the base throws.
  public func conditionalDistribution(given indices: [Int], values: [Double]) throws -> any Distribution {
    try requireFinite(given: indices, values: values)
    let known = Set(indices)
    return SpreadDistribution(
      try base.conditionalDistribution(
        given: indices, values: values.spread(about: indices.map { centre[$0] }, by: 1 / factor)),
      about: centre.indices.filter { !known.contains($0) }.map { centre[$0] }, by: factor)
  }

  // MARK: - Storage

  public var storedDistributions: [any Distribution] { [base] }

  public func encode(into archive: inout DistributionArchive) {
    archive.set(factor, for: "factor")
    archive.set(centre, for: "centre")
    archive.set(base, at: "base")
  }

  /// - Throws: ``ArchiveError`` naming the array that is missing or unfit.
  public init(from archive: DistributionArchive) throws {
    let base = try archive.distribution(at: "base", as: (any Distribution).self)
    let factor = try archive.positiveNumber("factor")
    self.init(base, about: try archive.vector("centre", count: base.dimension), by: factor)
  }
}

extension Distribution {
  /// The distribution spread about its mean: of the same family where that is known, else a ``SpreadDistribution``.
  ///
  /// - Parameter factor: of lengths, positive.
  /// - Throws: `LinearAlgebraError` for a spread beyond any number.
  public func spread(by factor: Double) throws -> any Distribution {
    let square = factor * factor
    switch self {
    case _ where factor == 1: return self
    case let normal as MultivariateNormal:
      return try MultivariateNormal(mean: normal.mean, covariance: normal.covariance.scaled(by: square))
    case let heavy as StudentT:
      let inner = heavy.distribution
      return StudentT(
        try MultivariateStudentT(
          location: inner.location, scatter: inner.scatter.scaled(by: square),
          degreesOfFreedom: inner.degreesOfFreedom))
    default: return SpreadDistribution(self, about: mean, by: factor)
    }
  }
}

extension Collection<Double> {
  /// centre + factor (x - centre).
  package func spread(about centre: [Double], by factor: Double) -> [Double] {
    zip(self, centre).map { $1 + factor * ($0 - $1) }
  }
}
