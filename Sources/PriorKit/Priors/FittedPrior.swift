public import Distributions
public import FXParams
import NumericCore

/// A prior of any family: a chain, a density over its logits, and how that was fitted.
public struct FittedPrior: Prior {
  public let chain: ChainDescription
  public let space: ParameterSpace
  public let density: any Density
  public var record: FitRecord?

  /// - Throws: `DensityError` if the density is not over the chain's parameters or its mean is not finite,
  ///   ``PriorError`` if it is a Gaussian that ``GaussianPrior`` would refuse.
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
}
