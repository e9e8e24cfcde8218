import Distributions
import NumericCore

/// theta = m(z) + e: kernel ridge regression of each parameter (`KernelRidgeFit`), with the density of what it
/// leaves.
///
/// The density of e is fitted to the errors about pairs that the regression has not seen, of the parameters as they
/// are: it is as wide as predictions of new pairs are wrong.
public struct KernelRidgeEstimator: ConditionalEstimator {
  public let name: String
  private let residual: any DensityEstimator

  /// The regression weighs components by their variance: more do no harm.
  public var searchesComponents: Bool { false }

  /// - Parameters:
  ///   - name: the name of the family in tables and fit records.
  ///   - residual: an estimator of the density of e, whose distributions can be translated.
  public init(_ name: String, residual: any DensityEstimator) { (self.name, self.residual) = (name, residual) }

  public func joint(_ data: ReducedData) throws -> DensityEstimate {
    guard data.components.columns > 0 else { return try residual.estimate(data.parameters) }
    let fit = try KernelRidgeFit(data)
    let targets = fit.targets
    // As they are: a target that was held is wrong by more.
    let rest = targets.unheld.subtracting(targets.values).adding(fit.errors).scalingColumns(by: targets.deviation)
    var estimate = try residual.estimate(fit.sample.data.replacing(rows: rest))
    guard let density = estimate.distribution as? any TranslatableDistribution else {
      preconditionFailure("\(residual.name) cannot be translated")
    }
    estimate.distribution = try KernelRegression(inputs: fit.inputs, function: fit.function, residual: density)
    estimate.hyperparameters += fit.hyperparameters
    return estimate
  }
}
