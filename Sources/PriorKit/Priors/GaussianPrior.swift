public import Distributions
public import FXParams
public import NumericCore

/// A multivariate normal prior over the logits of a chain: the prior of arXiv 2505.11315.
///
/// log p(theta) = log N(theta; mean, covariance), in nats.
public struct GaussianPrior: Prior {
  public let chain: ChainDescription
  public let space: ParameterSpace
  /// The density itself, free of the names of its coordinates.
  public let distribution: MultivariateNormal
  public var record: FitRecord?

  public var density: any Density { distribution }
  public var mean: [Double] { distribution.mean }
  /// Of the logits [count, count], in flat order.
  public var covariance: Matrix { distribution.covariance }

  /// A covariance of a larger condition number is refused: a density that depends on the last digits of its
  /// covariance says nothing.
  public static let largestConditionNumber = 1e12

  /// - Parameters:
  ///   - mean: one entry per parameter of the chain, in flat order.
  ///   - covariance: symmetric to single precision (the mean of both triangles is used) and positive definite.
  /// - Throws: `DensityError` for moments of another size or that are not finite, ``PriorError`` for a covariance
  ///   that is not symmetric, not positive definite or nearly singular; both name the parameter at fault.
  public init(
    chain: ChainDescription, mean: [Double], covariance: Matrix, record: FitRecord? = nil
  ) throws {
    let space = chain.parameterSpace
    try CovarianceCheck(names: space.names).check(mean: mean, covariance: covariance)
    do {
      distribution = try MultivariateNormal(mean: mean, covariance: covariance)
    } catch {
      throw try CovarianceCheck(names: space.names).diagnosis(ofSingular: covariance)
    }
    try CovarianceCheck(names: space.names).check(conditionOf: distribution)
    self.chain = chain
    self.space = space
    self.record = record
  }

  // MARK: - Density

  /// The log density and the score -covariance^-1 (theta - mean). Allocates nothing.
  public func logDensity(at theta: [Double], score: inout [Double]) -> Double {
    distribution.logDensity(at: theta, score: &score)
  }

  public func logDensity(at theta: [Double]) -> Double { distribution.logDensity(at: theta) }

  /// Log densities of the rows of a matrix [count, dimension], much faster than one by one.
  public func logDensities(ofRows theta: Matrix) -> [Double] { distribution.logDensities(ofRows: theta) }

  // MARK: - Distance

  /// (theta - mean)^T covariance^-1 (theta - mean): about the dimension for a preset that the prior expects.
  public func squaredMahalanobisDistance(to theta: [Double]) -> Double {
    distribution.squaredMahalanobisDistance(to: theta)
  }

  /// The square root of `squaredMahalanobisDistance(to:)`, in standard deviations.
  public func mahalanobisDistance(to theta: [Double]) -> Double { distribution.mahalanobisDistance(to: theta) }

  // MARK: - Whitening

  /// Logits in coordinates where the prior is standard normal: L^-1 (theta - mean).
  public func whiten(_ theta: [Double]) -> [Double] { distribution.whiten(theta) }

  /// The inverse of ``whiten(_:)``: mean + L z.
  public func unwhiten(_ coordinates: [Double]) -> [Double] { distribution.unwhiten(coordinates) }

  // MARK: - Sampling

  public func sample(using source: inout RandomSource) -> [Double] { distribution.sample(using: &source) }

  /// Draws in blocks (dtrmm), equal to those of ``sample(using:)`` within rounding.
  public func samples(_ indices: Range<Int>, seed: UInt64, threads: Int) -> Matrix {
    distribution.samples(indices, seed: seed, threads: threads)
  }

  // MARK: - Parts

  /// The distribution of some parameters, by their positions in the flat order.
  public func marginal(over indices: [Int]) throws -> MultivariateNormal {
    try distribution.marginal(over: indices)
  }

  /// The distribution of the remaining parameters, in flat order, once some are known.
  ///
  /// - Throws: `DensityError` if a value is not finite or there are not as many values as indices.
  public func conditional(given indices: [Int], values: [Double]) throws -> MultivariateNormal {
    guard indices.count == values.count else {
      throw DensityError.dimensionMismatch(what: "given vector", expected: indices.count, found: values.count)
    }
    for (index, value) in zip(indices, values) where !value.isFinite {
      throw DensityError.notFinite(what: "given value of \(space.parameters[index].name)", value: value)
    }
    return try distribution.conditional(given: indices, values: values)
  }
}
