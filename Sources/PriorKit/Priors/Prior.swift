public import Distributions
public import FXParams
public import NumericCore

/// A probability density over the logits of a chain, of any family: a `Density` whose coordinates have names, and
/// how it was fitted.
///
/// Vectors have `space.count` entries in flat order; log densities are in nats, with respect to Lebesgue measure on
/// logits.
public struct Prior: Sendable {
  /// The chain whose parameters the density is over.
  public let chain: ChainDescription
  /// The chain's parameter space, kept because deriving it allocates.
  public let space: ParameterSpace
  /// The density itself, free of the names of its coordinates.
  public let density: any Density
  /// How it was fitted, where that is known.
  public var record: FitRecord?

  /// - Throws: `DensityError` if the density is not over the chain's parameters or its mean is not finite,
  ///   ``PriorError`` if it is a Gaussian whose covariance is nearly singular.
  public init(chain: ChainDescription, density: any Density, record: FitRecord? = nil) throws {
    let space = chain.parameterSpace
    guard density.dimension == space.count else {
      throw DensityError.dimensionMismatch(what: "density", expected: space.count, found: density.dimension)
    }
    if let normal = density as? MultivariateNormal {
      try CovarianceCheck(names: space.names).check(conditionOf: normal)
    }
    // Numbers that are finite one by one may overflow together.
    if let index = density.mean.firstIndex(where: { !$0.isFinite }) {
      throw DensityError.notFinite(what: "mean of \(space.names[index])", value: density.mean[index])
    }
    self.chain = chain
    self.space = space
    self.density = density
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
  /// - Throws: `DensityError` for moments of another size or that are not finite, ``PriorError`` for a covariance
  ///   that is not symmetric, not positive definite or nearly singular; both name the parameter at fault.
  public init(chain: ChainDescription, mean: [Double], covariance: Matrix, record: FitRecord? = nil) throws {
    let check = CovarianceCheck(names: chain.parameterSpace.names)
    try self.init(
      chain: chain, density: try check.normal(mean: mean, covariance: covariance), record: record)
  }

  /// The expected value.
  public var mean: [Double] { density.mean }
  /// Number of parameters.
  public var dimension: Int { space.count }
  /// Names of the parameters, in flat order.
  public var names: [String] { space.names }
  /// The density of a Gaussian prior, with its covariance and its parts as Gaussians; nil for another family.
  public var gaussian: MultivariateNormal? { density as? MultivariateNormal }

  // MARK: - Density

  /// log p(theta) and its gradient (the score), in one evaluation; `score` is overwritten. That of a Gaussian
  /// allocates nothing.
  public func logDensity(at theta: [Double], score: inout [Double]) -> Double {
    density.logDensity(at: theta, score: &score)
  }

  /// log p(theta) in nats.
  public func logDensity(at theta: [Double]) -> Double { density.logDensity(at: theta) }

  /// Log densities of the rows of a matrix [count, dimension], much faster than one by one.
  public func logDensities(ofRows theta: Matrix) -> [Double] { density.logDensities(ofRows: theta) }

  /// (theta - mean)^T scatter^-1 (theta - mean) for families with one scatter matrix, else nil; about the dimension
  /// for a preset that a Gaussian expects.
  public func squaredMahalanobisDistance(to theta: [Double]) -> Double? {
    density.squaredMahalanobisDistance(to: theta)
  }

  /// One draw.
  public func sample(using source: inout RandomSource) -> [Double] { density.sample(using: &source) }

  // MARK: - Parts

  /// The density with the parameters of its coordinates.
  public var parameterDensity: ParameterDensity {
    ParameterDensity(parameters: space.parameters, density: density)
  }

  /// The density of some parameters, by their positions in the flat order, in the order given.
  ///
  /// - Throws: `DensityError` for positions that repeat or do not exist.
  public func marginal(over indices: [Int]) throws -> ParameterDensity {
    try parameterDensity.marginal(over: indices)
  }

  /// The density of the remaining parameters, in flat order, once some are known.
  ///
  /// - Throws: `DensityError` for positions that repeat or do not exist and for values that are not finite or not
  ///   as many.
  public func conditional(given indices: [Int], values: [Double]) throws -> ParameterDensity {
    try parameterDensity.conditional(given: indices, values: values)
  }
}
