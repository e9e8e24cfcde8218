public import NumericCore

/// Affine coordinates z of logits, theta = centre + L z, in which a distribution with mean `centre` and covariance
/// L L^T has mean 0 and covariance 1: the coordinates in which optimisers and samplers work.
///
/// In the coordinates of its own moments a Gaussian prior is standard normal, so that its part of a loss is a sphere and
/// one unit of length is one standard deviation whatever the parameter.
public struct WhiteCoordinates: Sendable {
  public let centre: [Double]
  public let cholesky: Cholesky

  public var dimension: Int { centre.count }

  /// - Throws: ``LinearAlgebraError`` unless the covariance is finite, symmetric and positive definite.
  /// - Precondition: the covariance has as many rows as the centre has entries.
  public init(centre: [Double], covariance: Matrix) throws {
    precondition(covariance.rows == centre.count, "A centre of \(centre.count), a covariance of \(covariance.rows)")
    self.centre = centre
    cholesky = try Cholesky(covariance)
  }

  /// Standard coordinates about the origin.
  public static func identity(_ dimension: Int) throws -> WhiteCoordinates {
    try WhiteCoordinates(centre: Array(repeating: 0, count: dimension), covariance: .identity(dimension))
  }

  /// z of a point: L^-1 (theta - centre).
  public func white(_ theta: [Double]) -> [Double] {
    var result = zip(theta, centre).map { $0 - $1 }
    cholesky.forwardSubstitute(&result)
    return result
  }

  /// theta of coordinates: centre + L z.
  public func theta(_ white: [Double]) -> [Double] {
    var result = white
    cholesky.multiplyByFactor(&result)
    for index in result.indices { result[index] += centre[index] }
    return result
  }

  /// The gradient with respect to z of a function whose gradient with respect to theta is given: L^T g.
  public func pullback(_ gradient: [Double]) -> [Double] {
    var result = gradient
    cholesky.multiplyByTransposedFactor(&result)
    return result
  }
}
