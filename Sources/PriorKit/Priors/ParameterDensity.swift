public import Distributions
public import FXParams
public import NumericCore

/// A density over some parameters of a chain, with their names, units and ranges: a marginal or a conditional of a
/// ``Prior``.
public struct ParameterDensity: Sendable {
  /// One per coordinate.
  public let parameters: [Parameter]
  /// Over the logits of ``parameters``, in their order.
  public let density: any Density

  /// - Precondition: there are as many parameters as dimensions.
  init(parameters: [Parameter], density: any Density) {
    precondition(
      parameters.count == density.dimension, "\(parameters.count) parameters in \(density.dimension) dimensions")
    self.parameters = parameters
    self.density = density
  }

  /// Number of parameters.
  public var dimension: Int { parameters.count }
  /// In the order of ``parameters``.
  public var names: [String] { parameters.map(\.name) }
  /// The expected logits.
  public var mean: [Double] { density.mean }

  /// The log density in nats; `score` is overwritten with its gradient.
  public func logDensity(at point: [Double], score: inout [Double]) -> Double {
    density.logDensity(at: point, score: &score)
  }

  /// The log density in nats.
  public func logDensity(at point: [Double]) -> Double { density.logDensity(at: point) }

  /// One draw of the logits.
  public func sample(using source: inout RandomSource) -> [Double] { density.sample(using: &source) }

  // MARK: - Parts

  /// The density of the parameters at some positions, in the order given.
  ///
  /// - Throws: `DensityError` for positions that repeat or do not exist, and what the density throws.
  public func marginal(over indices: [Int]) throws -> ParameterDensity {
    try check(indices)
    return ParameterDensity(
      parameters: indices.map { parameters[$0] }, density: try density.marginal(over: indices))
  }

  /// The density of the other parameters, in their order, given the logits of some.
  ///
  /// - Throws: `DensityError` for positions that repeat or do not exist, for values that are not finite or not as
  ///   many, and what the density throws.
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
