import Foundation
import Workflows

/// What a comparison of families comes to: which one to fit.
struct ComparisonConclusion {
  let baseline: String
  /// The options of `fit` that ask for a family.
  let options: (_ family: String) -> String

  /// A family is told from another by so many standard errors of their paired difference.
  private static let neededErrors = 2.0

  /// One sentence on a table; nil where every family failed.
  func sentence(on table: ComparisonReport.Table) -> String? {
    let scored = table.families.filter { $0.mean != nil }
    guard let best = scored.first else { return nil }
    let presets = table.kind == "test" ? "On the test presets" : "On held-out presets"
    let advice = "so fit with \(options(best.family))."
    guard scored.count > 1 else { return "\(presets) only \(best.family) was scored: \(advice)" }
    let gain =
      best.family == baseline
      ? "\(best.family), with which the others are compared, has the highest density"
      : "\(best.family) has the highest density, "
        + (best.difference.map { "\(Self.nats($0, best.differenceStandardError)) more than \(baseline)" }
          ?? "and \(baseline), with which it would be compared, could not be fitted")
    let peers = scored.dropFirst().filter { row in
      (row.behindBest ?? .infinity) <= Self.neededErrors * (row.behindBestStandardError ?? 0)
    }.map(\.family)
    return "\(presets) \(gain)\(Self.words(peers)): \(advice)"
  }

  private static func nats(_ gain: Double, _ error: Double?) -> String {
    String(format: "%.1f", gain) + (error.map { String(format: " ± %.1f", $0) } ?? "") + " nats per preset"
  }

  private static func words(_ peers: [String]) -> String {
    switch peers.count {
    case 0: ""
    case 1...3: ", and \(peers.joined(separator: ", ")) cannot be told from it"
    default: ", and \(peers.count) others cannot be told from it"
    }
  }
}
