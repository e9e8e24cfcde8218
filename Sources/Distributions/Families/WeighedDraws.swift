package import NumericCore
import Synchronization

/// Draws of a prior with the summary that a likelihood expects of each: shared by the posteriors of all sounds.
package final class WeighedDraws: Sendable {
  package let draws: BaseDraws
  package let likelihood: SyntheticLikelihood
  private let made = Mutex<Matrix?>(nil)

  package init(_ draws: BaseDraws, _ likelihood: SyntheticLikelihood) {
    (self.draws, self.likelihood) = (draws, likelihood)
  }

  /// [count, K].
  package var predictions: Matrix {
    made.withLock { made in
      if let made { return made }
      let new = likelihood.predictions(of: draws.draws)
      made = new
      return new
    }
  }
}
