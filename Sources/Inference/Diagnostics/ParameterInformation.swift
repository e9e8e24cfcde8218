import FXParams
import NumericCore
import PresetStore

/// How much the data informed one parameter: its posterior compared with its prior, over logits.
public struct ParameterInformation: Sendable, Hashable {
  /// The parameter's name.
  public let name: String
  /// Position in the flat order.
  public let index: Int
  /// The standard deviation of the prior's draws, in logits.
  public let priorDeviation: Double
  /// The standard deviation of the posterior's draws, in logits.
  public let posteriorDeviation: Double
  /// Posterior over prior standard deviation: near 0 where the data decide, near 1 where they say nothing.
  public let ratio: Double
  /// How far the mean moved, in prior standard deviations.
  public let shift: Double

  /// All parameters but the fixed ones, in flat order; nil where the prior was not drawn from, or there are fewer
  /// than two draws.
  public static func all(in draws: PosteriorDraws) -> [ParameterInformation]? {
    guard let prior = draws.priorDraws, prior.rows > 1, draws.chains.count * draws.drawCount > 1 else { return nil }
    let names = draws.chain.parameterSpace.names
    return draws.freePositions.map { index in
      let before = ScalarDraws(chains: [prior.column(index)])
      let after = draws.scalar(index, scale: .logits)
      let (wide, narrow) = (before.standardDeviation ?? 0, after.standardDeviation ?? 0)
      return ParameterInformation(
        name: names[index], index: index, priorDeviation: wide, posteriorDeviation: narrow,
        ratio: wide > 0 ? narrow / wide : 1, shift: wide > 0 ? (after.mean - before.mean) / wide : 0)
    }
  }
}
