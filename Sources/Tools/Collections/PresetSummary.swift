import FXParams
import NumericCore
import PresetStore
import Statistics
import Workflows

/// What `priorkit show` says about presets. The property names are the keys of its JSON.
struct PresetSummary: Encodable {
  struct Entry: Encodable {
    let name: String
    let unit: String
    let minimum: Double
    let median: Double
    let maximum: Double
    /// The mean standard error of the logit in typical standard deviations; nil where that is not known.
    let relativeError: Double?
  }

  let kind = "presets"
  let count: Int
  let sampleRate: Double
  let parameters: [Entry]
  /// The least, median and greatest loss of presets that were retrieved; nil for others.
  let losses: [Double]?
  /// Retrievals that have no row; nil for presets from elsewhere.
  let refusedCount: Int?

  init(of presets: PresetCollection) {
    let space = presets.chain.parameterSpace
    let rows = (0..<presets.count).map { space.values(ofLogits: presets.theta.row($0)) }
    count = presets.count
    sampleRate = presets.chain.sampleRate
    losses = presets.retrieval.map { retrieval in
      let sorted = SortedQuantiles(retrieval.losses)
      return [0, 0.5, 1].map { sorted.value(at: $0) }
    }
    refusedCount = presets.retrieval?.refused.count
    let errors = presets.information.flatMap { information in
      information.widths.map { widths in
        widths.indices.map { column in
          let sum = (0..<presets.count).reduce(0) { $0 + information.standardErrors[$1, column] }
          return sum / Double(presets.count) / widths[column]
        }
      }
    }
    parameters = space.parameters.enumerated().map { index, parameter in
      let sorted = rows.map { $0[index] }.sorted()
      let middle = sorted.count / 2
      return Entry(
        name: parameter.name, unit: parameter.unit.rawValue, minimum: sorted.first ?? 0,
        median: sorted.isEmpty
          ? 0 : sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2,
        maximum: sorted.last ?? 0, relativeError: errors?[index])
    }
  }

  func text(isJSON: Bool) throws -> String {
    guard !isJSON else { return try JSONText.text(self) }
    let hasErrors = parameters.contains { $0.relativeError != nil }
    var table = TextTable(
      [("parameter", .left), ("unit", .left), ("minimum", .right), ("median", .right), ("maximum", .right)]
        + (hasErrors ? [("error / spread", .right)] : []))
    for entry in parameters {
      table.append(
        [entry.name, entry.unit] + [entry.minimum, entry.median, entry.maximum].map { NumberText.short($0) }
          + (entry.relativeError.map { [NumberText.short($0, digits: 2)] } ?? []))
    }
    let rate = NumberText.short(sampleRate, digits: 6)
    var lines = ["\(count) presets of \(parameters.count) parameters, \(rate) Hz"]
    if let losses, let refusedCount {
      let numbers = losses.map { NumberText.short($0) }
      lines.append(
        "Retrieved from recordings: losses from \(numbers[0]) to \(numbers[2]), median \(numbers[1]); "
          + "\(refusedCount) retrievals are left out")
    }
    return lines.joined(separator: "\n") + "\n\n" + table.text
  }
}
