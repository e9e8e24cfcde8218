import NumericCore

/// Chooses what a Student-t assumes of its scatter by the log likelihood of presets held out.
///
/// EM runs a few steps on the training part of each fold, its scatter shrunk to its blocks. The candidates are then
/// tried on the free scatter that its weights give, with its location and degrees of freedom, which costs a
/// factorisation each instead of a fit. Folds whose presets make no density are left out; without any, the start of
/// the search is kept.
struct ScatterSearch {
  /// The fit to the training part of a fold.
  struct FoldFit {
    /// Free.
    let scatter: Matrix
    /// Of the fit itself, as ``score``.
    let pilotScore: Double
    /// The weighted log likelihood of the rows held out under another scatter, in nats, summed; minus infinity for
    /// one that makes no density. Weights are those of the presets: their sum over all folds is their number.
    let score: (Matrix) -> Double
  }

  private let blocks: [[Int]]
  private let fits: [FoldFit]
  /// The log likelihood of the presets held out under the fits themselves, in nats, summed; nil unless every fold
  /// has a fit.
  let pilotScore: Double?

  /// Weights of EM that are settled to this many steps rank candidates as those of its end do.
  static let pilotIterations = 12
  /// A variance of a fold below this share of that of the whole sample is raised to it.
  static let smallestVariance = 1e-6

  init(_ sample: WeightedRows, folds: [Fold], degreesOfFreedom: Double?, locationIsZero: Bool) {
    let whole = sample.scatter(about: sample.mean, weights: sample.weights, total: Double(sample.count)).diagonal
    let fits = folds.compactMap { fold -> FoldFit? in
      var pilot = try? StudentTFit(
        sample: sample.selecting(fold.training), shape: BlockScatter(), fixedDegreesOfFreedom: degreesOfFreedom,
        locationIsZero: locationIsZero)
      guard (try? pilot?.run(maximumIterations: Self.pilotIterations)) != nil, let pilot else { return nil }
      let density = pilot.distribution
      let heldOut = sample.rows.selecting(rows: fold.heldOut).subtracting(density.location)
      let weights = fold.heldOut.map { sample.weights[$0] }
      func score(_ scatter: Matrix) -> Double {
        Self.score(scatter, degreesOfFreedom: density.degreesOfFreedom, heldOut, weights)
      }
      return FoldFit(
        scatter: pilot.freeScatter.raisingDiagonal(to: Self.smallestVariance, of: whole),
        pilotScore: score(density.scatter), score: score)
    }
    self.init(blocks: sample.blocks, fits: fits, foldCount: folds.count)
  }

  /// - Parameter fits: those of the folds that have one.
  init(blocks: [[Int]], fits: [FoldFit], foldCount: Int) {
    (self.blocks, self.fits) = (blocks, fits)
    pilotScore = fits.isEmpty || fits.count < foldCount ? nil : fits.reduce(0) { $0 + $1.pilotScore }
  }

  /// The best shape, round by round from `start`.
  func best(from start: any ScatterShape) throws -> any ScatterShape {
    guard !fits.isEmpty else { return start }
    return try start.varied(blocks: blocks) { shape, round, count in
      try HeldOutChoice.totals(of: count, over: fits) { fit in
        try shape.shapedByCandidates(round: round, fit.scatter, blocks: blocks).map(fit.score)
      }
    }
  }

  private static func score(
    _ scatter: Matrix, degreesOfFreedom: Double, _ heldOut: Matrix, _ weights: [Double]
  ) -> Double {
    guard
      let distribution = try? MultivariateStudentT(
        location: Array(repeating: 0, count: scatter.rows), scatter: scatter, degreesOfFreedom: degreesOfFreedom)
    else { return -.infinity }
    return zip(weights, distribution.squaredDistances(toRows: heldOut)).reduce(0) {
      $0 + $1.0 * distribution.logDensity(ofSquaredDistance: $1.1)
    }
  }
}
