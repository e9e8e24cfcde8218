import Foundation
public import NumericCore

/// A centre and a scatter that outlying rows hardly move: the orthogonalised Gnanadesikan-Kettenring estimate (OGK)
/// with tau-scales, in two rounds.
///
/// Collections have few times as many presets as parameters, or fewer. The minimum covariance determinant fits half
/// of the rows, so its scatter is nearly singular then, or singular; S- and Tyler estimates need more rows than
/// columns too. OGK is built from robust variances of pairs and of directions, is positive definite at any number
/// of rows, is deterministic, and costs columns^2 rows log(rows).
///
/// Maronna and Zamar, "Robust estimates of location and dispersion for high-dimensional datasets", Technometrics 44
/// (2002), doi:10.1198/004017002188618509, without their final reweighting, which needs more rows than columns.
public struct RobustScatter: Sendable {
  /// The location estimate [columns].
  public let centre: [Double]
  /// Symmetric; along directions without variation it has no extent.
  public let scatter: Matrix
  /// Orthogonal coordinates of both: x = A z, with the centre and scale of each z.
  private let basis: Matrix
  private let inverseBasis: Matrix
  private let coordinateCentre: [Double]
  private let coordinateScale: [Double]

  /// Scales below this share of the largest are rounding of directions in which the rows do not vary.
  private static let negligible = 1e-10

  /// - Throws: ``StatisticsError`` for fewer than 4 rows or a constant column, `LinearAlgebraError` if an entry
  ///   is not finite.
  public init(_ data: Matrix, rounds: Int = 2) throws {
    guard data.rows >= 4 else { throw StatisticsError.tooFew("A robust scatter", found: data.rows, needed: 4) }
    try data.requireFinite()
    let columns = data.columns
    var coordinates = data.transposed
    var basis = Matrix.identity(columns)
    var inverse = Matrix.identity(columns)
    for round in 0..<rounds {
      var scales = (0..<columns).map { TauScale.estimate(coordinates.row($0)).scale }
      if round == 0, let constant = scales.firstIndex(where: { !($0 > 0) }) {
        throw StatisticsError("Column \(constant) does not vary: leave it out of the search for outliers.")
      }
      let smallest = Self.negligible * (scales.max() ?? 0)
      for column in 0..<columns {
        if scales[column] <= smallest { scales[column] = 1 }
        for row in 0..<data.rows { coordinates[column, row] /= scales[column] }
      }
      let eigen = try SymmetricEigen(Self.pairwiseCorrelations(coordinates))
      // x = D E z in this round: rows of the coordinates are columns of the data.
      coordinates = eigen.vectors.multiplied(by: coordinates, transposingSelf: true)
      basis = basis * Matrix.diagonal(scales) * eigen.vectors
      inverse = eigen.vectors.transposed * Matrix.diagonal(scales.map { 1 / $0 }) * inverse
    }
    let estimates = (0..<columns).map { TauScale.estimate(coordinates.row($0)) }
    coordinateCentre = estimates.map(\.location)
    let smallest = Self.negligible * (estimates.map(\.scale).max() ?? 0)
    coordinateScale = estimates.map { $0.scale > smallest ? $0.scale : 0 }
    centre = basis * coordinateCentre
    scatter =
      (basis * Matrix.diagonal(coordinateScale.map { $0 * $0 }))
      .multiplied(by: basis, transposingOther: true).symmetrised
    self.basis = basis
    inverseBasis = inverse
  }

  /// Squared distances of rows from the centre in the metric of the scatter; directions without extent do not
  /// count.
  public func squaredDistances(toRows rows: Matrix) -> [Double] {
    let coordinates = rows.multiplied(by: inverseBasis, transposingOther: true)
    return (0..<rows.rows).map { row in
      (0..<rows.columns).reduce(0) { sum, column in
        guard coordinateScale[column] > 0 else { return sum }
        let score = (coordinates[row, column] - coordinateCentre[column]) / coordinateScale[column]
        return sum + score * score
      }
    }
  }

  /// (s(u + v)^2 - s(u - v)^2) / 4 for each pair of scaled columns, which are rows here.
  private static func pairwiseCorrelations(_ coordinates: Matrix) -> Matrix {
    var result = Matrix.identity(coordinates.rows)
    for first in 0..<coordinates.rows {
      let u = coordinates.row(first)
      for second in 0..<first {
        let v = coordinates.row(second)
        let sum = TauScale.estimate(zip(u, v).map(+)).scale
        let difference = TauScale.estimate(zip(u, v).map(-)).scale
        let correlation = (sum * sum - difference * difference) / 4
        result[first, second] = correlation
        result[second, first] = correlation
      }
    }
    return result
  }
}

/// The tau-estimates of location and scale that OGK is built on: one weighted step from median and MAD.
enum TauScale {
  /// c1 = 4.5 and c2 = 3 are the choices of the paper.
  static func estimate(_ values: [Double]) -> (location: Double, scale: Double) {
    var work = values
    let median = Self.median(&work)
    for index in values.indices { work[index] = (values[index] - median).magnitude }
    let deviation = Self.median(&work)
    guard deviation > 0 else { return plain(values) }
    var (weights, weighted) = (0.0, 0.0)
    for value in values {
      let score = (value - median) / (4.5 * deviation)
      let root = max(0, 1 - score * score)
      weights += root * root
      weighted += root * root * value
    }
    let location = weighted / weights
    let sum = values.reduce(0.0) { sum, value in
      let score = (value - location) / deviation
      return sum + min(score * score, 9)
    }
    return (location, deviation * (sum / Double(values.count) / normalConsistency).squareRoot())
  }

  /// Where more than half of the values are equal, the median deviation is 0: mean and standard deviation instead.
  private static func plain(_ values: [Double]) -> (location: Double, scale: Double) {
    guard values.contains(where: { $0 != values[0] }) else { return (values[0], 0) }
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, (squares / Double(values.count)).squareRoot())
  }

  /// E min(Z^2, (3 b)^2) for a standard normal Z and its median deviation b = 0.6745: makes the scale of a normal
  /// its standard deviation.
  private static let normalConsistency: Double = {
    let c = 3 * StandardNormal.quantile(0.75)
    let density = exp(-c * c / 2) / (2 * Double.pi).squareRoot()
    let tails = 2 * TailProbability.normal(c)
    return 1 - tails - 2 * c * density + c * c * tails
  }()

  private static func median(_ values: inout [Double]) -> Double {
    values.sort()
    let middle = values.count / 2
    return values.count % 2 == 1 ? values[middle] : 0.5 * (values[middle - 1] + values[middle])
  }
}
