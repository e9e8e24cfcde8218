public import Distributions
import NumericCore

/// A prior times a synthetic likelihood of what a kernel ridge regression makes of the features.
///
/// 1. Parameters are regressed on the components (`KernelRidgeFit`): predictions of pairs that the fit has not seen
///    are the summary of a sound, which does not depend on what the prior is.
/// 2. The 16 directions of the prediction in which it varies most, compared with its errors, are kept.
/// 3. How the summary follows from parameters is fitted by ridge regression, with the covariance of what is left:
///    `SyntheticLikelihood`. The covariance is multiplied by ``inflation``.
///
/// Pairs tell how sounds follow from presets, the prior which presets there are: the two need not be of one
/// collection. `real` are pairs of presets that were found, not drawn: the likelihood is also fitted to them, and
/// the covariance is that of their errors alone.
public struct SyntheticLikelihoodEstimator: ConditionalEstimator {
  public var name: String { Self.familyName }
  /// The name of the family in tables and fit records.
  public static let familyName = "synthetic-likelihood"
  /// What the covariance of the summary is multiplied by: 1 for presets like those of the pairs; more where a
  /// likelihood that was fitted to one collection serves another. Positive.
  public let inflation: Double
  private let draws: BaseDraws?
  private let real: ConditionalData?

  /// All components are used: the regression weighs them.
  public var searchesComponents: Bool { false }

  /// At which presets of another collection than the prior's gained most (docs/conditional-priors.md).
  public static let usualInflation = 8.0
  private static let mostDirections = 16

  /// - Parameters:
  ///   - prior: p_0; nil to fit a Student-t to the presets of the pairs.
  ///   - real: pairs of real presets, with the features that the fit will be given; nil to go by the pairs alone.
  ///   - inflation: positive.
  public init(
    prior: (any Distribution)? = nil, real: ConditionalData? = nil,
    inflation: Double = SyntheticLikelihoodEstimator.usualInflation
  ) {
    precondition(inflation > 0, "A covariance times \(inflation)")
    draws = prior.map { BaseDraws(of: $0) }
    (self.real, self.inflation) = (real, inflation)
  }

  public func joint(_ data: ReducedData) throws -> DensityEstimate {
    let draws = try draws ?? BaseDraws(of: Self.unconditional.fit(data.parameters))
    guard data.components.columns > 0 else { return DensityEstimate(distribution: draws.base) }
    let regression = try KernelRidgeFit(data)
    let targets = regression.targets
    let units = targets.deviation.map { 1 / $0 }
    var pairs = SummaryPairs(
      parameters: targets.unheld, predicted: targets.values.subtracting(regression.errors),
      weights: regression.sample.weights)
    let map = try pairs.directions(Self.mostDirections)
    var noisy = Array(pairs.weights.indices)
    if let real {
      let least = 2 * map.columns
      guard real.features.rows >= least else {
        throw ConditionalError.tooFewRealPairs(count: real.features.rows, least: least)
      }
      let predicted = regression.function(data.transform(real.features))
      pairs.append(
        parameters: real.parameters.rows.subtracting(targets.mean).scalingColumns(by: units),
        predicted: predicted.subtracting(targets.mean).scalingColumns(by: units), weights: real.parameters.weights)
      noisy = Array(noisy.count..<pairs.weights.count)
    }
    let fit = try SyntheticLikelihoodFit(
      pairs, map: map, noisy: noisy, inflation: inflation, centre: targets.mean, scale: targets.deviation)
    return DensityEstimate(
      distribution: try SyntheticPosterior(
        inputs: regression.inputs,
        function: regression.function.mapped(centre: targets.mean, by: fit.map.scalingRows(by: units)),
        likelihood: fit.likelihood, draws: draws),
      hyperparameters: regression.hyperparameters + [
        .init("directions", Double(map.columns)), .init("inflation", inflation),
      ])
  }

  static var unconditional: any DensityEstimator { StudentTEstimator(shape: BlockScatter()) }
}
