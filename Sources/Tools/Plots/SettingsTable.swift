import FXParams
import Foundation
import Workflows

/// The settings of a preset as a table for people: in the order of the chain, effect by effect, in the units of the
/// trade (dB, Hz, Q, ms, T60 in s, %).
struct SettingsTable {
  private let chain: ChainDescription
  private let readings: [ParameterReading]

  init(_ readings: [ParameterReading], of chain: ChainDescription) {
    (self.readings, self.chain) = (readings, chain)
  }

  /// Longer vectors, such as the matrices of a reverb, are folded away.
  private static let mostEntries = 6

  var html: String {
    chain.parameterBlocks.map { block in
      let own = block.indices.filter { $0 < readings.count }.map { readings[$0] }
      let table = HTML.table(
        ["parameter", "value", "unit"], own.map { [$0.name, Self.number($0), Self.unit($0)] }, lastIsText: true)
      let title = "\(block.name) (\(own.count))"
      let isVector = own.allSatisfy { $0.name.last?.isNumber == true && $0.unit == .one }
      return isVector && own.count > Self.mostEntries
        ? HTML.details(title, table) : "<h3>\(HTML.escaped(block.name))</h3>\n" + table
    }.joined() + fixed
  }

  /// What the description fixes.
  private var fixed: String {
    let fixed = chain.statedFixedParameters
    guard !fixed.isEmpty else { return "" }
    let rows = fixed.map { [$0.name, NumberText.short($0.value), Self.unit($0.unit, of: $0.name)] }
    return "<h3>fixed by the chain</h3>\n" + HTML.table(["parameter", "value", "unit"], rows, lastIsText: true)
  }

  private static func number(_ reading: ParameterReading) -> String {
    NumberText.short(reading.derived?.value ?? reading.value)
  }

  private static func unit(_ reading: ParameterReading) -> String {
    let unit = reading.derived?.unit ?? reading.unit
    return Self.unit(unit, of: reading.name) + (isDecayTime(reading) ? " (T60)" : "")
  }

  private static func unit(_ unit: FXParams.Unit, of name: String) -> String {
    guard unit == .one else { return unit.rawValue }
    return switch name.split(separator: ".").last {
    case "q": "Q"
    case "ratio", "expander_ratio": ": 1"
    default: ""
    }
  }

  private static func isDecayTime(_ reading: ParameterReading) -> Bool {
    reading.derived?.unit == .second
  }
}
