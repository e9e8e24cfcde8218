import Foundation
import NumericCore

/// Chooses the strength of a shrinkage by held-out log likelihood on ``InnerFolds``. Without folds the first
/// candidate, the strongest, is taken.
struct ShrinkageSearch {
  /// The moments of the training rows, and the rows held out less the training mean.
  struct Fold {
    let covariance: Matrix
    let heldOut: Matrix
    /// Sum 1 over the fold.
    let weights: [Double]
    let share: Double
    let effectiveCount: Double
    let blocks: [[Int]]
  }

  let folds: [Fold]

  /// - Parameter sample: standardised, so that the floor of the variances means the same for all.
  init(_ sample: CentredSample, foldCount: Int = 5) {
    folds = InnerFolds(sample.centred, origins: sample.origins, count: foldCount).folds.map {
      Fold(sample, training: $0.training, heldOut: $0.heldOut)
    }
  }

  /// The candidate with the highest held-out log likelihood per row; `scores` has one per candidate.
  func best<Candidate>(of candidates: [Candidate], scores: (Fold) throws -> [Double]) rethrows -> Candidate {
    var totals = [Double](repeating: 0, count: candidates.count)
    for fold in folds {
      for (index, score) in try scores(fold).enumerated() { totals[index] += fold.share * score }
    }
    var best = 0
    // A NaN never wins, and the strongest of equals does.
    for index in candidates.indices where totals[index] > totals[best] || totals[best].isNaN { best = index }
    return candidates[best]
  }
}

extension ShrinkageSearch.Fold {
  /// A variance of a fold below this share of that of the whole sample is raised to it.
  private static let smallestVariance = 1e-6

  init(_ sample: CentredSample, training: [Int], heldOut rows: [Int]) {
    let part = CentredSample(
      rows: sample.centred.selecting(rows: training), weights: training.map { sample.weights[$0] },
      names: sample.names, blocks: sample.blocks,
      origins: sample.origins.map { origins in training.map { origins[$0] } }, averaging: sample.averaging)
    var covariance = part.covariance
    for index in 0..<covariance.rows {
      let floor = Self.smallestVariance * sample.covariance[index, index]
      covariance[index, index] = max(covariance[index, index], floor)
    }
    var heldOut = sample.centred.selecting(rows: rows)
    for row in 0..<heldOut.rows {
      for column in 0..<heldOut.columns { heldOut[row, column] -= part.mean[column] }
    }
    let share = rows.reduce(0) { $0 + sample.weights[$1] }
    self.init(
      covariance: covariance, heldOut: heldOut, weights: rows.map { sample.weights[$0] / share }, share: share,
      effectiveCount: part.effectiveCount, blocks: sample.blocks)
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
