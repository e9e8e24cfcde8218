import Foundation
public import NumericCore

/// A smooth function of components: m(z) = offset + sum_i k(z, i) coefficients_i.
///
/// k(z, i) = exp(-|u - centre_i|^2), where u_j is scale_j times z_j held within +-limit. Far from all centres the
/// function is its offset.
///
/// Archive: `centres` [M, K], `scales` [K], `limit`, `offset` [T], `coefficients` [M, T].
public struct KernelFunction: Sendable, Hashable {
  /// In scaled units [M, K].
  public let centres: Matrix
  /// From components to scaled units [K].
  public let scales: [Double]
  /// Components beyond this count as this far.
  public let limit: Double
  /// [T].
  public let offset: [Double]
  /// [M, T].
  public let coefficients: Matrix

  /// - Throws: ``DistributionError/dimensionMismatch(what:expected:found:)`` if the parts do not fit each other.
  public init(centres: Matrix, scales: [Double], limit: Double, offset: [Double], coefficients: Matrix) throws {
    try requireSize("matrix of centres", centres.columns, scales.count)
    try requireSize("matrix of coefficients", coefficients.rows, centres.rows)
    try requireSize("row of coefficients", coefficients.columns, offset.count)
    (self.centres, self.scales, self.limit) = (centres, scales, limit)
    (self.offset, self.coefficients) = (offset, coefficients)
  }

  /// m(z).
  public func callAsFunction(_ components: [Double]) -> [Double] {
    self(Matrix(rows: 1, columns: components.count, values: components)).values
  }

  /// m of each row [N, K] to [N, T].
  public func callAsFunction(_ components: Matrix) -> Matrix {
    var result = Self.kernel(of: scaled(components), centres) * coefficients
    for row in 0..<result.rows {
      for column in 0..<offset.count { result[row, column] += offset[column] }
    }
    return result
  }

  /// The gradient of `cotangent` . m with respect to the components.
  public func pullback(_ cotangent: [Double], at components: [Double]) -> [Double] {
    let scaled = scaled(Matrix(rows: 1, columns: components.count, values: components))
    let weights = zip(Self.kernel(of: scaled, centres).values, coefficients * cotangent).map { $0 * $1 }
    let pulled = centres.transposed * weights
    let total = weights.reduce(0, +)
    return scales.indices.map { column in
      abs(components[column]) < limit
        ? 2 * scales[column] * (pulled[column] - total * scaled.values[column]) : 0
    }
  }

  /// The same function, followed by a linear map of what it gives less `centre`: (m(z) - centre) map, [T] to [S].
  public func mapped(centre: [Double], by map: Matrix) throws -> KernelFunction {
    try KernelFunction(
      centres: centres, scales: scales, limit: limit, offset: map.transposed * zip(offset, centre).map(-),
      coefficients: coefficients * map)
  }

  /// Components in scaled units.
  private func scaled(_ components: Matrix) -> Matrix {
    precondition(components.columns == scales.count, "\(components.columns) components, not \(scales.count)")
    var result = components.held(within: limit)
    for row in 0..<result.rows {
      for column in scales.indices { result[row, column] *= scales[column] }
    }
    return result
  }

  /// k of rows [N, K] and centres [M, K] in scaled units: [N, M].
  package static func kernel(of rows: Matrix, _ centres: Matrix) -> Matrix {
    let distances = rows.squaredDistances(to: centres)
    return Matrix(rows: rows.rows, columns: centres.rows, values: distances.values.map { exp(-$0) })
  }

  // MARK: - Storage

  func encode(into archive: inout DistributionArchive) {
    archive.set(centres, for: "centres")
    archive.set(scales, for: "scales")
    archive.set(limit, for: "limit")
    archive.set(offset, for: "offset")
    archive.set(coefficients, for: "coefficients")
  }

  /// - Parameters:
  ///   - archive: holds the arrays.
  ///   - inputs: K.
  ///   - outputs: T.
  /// - Throws: ``ArchiveError`` naming the array that is missing or unfit.
  init(from archive: DistributionArchive, inputs: Int, outputs: Int) throws {
    let (scales, offset) = (
      try archive.vector("scales", count: inputs), try archive.vector("offset", count: outputs)
    )
    let limit = try archive.positiveNumber("limit")
    let centres = try archive.matrix("centres", columns: inputs)
    try self.init(
      centres: centres, scales: scales, limit: limit, offset: offset,
      coefficients: archive.matrix("coefficients", rows: centres.rows, columns: outputs))
  }
}

/// - Throws: ``DistributionError/dimensionMismatch(what:expected:found:)`` if the numbers differ.
func requireSize(_ what: String, _ found: Int, _ expected: Int) throws {
  guard found == expected else {
    throw DistributionError.dimensionMismatch(what: what, expected: expected, found: found)
  }
}
