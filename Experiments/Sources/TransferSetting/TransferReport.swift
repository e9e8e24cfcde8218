import Foundation

/// How near one transfer came to the hidden preset.
package struct TransferOutcome {
  package var label: String
  package var setting: String
  package var startLoss: Double?
  package var endLoss: Double?
  /// Mean squared difference of the logits.
  package var parameterError: Double
  /// MSS and MLDR of the whole vocal, left/right.
  package var spectralDistance: Double
  package var dynamicDistance: Double
  /// Distance of the preset found from the prior's mean, squared.
  package var squaredMahalanobis: Double?
}

/// The outcomes as two Markdown tables.
package struct TransferReport {
  private let outcomes: [TransferOutcome]

  package init(_ outcomes: [TransferOutcome]) { self.outcomes = outcomes }

  package var markdown: String {
    var settings: [String] = []
    for outcome in outcomes where !settings.contains(outcome.setting) { settings.append(outcome.setting) }
    var lines = [
      "| setting | loss at the start | loss found | PMSE mean (median) | MSS mean (median) | MLDR mean (median) |",
      "|---|---|---|---|---|---|",
    ]
    for setting in settings {
      let rows = outcomes.filter { $0.setting == setting }
      lines.append(
        "| \(setting) | \(mean(rows.compactMap(\.startLoss))) | \(mean(rows.compactMap(\.endLoss)))"
          + " | \(both(rows.map(\.parameterError))) | \(both(rows.map(\.spectralDistance)))"
          + " | \(both(rows.map(\.dynamicDistance))) |")
    }
    lines += ["", "| preset | setting | loss | PMSE | MSS | MLDR | Mahalanobis² |", "|---|---|---|---|---|---|---|"]
    for outcome in outcomes {
      lines.append(
        "| \(outcome.label) | \(outcome.setting) | \(outcome.endLoss.map(text) ?? "") | \(text(outcome.parameterError))"
          + " | \(text(outcome.spectralDistance)) | \(text(outcome.dynamicDistance))"
          + " | \(outcome.squaredMahalanobis.map { String(format: "%.1f", $0) } ?? "") |")
    }
    return lines.joined(separator: "\n")
  }

  private func text(_ value: Double) -> String { String(format: "%.3f", value) }

  private func mean(_ values: [Double]) -> String {
    values.isEmpty ? "" : text(values.reduce(0, +) / Double(values.count))
  }

  private func both(_ values: [Double]) -> String {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    let median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    return "\(mean(values)) (\(text(median)))"
  }
}
