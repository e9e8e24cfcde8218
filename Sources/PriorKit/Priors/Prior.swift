public import Distributions
public import FXParams
public import NumericCore

/// A probability distribution over the logits of a chain, of any family: a `Distribution` whose coordinates have
/// names, and how it was fitted.
///
/// Vectors have `space.count` entries in flat order; log densities are in nats, with respect to Lebesgue measure on
/// logits.
public struct Prior: Sendable {
  /// The chain whose parameters the distribution is over.
  public let chain: ChainDescription
  /// The chain's parameter space, kept because deriving it allocates.
  public let space: ParameterSpace
  /// The distribution itself, free of the names of its coordinates.
  public let distribution: any Distribution
  /// How it was fitted, where that is known.
  public var record: FitRecord?
  /// How often presets lack effects, or have another order; nil for presets of one shape. ``distribution`` is then
  /// that of complete presets, and its marginals are those of the others.
  public var patterns: PatternDistribution?

  /// - Throws: `DistributionError` if the distribution is not over the chain's parameters or its mean is not
  ///   finite, ``PriorError`` if it is a Gaussian whose covariance is nearly singular.
  public init(chain: ChainDescription, distribution: any Distribution, record: FitRecord? = nil) throws {
    let space = chain.parameterSpace
    guard distribution.dimension == space.count else {
      throw DistributionError.dimensionMismatch(
        what: "density", expected: space.count, found: distribution.dimension)
    }
    if let normal = distribution as? MultivariateNormal {
      try CovarianceCheck(names: space.names).check(conditionOf: normal)
    }
    // Numbers that are finite one by one may overflow together.
    if let index = distribution.mean.firstIndex(where: { !$0.isFinite }) {
      throw DistributionError.notFinite(what: "mean of \(space.names[index])", value: distribution.mean[index])
    }
    self.chain = chain
    self.space = space
    self.distribution = distribution
    self.record = record
  }

  /// A Gaussian, log p(theta) = log N(theta; mean, covariance): the prior of arXiv 2505.11315.
  ///
  /// - Parameters:
  ///   - chain: the chain whose parameters the prior is over.
  ///   - mean: one entry per parameter of the chain, in flat order.
  ///   - covariance: symmetric to single precision (the mean of both triangles is used), positive definite and of a
  ///     condition number up to 1e12: a density that depends on the last digits of its covariance says nothing.
  ///   - record: how it was fitted, where that is known.
  /// - Throws: `DistributionError` for moments of another size or that are not finite, ``PriorError`` for a
  ///   covariance that is not symmetric, not positive definite or nearly singular; both name the parameter at
  ///   fault.
  public init(chain: ChainDescription, mean: [Double], covariance: Matrix, record: FitRecord? = nil) throws {
    let check = CovarianceCheck(names: chain.parameterSpace.names)
    try self.init(
      chain: chain, distribution: try check.normal(mean: mean, covariance: covariance), record: record)
  }

  /// The expected value.
  public var mean: [Double] { distribution.mean }
  /// Number of parameters.
  public var dimension: Int { space.count }
  /// Names of the parameters, in flat order.
  public var names: [String] { space.names }
  /// The density of a Gaussian prior, with its covariance and its parts as Gaussians; nil for another family.
  public var gaussian: MultivariateNormal? { distribution as? MultivariateNormal }

  // MARK: - Density

  /// log p(theta) and its gradient (the score), in one evaluation; `score` is overwritten. That of a Gaussian
  /// allocates nothing.
  public func logDensity(at theta: [Double], score: inout [Double]) -> Double {
    distribution.logDensity(at: theta, score: &score)
  }

  /// log p(theta) in nats.
  public func logDensity(at theta: [Double]) -> Double { distribution.logDensity(at: theta) }

  /// Log densities of the rows of a matrix [count, dimension], much faster than one by one.
  public func logDensities(ofRows theta: Matrix) -> [Double] { distribution.logDensities(ofRows: theta) }

  /// (theta - mean)^T scatter^-1 (theta - mean) for families with one scatter matrix, else nil; about the dimension
  /// for a preset that a Gaussian expects.
  public func squaredMahalanobisDistance(to theta: [Double]) -> Double? {
    distribution.squaredMahalanobisDistanceIfDefined(to: theta)
  }

  /// One draw.
  public func sample(using source: inout RandomSource) -> [Double] { distribution.sample(using: &source) }

  // MARK: - Parts

  /// The distribution with the parameters of its coordinates.
  public var parameterDistribution: ParameterDistribution {
    ParameterDistribution(parameters: space.parameters, distribution: distribution)
  }

  /// The density of some parameters, by their positions in the flat order, in the order given.
  ///
  /// - Throws: `DistributionError` for positions that repeat or do not exist.
  public func marginal(over indices: [Int]) throws -> ParameterDistribution {
    try parameterDistribution.marginal(over: indices)
  }

  /// The density of the remaining parameters, in flat order, once some are known.
  ///
  /// - Throws: `DistributionError` for positions that repeat or do not exist and for values that are not finite or
  ///   not as many.
  public func conditional(given indices: [Int], values: [Double]) throws -> ParameterDistribution {
    try parameterDistribution.conditional(given: indices, values: values)
  }
}
