public import Distributions
public import FXParams
public import NumericCore

/// A density over some parameters of a chain, which still know their names, units and ranges: what a marginal or a
/// conditional of a ``Prior`` is.
public struct ParameterDensity: Sendable {
  /// One a coordinate.
  public let parameters: [Parameter]
  public let density: any Density

  /// - Precondition: there are as many parameters as dimensions.
  init(parameters: [Parameter], density: any Density) {
    precondition(
      parameters.count == density.dimension, "\(parameters.count) parameters in \(density.dimension) dimensions")
    self.parameters = parameters
    self.density = density
  }

  public var dimension: Int { parameters.count }
  public var names: [String] { parameters.map(\.name) }
  public var mean: [Double] { density.mean }

  public func logDensity(at point: [Double], score: inout [Double]) -> Double {
    density.logDensity(at: point, gradient: &score)
  }

  public func logDensity(at point: [Double]) -> Double { density.logDensity(at: point) }

  public func sample(using source: inout RandomSource) -> [Double] { density.sample(using: &source) }

  // MARK: - Parts

  public func marginal(over indices: [Int]) throws -> ParameterDensity {
    try check(indices)
    return ParameterDensity(
      parameters: indices.map { parameters[$0] }, density: try density.marginal(over: indices))
  }

  public func conditional(given indices: [Int], values: [Double]) throws -> ParameterDensity {
    try check(indices)
    guard indices.count == values.count else {
      throw DensityError.dimensionMismatch(what: "given vector", expected: indices.count, found: values.count)
    }
    for (index, value) in zip(indices, values) where !value.isFinite {
      throw DensityError.notFinite(what: "given value of \(parameters[index].name)", value: value)
    }
    let known = Set(indices)
    return ParameterDensity(
      parameters: parameters.indices.filter { !known.contains($0) }.map { parameters[$0] },
      density: try density.conditional(given: indices, values: values))
  }

  private func check(_ indices: [Int]) throws {
    var seen = Set<Int>()
    for index in indices {
      guard parameters.indices.contains(index), seen.insert(index).inserted else {
        throw DensityError.badPosition(index, dimension: dimension)
      }
    }
  }
}
