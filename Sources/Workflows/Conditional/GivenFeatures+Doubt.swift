import PriorKit

extension GivenFeatures {
  /// Shares of pairs that are nearer to others, from which on a recording is unusual, or strange.
  private static let (unusual, strange) = (0.95, 0.99)
  /// Root mean square of the whitened features from which on a warning is due.
  private static let strangenessLimit = 2.0

  /// Why features are not to be relied on, in a sentence; nil if there is no reason.
  static func doubt(about features: [Double], _ prior: ConditionalPrior, _ path: String) throws -> String? {
    if let familiarity = prior.familiarity {
      let share = familiarity.strangerThan(try prior.components(of: features))
      guard share >= unusual else { return nil }
      let percent = NumberText.short(100 * share, digits: 3)
      return share >= strange
        ? "The recording is unlike what \(path) was fitted to, stranger than \(percent) % of its pairs are to each "
          + "other: do not trust it here, and take an unconditional prior."
        : "The recording is unusual for \(path), stranger than \(percent) % of its pairs are to each other: check "
          + "that it is a vocal of the same kind, and that the dry vocal is of the same voice."
    }
    let strangeness = try prior.strangeness(of: features)
    guard strangeness > strangenessLimit else { return nil }
    return "The features are \(NumberText.short(strangeness, digits: 2)) times as far from the mean as those that "
      + "\(path) was fitted to: the prior is extrapolated, and an unconditional one may be better."
  }
}
