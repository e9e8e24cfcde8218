import NumericCore

/// Chooses what a Student-t assumes of its scatter by the log likelihood of presets held out on ``InnerFolds``.
///
/// EM runs a few steps on the training part of each fold, its scatter shrunk to its blocks. The candidates are then
/// tried on the free scatter that its weights give, with its location and degrees of freedom, which costs a
/// factorisation each instead of a fit. Folds whose presets make no density are left out; without any, the start of
/// the search is kept.
struct ScatterSearch {
  /// The fit to the training part of a fold, and the rows held out less its location.
  private struct Fold {
    let scatter: Matrix
    let degreesOfFreedom: Double
    let heldOut: Matrix
    /// Of presets held out; their sum over all folds is the number of presets.
    let weights: [Double]
  }

  private let blocks: [[Int]]
  private let folds: [Fold]
  /// The log likelihood of the presets held out under the fits themselves, in nats, summed; nil unless every fold
  /// has a fit.
  let pilotScore: Double?

  /// Weights of EM that are settled to this many steps rank candidates as those of its end do.
  private static let pilotIterations = 12
  /// A variance of a fold below this share of that of the whole sample is raised to it.
  private static let smallestVariance = 1e-6

  init(
    _ sample: WeightedRows, folds: [InnerFolds.Fold], degreesOfFreedom: Double?, locationIsZero: Bool
  ) {
    blocks = sample.blocks
    let whole = sample.scatter(about: sample.mean, weights: sample.weights, total: Double(sample.count)).diagonal
    var pilotScore = 0.0
    self.folds = folds.compactMap { fold in
      var pilot = try? StudentTFit(
        sample: sample.selecting(fold.training), shape: BlockScatter(), fixedDegreesOfFreedom: degreesOfFreedom,
        locationIsZero: locationIsZero)
      guard (try? pilot?.run(maximumIterations: Self.pilotIterations)) != nil, let pilot else { return nil }
      var scatter = pilot.freeScatter
      for index in whole.indices {
        scatter[index, index] = max(scatter[index, index], Self.smallestVariance * whole[index])
      }
      var heldOut = sample.rows.selecting(rows: fold.heldOut)
      for row in 0..<heldOut.rows {
        for column in 0..<heldOut.columns { heldOut[row, column] -= pilot.distribution.location[column] }
      }
      let result = Fold(
        scatter: scatter, degreesOfFreedom: pilot.distribution.degreesOfFreedom, heldOut: heldOut,
        weights: fold.heldOut.map { sample.weights[$0] })
      pilotScore += Self.score(pilot.distribution.scatter, result)
      return result
    }
    self.pilotScore = self.folds.isEmpty || self.folds.count < folds.count ? nil : pilotScore
  }

  /// The best shape, round by round from `start`.
  func best(from start: any ScatterShape) throws -> any ScatterShape {
    var best = start
    guard !folds.isEmpty else { return best }
    for round in 0... {
      let candidates = best.candidates(round: round, blocks: blocks)
      guard !candidates.isEmpty else { break }
      var totals = [Double](repeating: 0, count: candidates.count)
      for fold in folds {
        let shaped = try best.shapedByCandidates(round: round, fold.scatter, blocks: blocks)
        for (index, scatter) in shaped.enumerated() { totals[index] += Self.score(scatter, fold) }
      }
      // The first of equals, which is the strongest.
      if let index = totals.indices.max(by: { (totals[$0], -$0) < (totals[$1], -$1) }), totals[index].isFinite {
        best = candidates[index]
      }
    }
    return best
  }

  private static func score(_ scatter: Matrix, _ fold: Fold) -> Double {
    guard
      let distribution = try? MultivariateStudentT(
        location: Array(repeating: 0, count: scatter.rows), scatter: scatter,
        degreesOfFreedom: fold.degreesOfFreedom)
    else { return -.infinity }
    return zip(fold.weights, distribution.squaredDistances(toRows: fold.heldOut)).reduce(0) {
      $0 + $1.0 * distribution.logDensity(ofSquaredDistance: $1.1)
    }
  }
}
