import Foundation
import NumericCore

/// Chooses the strength of a shrinkage by held-out log likelihood. Without folds the first candidate, the
/// strongest, is taken.
struct ShrinkageSearch {
  /// The moments of the training rows of a fold, and the rows held out less the training mean.
  struct FoldMoments {
    let covariance: Matrix
    let heldOut: Matrix
    /// Sum 1 over the fold.
    let weights: [Double]
    let share: Double
    let effectiveCount: Double
  }

  let folds: [FoldMoments]

  /// - Parameter sample: standardised, so that the floor of the variances means the same for all.
  init(_ sample: CentredSample, foldCount: Int = 5) {
    folds = FoldAssignment(inside: sample.centred, origins: sample.data.origins, count: foldCount).folds.map {
      FoldMoments(sample, $0)
    }
  }

  /// The candidate with the highest held-out log likelihood per row; `scores` has one per candidate.
  func best<Candidate>(
    of candidates: [Candidate], scores: (FoldMoments) throws -> [Double]
  ) rethrows -> Candidate {
    candidates[HeldOutChoice.index(ofBest: try totals(of: candidates.count, scores: scores))]
  }

  /// The held-out log likelihoods per row of `count` candidates.
  func totals(of count: Int, scores: (FoldMoments) throws -> [Double]) rethrows -> [Double] {
    try HeldOutChoice.totals(of: count, over: folds) { fold in try scores(fold).map { fold.share * $0 } }
  }
}

extension ShrinkageSearch.FoldMoments {
  /// A variance of a fold below this share of that of the whole sample is raised to it.
  private static let smallestVariance = 1e-6

  init(_ sample: CentredSample, _ fold: Fold) {
    let part = CentredSample(checked: sample.data.selecting(rows: fold.training))
    let share = fold.heldOut.reduce(0) { $0 + sample.weights[$1] }
    self.init(
      covariance: part.covariance.raisingDiagonal(to: Self.smallestVariance, of: sample.variances),
      heldOut: sample.centred.selecting(rows: fold.heldOut).subtracting(part.mean),
      weights: fold.heldOut.map { sample.weights[$0] / share }, share: share, effectiveCount: part.effectiveCount)
  }

  /// The mean log density of the held-out rows under N(training mean, covariance); minus infinity if there is none.
  func logLikelihood(_ covariance: Matrix) -> Double {
    guard let cholesky = try? Cholesky(covariance) else { return -.infinity }
    var rows = heldOut
    cholesky.forwardSubstituteRows(&rows)
    return logLikelihood(logDeterminant: cholesky.logDeterminant, squares: rows.weightedColumnSquares(weights))
  }

  /// The same for every spectrum of a family of covariances with the eigenvectors of one matrix.
  func logLikelihoods(_ eigen: SymmetricEigen, spectra: [[Double]]) -> [Double] {
    let squares = heldOut.multiplied(by: eigen.vectors).weightedColumnSquares(weights)
    return spectra.map { spectrum in
      guard spectrum.allSatisfy({ $0 > 0 }) else { return -.infinity }
      return logLikelihood(
        logDeterminant: spectrum.reduce(0) { $0 + log($1) }, squares: zip(squares, spectrum).map { $0 / $1 })
    }
  }

  private func logLikelihood(logDeterminant: Double, squares: [Double]) -> Double {
    -0.5 * (Double(heldOut.columns) * log(2 * Double.pi) + logDeterminant + squares.reduce(0, +))
  }
}

extension Matrix {
  /// sum_i w_i a_ij^2 for each column j.
  fileprivate func weightedColumnSquares(_ weights: [Double]) -> [Double] {
    var sums = [Double](repeating: 0, count: columns)
    for row in 0..<rows {
      for column in 0..<columns { sums[column] += weights[row] * self[row, column] * self[row, column] }
    }
    return sums
  }
}
