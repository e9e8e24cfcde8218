import NumericCore

/// The covariance shrunk to its blocks and its diagonal (``BlockScatter``): correlations between effects are
/// shrunk, those inside an effect less so, with the shares of the highest held-out log likelihood.
///
/// Shrinkage towards two targets at once is that of Bartz, Hoehne & Mueller 2014 (arXiv 1412.1662), with
/// cross-validation in place of its analytical strengths.
public struct BlockShrinkageEstimator: CovarianceEstimator {
  /// `blocks`.
  public let name = "blocks"

  /// Rows that lack columns are fitted by EM.
  public var acceptsAbsentColumns: Bool { true }

  public init() {}

  public func covariance(of sample: CentredSample) throws -> CovarianceEstimate {
    let (scaled, deviations) = sample.standardised()
    let search = ShrinkageSearch(scaled)
    let best = try BlockScatter.diagonal.varied(blocks: sample.blocks) { shape, round, count in
      try search.totals(of: count) { fold in
        try shape.shapedByCandidates(round: round, fold.covariance, blocks: sample.blocks)
          .map { fold.logLikelihood($0) }
      }
    }
    return CovarianceEstimate(
      covariance: try best.shaped(scaled.covariance, blocks: sample.blocks).scalingBoth(by: deviations),
      hyperparameters: best.hyperparameters)
  }
}
