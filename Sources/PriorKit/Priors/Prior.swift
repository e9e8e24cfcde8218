public import Distributions
public import FXParams
public import NumericCore

/// A probability density over the logits of a chain: a `Density` whose coordinates have names.
///
/// Vectors have `space.count` entries in flat order; log densities are in nats, with respect to Lebesgue measure on
/// logits. Conforming takes a chain, its space and a density: the rest follows, and may be replaced where a
/// concrete family is faster than its box.
public protocol Prior: Sendable {
  /// The chain whose parameters the density is over.
  var chain: ChainDescription { get }
  /// The chain's parameter space, kept because deriving it allocates.
  var space: ParameterSpace { get }
  /// The density itself, free of the names of its coordinates.
  var density: any Density { get }
  /// How it was fitted, where that is known.
  var record: FitRecord? { get }
  /// The expected value.
  var mean: [Double] { get }

  /// log p(theta) and its gradient (the score), in one evaluation; `score` is overwritten.
  func logDensity(at theta: [Double], score: inout [Double]) -> Double
  /// log p(theta) in nats.
  func logDensity(at theta: [Double]) -> Double

  /// One draw.
  func sample(using source: inout RandomSource) -> [Double]

  /// Draws of one seed as rows [indices.count, dimension]. Draw k uses stream k of the seed alone, so that it is
  /// the same in any range that holds it and with any number of threads.
  func samples(_ indices: Range<Int>, seed: UInt64, threads: Int) -> Matrix

  /// Log densities of the rows of a matrix [count, dimension], much faster than one by one.
  func logDensities(ofRows theta: Matrix) -> [Double]
}

extension Prior {
  public var record: FitRecord? { nil }
  public var mean: [Double] { density.mean }
  /// Number of parameters.
  public var dimension: Int { space.count }
  /// Names of the parameters, in flat order.
  public var names: [String] { space.names }

  public func logDensity(at theta: [Double], score: inout [Double]) -> Double {
    density.logDensity(at: theta, gradient: &score)
  }

  public func logDensity(at theta: [Double]) -> Double { density.logDensity(at: theta) }

  public func logDensities(ofRows theta: Matrix) -> [Double] { density.logDensities(ofRows: theta) }

  public func sample(using source: inout RandomSource) -> [Double] { density.sample(using: &source) }

  /// (theta - mean)^T scatter^-1 (theta - mean) for families with one scatter matrix, else nil.
  public func squaredMahalanobisDistance(to theta: [Double]) -> Double? {
    density.squaredMahalanobisDistance(to: theta)
  }

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
