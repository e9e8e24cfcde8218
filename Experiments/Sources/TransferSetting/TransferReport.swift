import Foundation

/// The outcomes as two Markdown tables: one row a setting, then one row a preset and setting.
package struct TransferReport {
  private let outcomes: [TransferOutcome]

  package init(_ outcomes: [TransferOutcome]) { self.outcomes = outcomes }

  package var markdown: String {
    let settings = distinct(outcomes.map(\.setting))
    var lines = table([
      "setting", "loss at the start", "loss found", "style at the start", "style found", "PMSE mean (median)",
      "Mahalanobis PMSE", "MSS mean (median)", "MLDR mean (median)",
    ])
    for setting in settings {
      let rows = outcomes.filter { $0.setting == setting }
      lines.append(
        line([
          setting, mean(rows.compactMap(\.startLoss)), mean(rows.compactMap(\.endLoss)),
          mean(rows.compactMap(\.startStyleLoss)), mean(rows.compactMap(\.endStyleLoss)),
          both(rows.map(\.parameterError)), both(rows.compactMap(\.mahalanobisParameterError)),
          both(rows.map(\.spectralDistance)), both(rows.map(\.dynamicDistance)),
        ]))
    }
    lines.append("")
    lines += table([
      "preset", "setting", "loss", "style", "PMSE", "Mahalanobis PMSE", "MSS", "MLDR", "Mahalanobis²",
    ])
    for label in distinct(outcomes.map(\.label)) {
      for outcome in outcomes where outcome.label == label {
        lines.append(
          line([
            outcome.label, outcome.setting, text(outcome.endLoss), text(outcome.endStyleLoss),
            text(outcome.parameterError), text(outcome.mahalanobisParameterError), text(outcome.spectralDistance),
            text(outcome.dynamicDistance), outcome.squaredMahalanobis.map { String(format: "%.1f", $0) } ?? "",
          ]))
      }
    }
    return lines.joined(separator: "\n")
  }

  private func distinct(_ names: [String]) -> [String] {
    var seen = Set<String>()
    return names.filter { seen.insert($0).inserted }
  }

  private func table(_ headings: [String]) -> [String] {
    [line(headings), "|" + headings.map { _ in "---|" }.joined()]
  }

  private func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }

  private func text(_ value: Double?) -> String { value.map { String(format: "%.3f", $0) } ?? "" }

  private func mean(_ values: [Double]) -> String {
    values.isEmpty ? "" : text(values.reduce(0, +) / Double(values.count))
  }

  private func both(_ values: [Double]) -> String {
    guard !values.isEmpty else { return "" }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    let median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    return "\(mean(values)) (\(text(median)))"
  }
}
