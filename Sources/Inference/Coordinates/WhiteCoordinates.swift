public import NumericCore

/// Affine coordinates z of logits, theta = centre + L z, in which a distribution with mean `centre` and covariance
/// L L^T has mean 0 and covariance 1: the coordinates in which optimisers and samplers work.
///
/// In the coordinates of its own moments a Gaussian prior is standard normal, so that its part of a loss is a
/// sphere and one unit of length is one standard deviation whatever the parameter.
///
/// Parameters that are pinned have no coordinate: z is that of the free ones, and theta has the pinned entries of
/// the centre, to the last bit, whatever z is.
public struct WhiteCoordinates: Sendable {
  /// theta at z = 0, pinned values included.
  public let centre: [Double]
  /// The positions in theta that z moves, ascending.
  public let freePositions: [Int]
  /// Of the covariance of the free parameters.
  public let cholesky: Cholesky

  /// Number of entries of z.
  public var dimension: Int { freePositions.count }
  /// Number of entries of theta.
  public var parameterCount: Int { centre.count }

  /// - Parameters:
  ///   - centre: a value for every parameter.
  ///   - covariance: of the free parameters, in their order.
  ///   - pinned: positions of the parameters that stay where the centre has them.
  /// - Throws: `LinearAlgebraError` unless the covariance is finite, symmetric and positive definite.
  /// - Precondition: the covariance has a row for every free parameter; pinned positions are distinct and exist.
  public init(centre: [Double], covariance: Matrix, pinned: [Int] = []) throws {
    let known = Set(pinned)
    precondition(
      known.count == pinned.count && known.allSatisfy(centre.indices.contains),
      "Positions \(pinned) of \(centre.count) parameters")
    freePositions = known.isEmpty ? Array(centre.indices) : centre.indices.filter { !known.contains($0) }
    precondition(
      covariance.rows == freePositions.count,
      "\(freePositions.count) free parameters, a covariance of \(covariance.rows)")
    self.centre = centre
    cholesky = try Cholesky(covariance)
  }

  /// Coordinates of some parameters as those of more of them, the rest pinned where `centre` has them.
  init(_ free: WhiteCoordinates, centre: [Double], freePositions: [Int]) {
    precondition(free.dimension == freePositions.count, "\(free.dimension) coordinates at \(freePositions)")
    self.centre = centre
    self.freePositions = freePositions
    cholesky = free.cholesky
  }

  /// Standard coordinates about the origin.
  public static func identity(_ dimension: Int) throws -> WhiteCoordinates {
    try WhiteCoordinates(centre: Array(repeating: 0, count: dimension), covariance: .identity(dimension))
  }

  /// The positions in theta that z does not move, ascending.
  public var pinnedPositions: [Int] {
    guard dimension < parameterCount else { return [] }
    let free = Set(freePositions)
    return centre.indices.filter { !free.contains($0) }
  }

  /// The covariance L L^T of theta where z has covariance 1; zero where theta is pinned.
  public var covariance: Matrix {
    var columns = Matrix(rows: dimension, columns: parameterCount)
    for index in 0..<dimension {
      var column = [Double](repeating: 0, count: dimension)
      column[index] = 1
      cholesky.multiplyByFactor(&column)
      for (position, value) in zip(freePositions, column) { columns[index, position] = value }
    }
    return columns.gram()
  }

  /// z of a point: L^-1 (theta - centre) over the free parameters. Pinned entries are not looked at.
  public func white(_ theta: [Double]) -> [Double] {
    precondition(theta.count == parameterCount, "\(theta.count) of \(parameterCount) parameters")
    var result = freePositions.map { theta[$0] - centre[$0] }
    cholesky.forwardSubstitute(&result)
    return result
  }

  /// theta of coordinates: centre + L z, and the centre itself where it is pinned.
  public func theta(_ white: [Double]) -> [Double] {
    var moves = white
    cholesky.multiplyByFactor(&moves)
    var result = centre
    for (position, move) in zip(freePositions, moves) { result[position] += move }
    return result
  }

  /// The gradient with respect to z of a function whose gradient with respect to theta is given: L^T g.
  public func pullback(_ gradient: [Double]) -> [Double] {
    precondition(
      gradient.count == parameterCount, "A gradient of \(gradient.count) of \(parameterCount) parameters")
    var result = freePositions.map { gradient[$0] }
    cholesky.multiplyByTransposedFactor(&result)
    return result
  }
}
