public import Distributions
public import FXParams
public import NumericCore

/// A distribution over some parameters of a chain, with their names, units and ranges: a marginal or a conditional
/// of a ``Prior``.
public struct ParameterDistribution: Sendable {
  /// One per coordinate.
  public let parameters: [Parameter]
  /// Over the logits of ``parameters``, in their order.
  public let distribution: any Distribution

  /// - Precondition: there are as many parameters as dimensions.
  init(parameters: [Parameter], distribution: any Distribution) {
    precondition(
      parameters.count == distribution.dimension,
      "\(parameters.count) parameters in \(distribution.dimension) dimensions")
    self.parameters = parameters
    self.distribution = distribution
  }

  /// Number of parameters.
  public var dimension: Int { parameters.count }
  /// In the order of ``parameters``.
  public var names: [String] { parameters.map(\.name) }
  /// The expected logits.
  public var mean: [Double] { distribution.mean }

  /// The log density in nats; `score` is overwritten with its gradient.
  public func logDensity(at point: [Double], score: inout [Double]) -> Double {
    distribution.logDensity(at: point, score: &score)
  }

  /// The log density in nats.
  public func logDensity(at point: [Double]) -> Double { distribution.logDensity(at: point) }

  /// One draw of the logits.
  public func sample(using source: inout RandomSource) -> [Double] { distribution.sample(using: &source) }

  // MARK: - Parts

  /// The density of the parameters at some positions, in the order given.
  ///
  /// - Throws: `DistributionError` for positions that repeat or do not exist, and what the distribution throws.
  public func marginal(over indices: [Int]) throws -> ParameterDistribution {
    try check(indices)
    return ParameterDistribution(
      parameters: indices.map { parameters[$0] }, distribution: try distribution.marginalDistribution(over: indices)
    )
  }

  /// The density of the other parameters, in their order, given the logits of some.
  ///
  /// - Throws: `DistributionError` for positions that repeat or do not exist, for values that are not finite or not
  ///   as many, and what the distribution throws.
  public func conditional(given indices: [Int], values: [Double]) throws -> ParameterDistribution {
    try check(indices)
    guard indices.count == values.count else {
      throw DistributionError.dimensionMismatch(what: "given vector", expected: indices.count, found: values.count)
    }
    for (index, value) in zip(indices, values) where !value.isFinite {
      throw DistributionError.notFinite(what: "given value of \(parameters[index].name)", value: value)
    }
    let known = Set(indices)
    return ParameterDistribution(
      parameters: parameters.indices.filter { !known.contains($0) }.map { parameters[$0] },
      distribution: try distribution.conditionalDistribution(given: indices, values: values))
  }

  private func check(_ indices: [Int]) throws {
    var seen = Set<Int>()
    for index in indices {
      guard parameters.indices.contains(index), seen.insert(index).inserted else {
        throw DistributionError.badPosition(index, dimension: dimension)
      }
    }
  }
}
