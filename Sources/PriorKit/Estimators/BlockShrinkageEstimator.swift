import NumericCore

/// (1 - a - b) S + a block(S) + b diag(S): correlations between effects are shrunk, those inside an effect less so,
/// with (a, b) of the highest held-out log likelihood.
///
/// block(S) keeps the entries of S inside the blocks of the data. Shrinkage towards two targets at once is that of
/// Bartz, Hoehne & Mueller 2014 (arXiv 1412.1662), with cross-validation in place of its analytical strengths.
public struct BlockShrinkageEstimator: CovarianceEstimator {
  public let name = "blocks"

  public init() {}

  struct Strengths {
    /// Towards the blocks.
    var block: Double
    /// Towards the diagonal.
    var diagonal: Double
  }

  static let candidates: [Strengths] =
    [Strengths(block: 0, diagonal: 1)]
    + [0.5, 0.3, 0.2, 0.1, 0.05, 0.02, 0.01].flatMap { diagonal in
      [1, 0.97, 0.94, 0.9, 0.85, 0.8, 0.7, 0.6, 0.4, 0].map {
        Strengths(block: $0 * (1 - diagonal), diagonal: diagonal)
      }
    }

  func covariance(of sample: CentredSample) throws -> CovarianceEstimate {
    let (scaled, deviations) = sample.standardised()
    let strengths = ShrinkageSearch(scaled).best(of: Self.candidates) { fold in
      Self.candidates.map { fold.logLikelihood(Self.shrink(fold.covariance, fold.blocks, $0)) }
    }
    return CovarianceEstimate(
      covariance: Self.shrink(scaled.covariance, sample.blocks, strengths).scalingBoth(by: deviations),
      hyperparameters: [.init("block_shrinkage", strengths.block), .init("diagonal_shrinkage", strengths.diagonal)])
  }

  static func shrink(_ covariance: Matrix, _ blocks: [[Int]], _ strengths: Strengths) -> Matrix {
    let between = 1 - strengths.block - strengths.diagonal
    var result = covariance
    for index in result.values.indices { result.values[index] *= between }
    for block in blocks {
      for row in block {
        for column in block {
          result[row, column] =
            row == column ? covariance[row, row] : (1 - strengths.diagonal) * covariance[row, column]
        }
      }
    }
    return result
  }
}
