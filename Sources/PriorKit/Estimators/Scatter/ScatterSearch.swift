import NumericCore

/// Chooses what a Student-t assumes of its scatter by the log likelihood of presets held out.
///
/// EM runs a few steps on the training part of each fold, its scatter shrunk to its blocks. The candidates are then
/// tried on the free scatter that its weights give, with its location and degrees of freedom, which costs a
/// factorisation each instead of a fit. Folds whose presets make no density are left out; without any, the start of
/// the search is kept.
struct ScatterSearch {
  /// The fit to the training part of a fold, and the rows held out less its location.
  private struct FoldFit {
    let scatter: Matrix
    let degreesOfFreedom: Double
    let heldOut: Matrix
    /// Of presets held out; their sum over all folds is the number of presets.
    let weights: [Double]
  }

  private let blocks: [[Int]]
  private let fits: [FoldFit]
  /// The log likelihood of the presets held out under the fits themselves, in nats, summed; nil unless every fold
  /// has a fit.
  let pilotScore: Double?

  /// Weights of EM that are settled to this many steps rank candidates as those of its end do.
  private static let pilotIterations = 12
  /// A variance of a fold below this share of that of the whole sample is raised to it.
  private static let smallestVariance = 1e-6

  init(_ sample: WeightedRows, folds: [Fold], degreesOfFreedom: Double?, locationIsZero: Bool) {
    blocks = sample.blocks
    let whole = sample.scatter(about: sample.mean, weights: sample.weights, total: Double(sample.count)).diagonal
    var pilotScore = 0.0
    fits = folds.compactMap { fold in
      var pilot = try? StudentTFit(
        sample: sample.selecting(fold.training), shape: BlockScatter(), fixedDegreesOfFreedom: degreesOfFreedom,
        locationIsZero: locationIsZero)
      guard (try? pilot?.run(maximumIterations: Self.pilotIterations)) != nil, let pilot else { return nil }
      let result = FoldFit(
        scatter: pilot.freeScatter.raisingDiagonal(to: Self.smallestVariance, of: whole),
        degreesOfFreedom: pilot.distribution.degreesOfFreedom,
        heldOut: sample.rows.selecting(rows: fold.heldOut).subtracting(pilot.distribution.location),
        weights: fold.heldOut.map { sample.weights[$0] })
      pilotScore += Self.score(pilot.distribution.scatter, result)
      return result
    }
    self.pilotScore = fits.isEmpty || fits.count < folds.count ? nil : pilotScore
  }

  /// The best shape, round by round from `start`.
  func best(from start: any ScatterShape) throws -> any ScatterShape {
    guard !fits.isEmpty else { return start }
    return try start.varied(blocks: blocks) { shape, round, count in
      try HeldOutChoice.totals(of: count, over: fits) { fit in
        try shape.shapedByCandidates(round: round, fit.scatter, blocks: blocks).map { Self.score($0, fit) }
      }
    }
  }

  private static func score(_ scatter: Matrix, _ fit: FoldFit) -> Double {
    guard
      let distribution = try? MultivariateStudentT(
        location: Array(repeating: 0, count: scatter.rows), scatter: scatter,
        degreesOfFreedom: fit.degreesOfFreedom)
    else { return -.infinity }
    return zip(fit.weights, distribution.squaredDistances(toRows: fit.heldOut)).reduce(0) {
      $0 + $1.0 * distribution.logDensity(ofSquaredDistance: $1.1)
    }
  }
}
