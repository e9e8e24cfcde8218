import Foundation
public import NumericCore

/// A Gaussian with the mode of a log density as its mean and the inverse Hessian there as its covariance.
///
/// The Hessian of minus the log density is taken in white coordinates, where that of a Gaussian prior is the
/// identity: a column is the central difference of the gradient over ±``step`` standard deviations of the prior,
/// and the mean of both triangles is decomposed. A density need not be concave at what an optimiser found, and
/// rendering in single precision makes the smallest curvatures uncertain, so eigenvalues below ``curvatureFloor``
/// are raised to it: along those directions the approximation is 1 / sqrt(floor) prior standard deviations wide and
/// no wider. How many were raised, and how many of them were negative, is part of the result.
///
/// Along the directions of oscillatory parameters (``LogDensity/oscillatoryPositions``) the trend counts: their
/// curvature is that of a parabola through values ``rippleReach`` away on both sides, the mixed one that of the
/// other gradients there, and between two such directions it is taken for none.
public struct LaplaceApproximation: Sendable {
  /// In units of the prior's standard deviation.
  public static let step = 0.03
  /// The same for oscillatory parameters.
  public static let rippleReach = 0.5
  /// A tenth of the curvature that the prior alone has.
  public static let curvatureFloor = 0.1

  /// The point that it is at, in theta.
  public let mode: [Double]
  /// Over the free parameters, in their order.
  public let distribution: MultivariateNormal
  /// Parameters that stay at the mode, by position.
  public let pinnedPositions: [Int]
  /// The eigenvalues of the Hessian before they were raised, ascending.
  public let curvatures: [Double]

  /// An approximation from storage.
  ///
  /// - Parameters:
  ///   - mode: the point of highest density, in theta.
  ///   - covariance: of the parameters that are not pinned.
  ///   - pinnedPositions: positions of the parameters that stay at the mode.
  ///   - curvatures: the eigenvalues of the Hessian before they were raised, ascending.
  /// - Throws: `LinearAlgebraError` for a covariance that is not symmetric and positive definite.
  public init(mode: [Double], covariance: Matrix, pinnedPositions: [Int], curvatures: [Double]) throws {
    let pinned = Set(pinnedPositions)
    self.mode = mode
    distribution = try MultivariateNormal(
      mean: mode.indices.filter { !pinned.contains($0) }.map { mode[$0] }, covariance: covariance)
    self.pinnedPositions = pinnedPositions
    self.curvatures = curvatures
  }

  /// How many eigenvalues were raised.
  public var raisedCount: Int { curvatures.count { $0 < Self.curvatureFloor } }
  /// How many eigenvalues were not positive.
  public var nonPositiveCount: Int { curvatures.count { $0 <= 0 } }

  /// - Parameters:
  ///   - mode: the point of highest density, in theta.
  ///   - white: coordinates in which the density is about as wide in all directions.
  ///   - threads: most threads to use, each with a density of its own; the result does not depend on them.
  ///   - isCancelled: asked before every evaluation.
  ///   - makeDensity: a density for one thread.
  /// - Throws: ``LaplaceError`` where a gradient is not finite, and what the density throws.
  public init(
    at mode: [Double], white: WhiteCoordinates, threads: Int,
    isCancelled: @escaping @Sendable () -> Bool = { false },
    makeDensity: @Sendable () throws -> any LogDensity
  ) throws {
    let dimension = white.dimension
    let centre = white.white(mode)
    let columns = Columns(dimension: dimension)
    @Sendable func target() throws -> SamplingTarget {
      SamplingTarget(try makeDensity(), coordinates: white, isCancelled: isCancelled)
    }
    try ParallelBlocks.runInOrder(
      count: dimension, threads: threads, makeWorkspace: target,
      process: { column, target in
        var direction = [Double](repeating: 0, count: dimension)
        direction[column] = 1
        target.removeRipples(&direction)
        columns.store(
          try target.bend(at: centre, along: direction, over: Self.step, column: column).change, at: column)
      })
    var hessian = columns.hessian.symmetrised
    let alone = try target()
    for direction in alone.oscillatoryDirections {
      let bend = try alone.bend(at: centre, along: direction, over: Self.rippleReach, column: nil)
      for row in 0..<dimension {
        for column in 0..<dimension {
          hessian[row, column] +=
            bend.change[row] * direction[column] + direction[row] * bend.change[column]
            + bend.curvature * direction[row] * direction[column]
        }
      }
    }
    let eigen = try SymmetricEigen(hessian)
    // theta = centre + L z, so that the covariance of theta is L H^-1 L^T.
    let covariance = eigen.applying { 1 / max($0, Self.curvatureFloor) }
    let factor = white.cholesky.factor
    try self.init(
      mode: mode, covariance: (factor * covariance).multiplied(by: factor, transposingOther: true).symmetrised,
      pinnedPositions: white.pinnedPositions, curvatures: eigen.values)
  }

  /// The coordinates in which this distribution is standard normal.
  public var coordinates: WhiteCoordinates {
    get throws {
      try WhiteCoordinates(centre: mode, covariance: distribution.covariance, pinned: pinnedPositions)
    }
  }

  /// Coordinates for the paths of a sampler, in which this distribution is standard normal but nowhere wider than
  /// sqrt(2) standard deviations of the prior: curvatures below a half are more often an accident of the mode than
  /// the width of the posterior.
  public func metric(white: WhiteCoordinates) throws -> WhiteCoordinates {
    let factor = white.cholesky.factor
    let half = white.cholesky.forwardSubstituted(distribution.covariance)
    let inWhite = white.cholesky.forwardSubstituted(half.transposed).symmetrised
    let capped = try SymmetricEigen(inWhite).applying { min($0, 2) }
    return try WhiteCoordinates(
      centre: mode, covariance: (factor * capped).multiplied(by: factor, transposingOther: true).symmetrised,
      pinned: pinnedPositions)
  }

  /// What a reader should know of how the Hessian was treated; nil where it was taken as it is.
  public var note: String? {
    guard raisedCount > 0 else { return nil }
    return
      "\(raisedCount) of \(curvatures.count) curvatures at the mode were below "
      + "\(Self.curvatureFloor) of the prior's"
      + (nonPositiveCount > 0 ? ", \(nonPositiveCount) of them not positive," : "")
      + " and were raised to that: the approximation is rough along those directions"
  }

  /// Columns of a matrix, each written by the thread that has it.
  ///
  /// Unchecked sendable: each column is written once, by one thread, and all are read after the last.
  private final class Columns: @unchecked Sendable {
    private let values: UnsafeMutableBufferPointer<Double>
    private let dimension: Int

    init(dimension: Int) {
      self.dimension = dimension
      values = .allocate(capacity: dimension * dimension)
      values.initialize(repeating: 0)
    }

    deinit { values.deallocate() }

    func store(_ column: [Double], at index: Int) {
      for (row, value) in column.enumerated() { values[index * dimension + row] = value }
    }

    var hessian: Matrix { Matrix(rows: dimension, columns: dimension, values: Array(values)) }
  }
}

extension SamplingTarget {
  /// How minus the log density bends along a direction: the change of its gradient per unit, by central
  /// differences, and the second difference of its values.
  fileprivate func bend(
    at centre: [Double], along direction: [Double], over reach: Double, column: Int?
  ) throws -> (change: [Double], curvature: Double) {
    let points = try [reach, -reach].map { offset in
      let point = try point(at: centre.moved(by: offset, along: direction), withGradient: true)
      guard point.isPossible else { throw LaplaceError(column: column) }
      return point
    }
    let change = zip(points[0].gradient, points[1].gradient).map { ($1 - $0) / (2 * reach) }
    guard column == nil else { return (change, 0) }
    let middle = try point(at: centre, withGradient: false)
    return (change, (2 * middle.value - points[0].value - points[1].value) / (reach * reach))
  }
}
