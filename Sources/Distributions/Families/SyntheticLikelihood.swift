import Foundation
public import NumericCore

/// How likely a summary u [K] of a sound is for given parameters: u = a + B^T h(theta) + e.
///
/// h_j = L tanh(t_j / L) with t = (theta - centre) / scale, and e is a Student-t with unit scatter: the units of u
/// are such.
///
/// A likelihood that is fitted to simulations in place of one that cannot be written down (Wood 2010,
/// doi:10.1038/nature09319). It says how sounds follow from presets, whatever presets are likely, so that it goes
/// with any prior: not only with the one that the simulations were drawn from. Being bounded, it cannot rule out
/// what the prior allows, however strange the sound.
///
/// Archive: `centre`, `scale` [D], `limit`, `slopes` [D, K], `intercept` [K], `degrees_of_freedom`.
public struct SyntheticLikelihood: Sendable, Hashable {
  /// [D].
  public let centre: [Double]
  /// Positive [D].
  public let scale: [Double]
  /// L, in units of the scale: the summary does not follow a parameter much farther. Positive.
  public let limit: Double
  /// B [D, K].
  public let slopes: Matrix
  /// a [K].
  public let intercept: [Double]
  /// Positive.
  public let degreesOfFreedom: Double
  private let logNormaliser: Double

  /// D.
  public var dimension: Int { centre.count }
  /// K.
  public var summaryCount: Int { intercept.count }

  /// - Precondition: positive scales, limit and degrees of freedom.
  /// - Throws: ``DistributionError/dimensionMismatch(what:expected:found:)`` if the parts do not fit each other.
  public init(
    centre: [Double], scale: [Double], limit: Double, slopes: Matrix, intercept: [Double], degreesOfFreedom: Double
  ) throws {
    precondition(limit > 0 && degreesOfFreedom > 0 && scale.allSatisfy { $0 > 0 }, "A likelihood without a scale")
    try requireSize("list of scales", scale.count, centre.count)
    try requireSize("matrix of slopes", slopes.rows, centre.count)
    try requireSize("row of slopes", slopes.columns, intercept.count)
    (self.centre, self.scale, self.limit) = (centre, scale, limit)
    (self.slopes, self.intercept, self.degreesOfFreedom) = (slopes, intercept, degreesOfFreedom)
    let (nu, count) = (degreesOfFreedom, Double(intercept.count))
    logNormaliser = lgamma((nu + count) / 2) - lgamma(nu / 2) - count / 2 * log(nu * .pi)
  }

  // MARK: - Value

  /// a + B^T h of rows [N, D] to [N, K].
  public func predictions(of rows: Matrix) -> Matrix {
    var held = rows
    for row in 0..<rows.rows {
      for column in centre.indices {
        held[row, column] = limit * tanh((rows[row, column] - centre[column]) / (scale[column] * limit))
      }
    }
    var result = held * slopes
    for row in 0..<result.rows {
      for column in intercept.indices { result[row, column] += intercept[column] }
    }
    return result
  }

  /// u less its prediction.
  func residual(of summary: [Double], given point: [Double]) -> [Double] {
    let predicted = predictions(of: Matrix(rows: 1, columns: point.count, values: point)).values
    return zip(summary, predicted).map { $0 - $1 }
  }

  /// log p(u | theta) from the squared distance of u and its prediction.
  public func logDensity(squaredDistance: Double) -> Double {
    logNormaliser - 0.5 * (degreesOfFreedom + Double(summaryCount)) * log1p(squaredDistance / degreesOfFreedom)
  }

  /// log p(u | theta); its gradient with respect to theta is added to `score`.
  public func logDensity(of summary: [Double], given point: [Double], addingScoreTo score: inout [Double]) -> Double
  {
    let rest = residual(of: summary, given: point)
    let squares = rest.reduce(0) { $0 + $1 * $1 }
    let pull = pull(squaredDistance: squares)
    let slope = slopes * rest
    for column in centre.indices {
      let tangent = tanh((point[column] - centre[column]) / (scale[column] * limit))
      score[column] += pull * slope[column] * (1 - tangent * tangent) / scale[column]
    }
    return logDensity(squaredDistance: squares)
  }

  /// The gradient of log p(u | theta) with respect to u is minus this times u less its prediction.
  func pull(squaredDistance: Double) -> Double {
    (degreesOfFreedom + Double(summaryCount)) / (degreesOfFreedom + squaredDistance)
  }

  // MARK: - Storage

  func encode(into archive: inout DistributionArchive) {
    archive.set(centre, for: "centre")
    archive.set(scale, for: "scale")
    archive.set(limit, for: "limit")
    archive.set(slopes, for: "slopes")
    archive.set(intercept, for: "intercept")
    archive.set(degreesOfFreedom, for: "degrees_of_freedom")
  }

  /// - Throws: ``ArchiveError`` naming the array that is missing or unfit.
  init(from archive: DistributionArchive, dimension: Int) throws {
    let scale = try archive.vector("scale", count: dimension)
    if let value = scale.first(where: { $0 <= 0 }) {
      throw ArchiveError.invalid("scale", value: value, condition: "positive")
    }
    let intercept = try archive.vector("intercept")
    try self.init(
      centre: archive.vector("centre", count: dimension), scale: scale, limit: archive.positiveNumber("limit"),
      slopes: archive.matrix("slopes", rows: dimension, columns: intercept.count), intercept: intercept,
      degreesOfFreedom: archive.positiveNumber("degrees_of_freedom"))
  }
}
