import FXParams
import Workflows

/// What `priorkit show` says about a chain. The property names are the keys of its JSON.
struct ChainSummary: Encodable {
  struct Entry: Encodable {
    let name: String
    let unit: String
    /// Nil where the parameter is unbounded on that side.
    let lower: Double?
    let upper: Double?
  }

  struct FixedEntry: Encodable {
    let name: String
    let unit: String
    let value: Double
  }

  let kind = "chain"
  let sampleRate: Double
  let effects: [String]
  let parameters: [Entry]
  /// Symmetries that leave the sound as it is, or mirror it.
  let symmetries: [String]
  /// Numbers of effects that the description fixes; nil where there are none.
  let fixed: [FixedEntry]?
  /// Names of the effects that presets may lack; nil where there are none.
  let optional: [String]?
  /// The orders that the series may have, the listed one first; nil where there is no other.
  let orders: [[String]]?
  private let chain: ChainDescription

  private enum CodingKeys: String, CodingKey {
    case kind, sampleRate, effects, parameters, symmetries, fixed, optional, orders
  }

  init(of chain: ChainDescription) {
    self.chain = chain
    sampleRate = chain.sampleRate
    effects = chain.effectNames
    symmetries = chain.symmetries.generators.map(\.name)
    let fixed = chain.statedFixedParameters.map {
      FixedEntry(name: $0.name, unit: $0.unit.rawValue, value: $0.value)
    }
    self.fixed = fixed.isEmpty ? nil : fixed
    optional = chain.optionalEffects.isEmpty ? nil : chain.optionalNames
    orders = chain.furtherOrders.isEmpty ? nil : chain.orders
    parameters = chain.parameterSpace.parameters.map { parameter in
      let ends = parameter.ends
      return Entry(
        name: parameter.name, unit: parameter.unit.rawValue, lower: ends.lower, upper: ends.upper)
    }
  }

  func text(all: Bool) -> String {
    var table = TextTable([("parameter", .left), ("lowest", .right), ("highest", .right), ("unit", .left)])
    for (index, left) in ParameterText.shown(parameters.map(\.name), all: all) {
      let entry = parameters[index]
      table.append([
        entry.name, entry.lower.map { NumberText.short($0) } ?? "", entry.upper.map { NumberText.short($0) } ?? "",
        entry.unit == "1" ? "" : entry.unit,
      ])
      if left > 0 { table.append(["  (\(left) more: --all)", "", "", ""]) }
    }
    let chainLines =
      [ChainText.line(effects, sampleRate: sampleRate)] + ShapeText.lines(chain)
      + ChainText.fixedLines(chain)
    return "A chain of \(parameters.count) parameters\n" + chainLines.joined(separator: "\n")
      + "\nsymmetries: \(symmetries.isEmpty ? "none" : symmetries.joined(separator: ", "))\n\n" + table.text
  }
}
