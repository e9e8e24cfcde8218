import Foundation
public import NumericCore

/// Parameters about a smooth function of components: theta = m(z) + e with z normal and e of a given distribution.
///
/// m(z) = offset + sum_i k(z, i) coefficients_i with k(z, i) = exp(-|u - centre_i|^2) and u_j = scale_j times z_j
/// held within +-limit. Far from all centres m is the offset: what is unlike all that was seen says nothing. A
/// point is theta, then z [D + K]. The conditional given all of z is e moved by m(z); other conditionals, and
/// marginals of parameters, have no closed form.
///
/// Archive: `inputs/` a normal over z [K], `centres` [M, K], `scales` [K], `limit`, `offset` [D], `coefficients`
/// [M, D], `residual/family` and the distribution of e under `residual/density/`.
public struct KernelRegression: Distribution {
  public static let family = "kernel-regression"
  /// Of the components [K].
  public let inputs: MultivariateNormal
  /// In scaled units [M, K].
  public let centres: Matrix
  /// From components to scaled units [K].
  public let scales: [Double]
  /// Components beyond this count as this far.
  public let limit: Double
  /// [D].
  public let offset: [Double]
  /// [M, D].
  public let coefficients: Matrix
  /// Of what the components leave open [D].
  public let residual: any TranslatableDistribution

  /// D + K.
  public var dimension: Int { offset.count + scales.count }
  /// That of the components, with the parameters predicted there; the expected parameters have no closed form.
  public var mean: [Double] { zip(prediction(at: inputs.mean), residual.mean).map(+) + inputs.mean }

  /// - Throws: ``DistributionError/dimensionMismatch(what:expected:found:)`` if the parts do not fit each other.
  public init(
    inputs: MultivariateNormal, centres: Matrix, scales: [Double], limit: Double, offset: [Double],
    coefficients: Matrix, residual: any TranslatableDistribution
  ) throws {
    func require(_ what: String, _ found: Int, _ expected: Int) throws {
      guard found == expected else {
        throw DistributionError.dimensionMismatch(what: what, expected: expected, found: found)
      }
    }
    try require("list of scales", scales.count, inputs.dimension)
    try require("matrix of centres", centres.columns, inputs.dimension)
    try require("matrix of coefficients", coefficients.rows, centres.rows)
    try require("row of coefficients", coefficients.columns, offset.count)
    try require("residual", residual.dimension, offset.count)
    (self.inputs, self.centres, self.scales, self.limit) = (inputs, centres, scales, limit)
    (self.offset, self.coefficients, self.residual) = (offset, coefficients, residual)
  }

  // MARK: - The function

  /// m(z).
  public func prediction(at components: [Double]) -> [Double] {
    predictions(at: Matrix(rows: 1, columns: components.count, values: components)).values
  }

  /// m of each row [N, K] to [N, D].
  public func predictions(at components: Matrix) -> Matrix {
    var result = Self.kernel(of: scaled(components), centres) * coefficients
    for row in 0..<result.rows {
      for column in 0..<offset.count { result[row, column] += offset[column] }
    }
    return result
  }

  /// Components in scaled units.
  private func scaled(_ components: Matrix) -> Matrix {
    precondition(components.columns == scales.count, "\(components.columns) components, not \(scales.count)")
    var result = components
    for row in 0..<result.rows {
      for column in scales.indices {
        result[row, column] = scales[column] * min(max(result[row, column], -limit), limit)
      }
    }
    return result
  }

  /// k of rows [N, K] and centres [M, K] in scaled units: [N, M].
  package static func kernel(of rows: Matrix, _ centres: Matrix) -> Matrix {
    func squares(_ rows: Matrix) -> [Double] {
      (0..<rows.rows).map { rows.row($0).reduce(0) { $0 + $1 * $1 } }
    }
    var result = rows.multiplied(by: centres, transposingOther: true)
    let (own, other) = (squares(rows), squares(centres))
    for row in 0..<result.rows {
      for column in 0..<result.columns {
        // Rounding may give a squared distance below 0.
        result[row, column] = exp(min(0, 2 * result[row, column] - own[row] - other[column]))
      }
    }
    return result
  }

  // MARK: - Density

  private func parts(_ point: [Double]) -> (parameters: ArraySlice<Double>, components: [Double]) {
    precondition(point.count == dimension, "A point of \(point.count) entries in \(dimension) dimensions")
    return (point[..<offset.count], Array(point[offset.count...]))
  }

  public func logDensity(at point: [Double], score: inout [Double]) -> Double {
    let (parameters, components) = parts(point)
    var inner = [Double](repeating: 0, count: offset.count)
    let rest = zip(parameters, prediction(at: components)).map { $0 - $1 }
    let value = residual.logDensity(at: rest, score: &inner)
    var outer = [Double](repeating: 0, count: scales.count)
    let marginal = inputs.logDensity(at: components, score: &outer)
    let slopes = pullback(inner, at: components)
    score.replaceSubrange(0..<offset.count, with: inner)
    for column in scales.indices { score[offset.count + column] = outer[column] - slopes[column] }
    return value + marginal
  }

  /// The gradient of `cotangent` . m with respect to the components.
  private func pullback(_ cotangent: [Double], at components: [Double]) -> [Double] {
    let scaled = scaled(Matrix(rows: 1, columns: components.count, values: components))
    let weights = zip(Self.kernel(of: scaled, centres).values, coefficients * cotangent).map { $0 * $1 }
    let pulled = centres.transposed * weights
    let total = weights.reduce(0, +)
    return scales.indices.map { column in
      abs(components[column]) < limit
        ? 2 * scales[column] * (pulled[column] - total * scaled.values[column]) : 0
    }
  }

  public func logDensities(ofRows points: Matrix) -> [Double] {
    let rows = Array(0..<points.rows)
    let components = points.selecting(rows: rows, columns: Array(offset.count..<dimension))
    var rest = points.selecting(rows: rows, columns: Array(offset.indices))
    let predicted = predictions(at: components)
    for index in rest.values.indices { rest.values[index] -= predicted.values[index] }
    return zip(residual.logDensities(ofRows: rest), inputs.logDensities(ofRows: components)).map(+)
  }

  public func sample(using source: inout RandomSource) -> [Double] {
    let components = inputs.sample(using: &source)
    return zip(prediction(at: components), residual.sample(using: &source)).map(+) + components
  }

  // MARK: - Parts

  /// - Throws: ``DistributionError/noClosedForm(family:what:)`` for anything but components.
  public func marginalDistribution(over indices: [Int]) throws -> any Distribution {
    guard indices.allSatisfy({ (offset.count..<dimension).contains($0) }) else {
      throw DistributionError.noClosedForm(family: Self.family, what: "marginal of parameters")
    }
    return try inputs.marginal(over: indices.map { $0 - offset.count })
  }

  /// - Throws: ``DistributionError/noClosedForm(family:what:)`` unless all components are given, and nothing else.
  public func conditionalDistribution(given indices: [Int], values: [Double]) throws -> any Distribution {
    try requireFinite(given: indices, values: values)
    guard Set(indices) == Set(offset.count..<dimension), indices.count == scales.count else {
      throw DistributionError.noClosedForm(family: Self.family, what: "conditional given other than its components")
    }
    var components = [Double](repeating: 0, count: scales.count)
    for (index, value) in zip(indices, values) { components[index - offset.count] = value }
    return try residual.translated(by: prediction(at: components))
  }

  // MARK: - Storage

  public var storedDistributions: [any Distribution] { [residual] }

  public func encode(into archive: inout DistributionArchive) {
    var normal = DistributionArchive()
    inputs.encode(into: &normal)
    archive.set(normal, under: "inputs")
    archive.set(centres, for: "centres")
    archive.set(scales, for: "scales")
    archive.set(limit, for: "limit")
    archive.set(offset, for: "offset")
    archive.set(coefficients, for: "coefficients")
    archive.set(residual, at: "residual")
  }

  /// - Throws: ``ArchiveError`` naming the array that is missing or unfit.
  public init(from archive: DistributionArchive) throws {
    let residual = try archive.distribution(at: "residual", as: (any TranslatableDistribution).self)
    let inputs = try MultivariateNormal(from: archive.part("inputs"))
    let (scales, offset) = (
      try archive.vector("scales", count: inputs.dimension), try archive.vector("offset", count: residual.dimension)
    )
    let limit = try archive.number("limit")
    guard limit > 0 else { throw ArchiveError.invalid("limit", value: limit, condition: "positive") }
    let centres = try archive.matrix("centres", columns: scales.count)
    try self.init(
      inputs: inputs, centres: centres, scales: scales, limit: limit, offset: offset,
      coefficients: archive.matrix("coefficients", rows: centres.rows, columns: offset.count), residual: residual)
  }
}
