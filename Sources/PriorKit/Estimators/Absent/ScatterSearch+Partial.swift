import NumericCore

extension ScatterSearch {
  /// The search for rows that lack columns: pilots and candidates are scored by the density of what held-out rows
  /// have.
  ///
  /// - Parameter degreesOfFreedom: infinite for a normal, nil to estimate it in each fold.
  init(_ sample: PartialRows, degreesOfFreedom: Double?) {
    let whole = sample.availableMoments().variances
    let folds = sample.folds
    let fits = folds.compactMap { fold -> FoldFit? in
      var pilot = try? PartialFit(
        sample: sample.selecting(fold.training), shape: BlockScatter(), fixedDegreesOfFreedom: degreesOfFreedom)
      guard (try? pilot?.run(maximumIterations: Self.pilotIterations)) != nil, let pilot else { return nil }
      let (heldOut, density) = (sample.selecting(fold.heldOut), pilot.distribution)
      // Selected rows have weights of mean 1 of their own.
      let share = fold.heldOut.reduce(0) { $0 + sample.weights[$1] } / Double(max(fold.heldOut.count, 1))
      func score(_ scatter: Matrix) -> Double {
        guard let cholesky = try? Cholesky(scatter),
          let completed = try? CompletedRows(heldOut, location: density.location, scatter: cholesky)
        else { return -.infinity }
        return share * completed.logLikelihood(degreesOfFreedom: density.degreesOfFreedom)
      }
      return FoldFit(
        scatter: pilot.freeScatter.raisingDiagonal(to: Self.smallestVariance, of: whole),
        pilotScore: score(density.scatter), score: score)
    }
    self.init(blocks: sample.blocks, fits: fits, foldCount: folds.count)
  }
}
