import FXParams
import NumericCore
import PresetStore
import Workflows

/// What `priorkit show` says about presets. The property names are the keys of its JSON.
struct PresetSummary: Encodable {
  struct Entry: Encodable {
    let name: String
    let unit: String
    let minimum: Double
    let median: Double
    let maximum: Double
  }

  let kind = "presets"
  let count: Int
  let sampleRate: Double
  let parameters: [Entry]

  init(of presets: PresetCollection) {
    let space = presets.chain.parameterSpace
    let rows = (0..<presets.count).map { space.values(ofLogits: presets.theta.row($0)) }
    count = presets.count
    sampleRate = presets.chain.sampleRate
    parameters = space.parameters.enumerated().map { index, parameter in
      let sorted = rows.map { $0[index] }.sorted()
      let middle = sorted.count / 2
      return Entry(
        name: parameter.name, unit: parameter.unit.rawValue, minimum: sorted.first ?? 0,
        median: sorted.isEmpty
          ? 0 : sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2,
        maximum: sorted.last ?? 0)
    }
  }

  func text(isJSON: Bool) throws -> String {
    guard !isJSON else { return try JSONText.text(self) }
    var table = TextTable([
      ("parameter", .left), ("unit", .left), ("minimum", .right), ("median", .right), ("maximum", .right),
    ])
    for entry in parameters {
      table.append(
        [entry.name, entry.unit] + [entry.minimum, entry.median, entry.maximum].map { NumberText.short($0) })
    }
    return "\(count) presets of \(parameters.count) parameters, \(NumberText.short(sampleRate, digits: 6)) Hz\n\n"
      + table.text
  }
}
