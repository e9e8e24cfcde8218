public import Distributions
import NumericCore

extension WhiteCoordinates {
  /// How many draws stand for a family that has no scatter matrix of its own.
  private static let momentDraws = 8192

  /// The coordinates of a prior: from mean and covariance of a Gaussian, location and scatter of a Student-t, and
  /// for other families the moments of 8192 draws of a fixed seed, more than 16 per parameter required. What the
  /// density pins (`PinnedDistribution`) is pinned.
  ///
  /// - Throws: ``WhiteningError`` if draws have no usable covariance.
  public init(whitening distribution: any Distribution) throws {
    switch distribution {
    case let pinned as PinnedDistribution:
      let free = try WhiteCoordinates(whitening: pinned.free)
      self.init(free, centre: pinned.completed(free.centre), freePositions: pinned.freePositions)
    case let normal as MultivariateNormal:
      try self.init(centre: normal.mean, covariance: normal.covariance)
    case let student as StudentT:
      try self.init(centre: student.distribution.location, covariance: student.distribution.scatter)
    case let tilted as TiltedDistribution: try self.init(tilted, centre: tilted.mean, spread: 1)
    case let spread as SpreadDistribution where spread.base is TiltedDistribution:
      guard let tilted = spread.base as? TiltedDistribution else { preconditionFailure("No tilted base") }
      try self.init(tilted, centre: spread.mean, spread: spread.factor)
    default:
      let count = max(Self.momentDraws, 16 * distribution.dimension)
      var values: [Double] = []
      values.reserveCapacity(count * distribution.dimension)
      for draw in 0..<count {
        var source = RandomSource(seed: 0, stream: UInt64(draw))
        values += distribution.sample(using: &source)
      }
      do {
        let moments = try SampleMoments(Matrix(rows: count, columns: distribution.dimension, values: values))
        try self.init(centre: moments.mean, covariance: moments.covariance())
      } catch let error as LinearAlgebraError {
        throw WhiteningError(reason: error)
      }
    }
  }

  /// Those of what is tilted, about the mean: few draws differ, and a sound narrows only some directions.
  private init(_ tilted: TiltedDistribution, centre: [Double], spread: Double) throws {
    do {
      let moments = try SampleMoments(tilted.draws.held)
      try self.init(centre: centre, covariance: moments.covariance().scaled(by: spread * spread))
    } catch let error as LinearAlgebraError {
      throw WhiteningError(reason: error)
    }
  }

  /// The same scales without the correlations: for comparison.
  public func withoutCorrelations() throws -> WhiteCoordinates {
    let factor = cholesky.factor
    let variances = (0..<dimension).map { row in factor.row(row).reduce(0) { $0 + $1 * $1 } }
    return try WhiteCoordinates(centre: centre, covariance: .diagonal(variances), pinned: pinnedPositions)
  }
}

/// Draws of a prior that have no usable covariance.
public struct WhiteningError: Error, Sendable, CustomStringConvertible {
  let reason: LinearAlgebraError

  public var description: String {
    "The draws of this prior have no usable covariance (\(reason)): fit another family of priors."
  }
}
