public import Distributions
import NumericCore

/// The Gaussian with the mean and covariance of the presets, without regularisation.
///
/// It needs more presets than parameters. `unbiased` is the published recipe (arXiv 2505.11315).
///
/// Where presets lack parameters the moments are those of completed presets: what a preset lacks has its
/// conditional mean and covariance, given what it has, under a Gaussian whose covariance is shrunk as that of
/// ``BlockShrinkageEstimator``, fitted by EM (Little and Rubin 2019, doi:10.1002/9781119482260). The completion is
/// shrunk, the moments are not. It is *not* the maximum of the likelihood of what is there: that one predicts an
/// absent effect from all other parameters by an unshrunk regression, and with two or three presets per parameter
/// its density of held-out presets is lower by many nats (docs/priors.md). Covariances of parameters that no preset
/// has together come from the completion alone; the record counts them.
public enum GaussianEstimator: String, Sendable, CaseIterable {
  /// Scatter divided by N: the maximum of the likelihood.
  case maximumLikelihood
  /// Scatter divided by N - 1, for weights w of sum 1 by 1 - sum w^2: the expectation of the covariance is the
  /// true one.
  case unbiased
}

extension GaussianEstimator: MomentEstimator {
  /// `maximum-likelihood` or `published`.
  public var name: String {
    switch self {
    case .maximumLikelihood: "maximum-likelihood"
    case .unbiased: "published"
    }
  }

  /// Rows that lack columns are fitted by EM.
  public var acceptsAbsentColumns: Bool { true }

  /// - Throws: ``PriorError`` if an entry is not finite (naming preset and parameter), if there are fewer presets
  ///   than a full covariance needs, if a parameter does not vary, or if the covariance is singular or nearly so.
  public func fit(_ data: EstimationData) throws -> any Distribution { try estimate(data).distribution }

  /// The distribution, with what completed presets that lack parameters; throws as `fit(_:)`.
  public func estimate(_ data: EstimationData) throws -> DensityEstimate {
    if let rows = try PartialRows(lackingIn: data) { return try estimate(of: rows) }
    return DensityEstimate(distribution: try normal(data))
  }

  private func normal(_ data: EstimationData) throws -> MultivariateNormal {
    let used = try data.checked()
    let sample = try CentredSample(used, acceptingConstantColumns: true)
    let (count, dimension) = (sample.centred.rows, sample.dimension)
    guard count > dimension else {
      throw PriorError.fewerPresetsThanParameters(
        count: count, dimension: dimension, rank: try sample.centred.numericalRank())
    }
    try used.requireVariation()
    let factor = self == .unbiased ? 1 / (1 - 1 / sample.effectiveCount) : 1
    var covariance = sample.covariance
    for index in covariance.values.indices { covariance.values[index] *= factor }
    let check = CovarianceCheck(names: sample.names)
    do {
      return try check.wellConditionedNormal(mean: sample.mean, covariance: covariance)
    } catch let error as PriorError {
      // The centred presets give the rank to more digits than their covariance, which squares the singular values.
      let rank = try sample.centred.numericalRank()
      guard rank < dimension else { throw error }
      throw PriorError.rankDeficient(rank: rank, dimension: dimension, count: count)
    }
  }
}
