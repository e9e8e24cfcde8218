public import Distributions
import NumericCore

/// Fits a `GaussianMixture` by EM from several starts (Dempster, Laird and Rubin 1977,
/// doi:10.1111/j.2517-6161.1977.tb01600.x).
///
/// A start takes its centres by k-means++ on standardised columns and improves them by Lloyd's iterations. The
/// covariances have an inverse-Wishart-style prior: `priorCount` presets whose covariance is the diagonal of the
/// pooled one, divided by components^(2 / D) (Fraley and Raftery 2007, doi:10.1007/s00357-007-0004-5). A start has
/// collapsed and is given up where a component loses its presets or, without that prior, keeps fewer than two; the
/// best of the others by penalised likelihood is the answer. The same seed gives the same mixture.
public struct MixtureEstimator: DensityEstimator {
  /// The structure of the covariances of the components.
  public enum Covariance: Sendable, Equatable {
    /// Independent coordinates within a component.
    case diagonal
    /// One full matrix for all components.
    case tied
    /// A full matrix for each component.
    case full
    /// Loadings on that many factors, and diagonal noise (Ghahramani and Hinton 1996).
    case factorAnalysers(factors: Int)

    var name: String {
      switch self {
      case .diagonal: "diagonal"
      case .tied: "tied"
      case .full: "full"
      case .factorAnalysers: "factors"
      }
    }
  }

  /// Number of Gaussians.
  public let components: Int
  /// The structure of their covariances.
  public let covariance: Covariance
  /// The number of presets that the prior on each covariance counts for; 0 is maximum likelihood.
  public let priorCount: Double
  /// Starts of EM, of which the best is kept.
  public let restarts: Int
  /// Of the random numbers of the starts.
  public let seed: UInt64

  public var name: String { "mixture-\(covariance.name)-\(components)" }

  /// - Parameters:
  ///   - components: how many Gaussians, positive.
  ///   - covariance: the structure of their covariances.
  ///   - priorCount: the number of presets that the prior on each covariance counts for, 0 for maximum likelihood;
  ///     nil for 5 with diagonal covariances, 20 with factor analysers, and 40 with tied and full ones.
  ///   - restarts: starts of EM, of which the best is kept; positive.
  ///   - seed: of the random numbers of the starts; start k has stream k of it.
  public init(
    components: Int, covariance: Covariance, priorCount: Double? = nil, restarts: Int = 5, seed: UInt64 = 0
  ) {
    precondition(components > 0 && restarts > 0, "\(components) components from \(restarts) starts")
    precondition(
      priorCount.map { $0 >= 0 && $0.isFinite } ?? true, "The prior counts for a negative number of presets")
    if case .factorAnalysers(let factors) = covariance { precondition(factors > 0, "\(factors) factors") }
    self.components = components
    self.covariance = covariance
    self.priorCount = priorCount ?? covariance.usualPriorCount
    self.restarts = restarts
    self.seed = seed
  }

  /// - Throws: ``PriorError`` or ``EstimationError`` about the data, if there are more components than presets, and
  ///   if every start collapses.
  public func fit(_ data: EstimationData) throws -> any Distribution { try fitMixture(data).distribution }

  /// The distribution with the penalised log-likelihood, in nats per preset, before each step of the best start.
  package func fitMixture(_ data: EstimationData) throws -> (distribution: GaussianMixture, objectives: [Double]) {
    let sample = try WeightedRows(data)
    guard components <= sample.count else {
      throw EstimationError.moreComponentsThanPresets(components: components, count: sample.count)
    }
    var best: MixtureFit?
    for restart in 0..<restarts {
      var source = RandomSource(seed: seed, stream: UInt64(restart))
      guard let fit = try MixtureFit(sample: sample, estimator: self, source: &source) else { continue }
      if fit.objective > best?.objective ?? -.infinity { best = fit }
    }
    guard let best else { throw EstimationError.collapsed(components: components, restarts: restarts) }
    return (best.mixture, best.objectives)
  }
}

extension MixtureEstimator.Covariance {
  /// Full matrices are tamed by a prior that counts for a good part of a component's presets.
  fileprivate var usualPriorCount: Double {
    switch self {
    case .diagonal: 5
    case .tied, .full: 40
    case .factorAnalysers: 20
    }
  }
}
