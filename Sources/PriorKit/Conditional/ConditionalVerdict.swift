import Foundation
public import NumericCore

/// Whether a condition helps: the best conditional family against the best unconditional one, on the same held-out
/// presets.
public struct ConditionalVerdict: Sendable {
  /// The best family that is given the features; nil if all failed.
  public let conditional: String?
  /// The best family that is not.
  public let unconditional: String?
  /// Nats per preset gained by the features.
  public let gain: MeanEstimate?

  /// A gain counts from so many standard errors on: those of overlapping folds are too small, and the best of
  /// several families is better than it is by chance.
  public static let neededErrors = 3.0
  /// A smaller gain, in nats per preset, is not worth a condition, however sure it is: families that use the
  /// features in one fold and not in the others have tiny gains with tiny errors.
  public static let neededGain = 0.1

  /// - Parameters:
  ///   - table: families with and without the features, the latter named with
  ///     ``ConditionalFitter/unconditionalSuffix``.
  ///   - clusters: of the rows of the comparison's data, as in ``ComparisonTable``.
  public init(_ table: ComparisonTable, clusters: [String]? = nil) {
    let scored = table.rows.filter { $0.scores != nil }
    let isUnconditional = { (name: String) in name.hasSuffix(ConditionalFitter.unconditionalSuffix) }
    let best = scored.first { !isUnconditional($0.name) }
    let reference = scored.first { isUnconditional($0.name) }
    conditional = best?.name
    unconditional = reference?.name
    let groups = clusters.map { clusters in table.presets.map { clusters[$0] } }
    gain = best?.scores.flatMap { own in
      reference?.scores.map { MeanEstimate.difference(own, $0, clusters: groups) }
    }
  }

  /// Whether the features gain more than chance does.
  public var helps: Bool {
    guard let gain, let error = gain.standardError else { return false }
    return gain.mean >= Self.neededGain && gain.mean > Self.neededErrors * error
  }

  /// One sentence.
  public var sentence: String {
    guard let conditional, let unconditional, let gain else {
      return "Whether the features help is unknown, because the fits to parts of the presets failed."
    }
    let error = gain.standardError.map { String(format: " ± %.1f", $0) } ?? ""
    let figure = String(format: "%.1f", gain.mean) + error + " nats per held-out preset"
    return helps
      ? "The features help: \(conditional) gains \(figure) over \(unconditional)."
      : "The features do not help: \(conditional) gains \(figure) over \(unconditional), no more than chance "
        + "allows or too little to matter; an unconditional prior is the safer choice."
  }
}
