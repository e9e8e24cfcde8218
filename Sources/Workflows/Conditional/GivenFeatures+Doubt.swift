import Distributions
import PresetStore
import PriorKit

extension GivenFeatures {
  /// Shares of pairs that are nearer to others, from which on a recording is unusual, or strange.
  private static let (unusual, strange) = (0.95, 0.99)
  /// Root mean square of the whitened features from which on a warning is due.
  private static let strangenessLimit = 2.0

  /// Draws of a prior that a sound must leave.
  private static let leastDraws = 100.0

  /// Why a prior is not to be relied on, given a sound; nil if there is no reason.
  static func doubt(about distribution: any Distribution, _ path: String) -> String? {
    let inner = (distribution as? SpreadDistribution)?.base ?? distribution
    guard let tilted = inner as? TiltedDistribution, tilted.effectiveDrawCount < leastDraws else { return nil }
    return "Given this sound \(path) rests on \(NumberText.short(tilted.effectiveDrawCount, digits: 2)) of "
      + "\(BaseDraws.count) draws of its prior, so mean and draws are rough: fit it again and trust the sound less."
  }

  /// Why features are not to be relied on, in a sentence; nil if there is no reason.
  static func doubt(about features: [Double], _ prior: ConditionalPrior, _ path: String) throws -> String? {
    if let familiarity = prior.familiarity {
      let share = familiarity.strangerThan(try prior.components(of: features))
      guard share >= unusual else { return nil }
      let percent = NumberText.short(100 * share, digits: 3)
      guard share < strange else {
        return
          "The sound is unlike those that \(path) was fitted to, farther from them than \(percent) % of them are "
          + "from each other: do not trust it here, and take an unconditional prior."
      }
      return "The sound is unusual for \(path), farther from those that it was fitted to than \(percent) % of them "
        + "are from each other: check that it is a vocal of the same kind"
        + (prior.featureRecord?.anchors == nil ? "." : ", and that the dry vocal is of the same voice.")
    }
    let strangeness = try prior.strangeness(of: features)
    guard strangeness > strangenessLimit else { return nil }
    return "The features are \(NumberText.short(strangeness, digits: 2)) times as far from the mean as those that "
      + "\(path) was fitted to: the prior is extrapolated, and an unconditional one may be better."
  }
}
