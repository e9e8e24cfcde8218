import FXParams
import Foundation
import NumericCore
package import PresetStore

/// The settings of presets as tables in Markdown, effect by effect in the order of the chain, in musicians' units.
///
/// Every parameter appears once, as `describe(logits:)` reads it: where an engineer reads another quantity than the
/// value, an attack time in place of a coefficient, the table has that quantity. What the chain fixes of a band
/// stands beside it.
package struct SettingsSheet: Sendable {
  private let chain: ChainDescription
  private let presets: PresetCollection

  package init(_ presets: PresetCollection) {
    self.presets = presets
    chain = presets.chain
  }

  /// The whole sheet.
  ///
  /// - Throws: `ParameterError` for a logit that is not finite.
  package func text() throws -> String {
    try (0..<presets.count).map { try text(ofRow: $0) }.joined(separator: "\n")
  }

  private func text(ofRow row: Int) throws -> String {
    let readings = try chain.describe(logits: presets.theta.row(row))
    let slots = chain.slots
    var text = "# \(Self.line(presets.label(of: row)))\n\n"
    if let group = presets.groups?[row] { text += "Group: \(Self.line(group))\n\n" }
    var bands: [PlacedBand] = []
    func flush() {
      if !bands.isEmpty { text += section("Equaliser", Self.table(of: bands, readings)) }
      bands = []
    }
    for (effect, positions) in zip(chain.series, slots.series) {
      if case .biquad(let band) = effect {
        bands.append(PlacedBand(band, band.slots, startingAt: positions.lowerBound))
      } else {
        flush()
        text += section(Self.title(effect.name), Self.table(readings[positions], prefix: effect.name))
      }
    }
    flush()
    for (effect, positions) in zip(chain.sends, slots.sends) {
      text += self.text(of: effect, readings, positions)
    }
    let rest = Array(slots.crossSends) + [slots.directPan].compactMap(\.self)
    if !rest.isEmpty { text += section("Sends and pan", Self.table(rest.map { readings[$0] }, prefix: "")) }
    return text
  }

  // MARK: - Effects on sends

  private func text(of effect: SendEffect, _ readings: [ParameterReading], _ positions: Range<Int>) -> String {
    let title = Self.title(effect.name)
    guard case .feedbackDelayNetwork(let network) = effect else {
      return section(title, Self.table(readings[positions], prefix: effect.name))
    }
    let slots = network.slots
    func own(_ range: Range<Int>) -> ArraySlice<ParameterReading> {
      let start = positions.lowerBound
      return readings[start + range.lowerBound..<start + range.upperBound]
    }
    var decay = TextTable([("frequency", .right), ("T60", .right)])
    let top = chain.sampleRate / 2
    for (point, reading) in own(slots.attenuations).enumerated() {
      let frequency = top * Double(point) / Double(network.decayPoints - 1)
      decay.append([Self.text(frequency, .hertz), Self.text(reading)])
    }
    let tone = zip(network.tone, slots.tone).map { band, slots in
      PlacedBand(band, slots, startingAt: positions.lowerBound)
    }
    return section("\(title): decay", decay)
      + (tone.isEmpty ? "" : section("\(title): tone", Self.table(of: tone, readings)))
      + section(
        "\(title): gains and mixing",
        Self.table(
          own(slots.inputGains) + own(slots.outputGains) + own(slots.generator), prefix: effect.name))
  }

  // MARK: - Tables

  private func section(_ title: String, _ table: TextTable) -> String { "## \(title)\n\n\(table.markdown)\n" }

  /// A band and where its readings begin.
  private struct PlacedBand {
    let band: BiquadBand
    let slots: BiquadBand.Slots
    let start: Int

    init(_ band: BiquadBand, _ slots: BiquadBand.Slots, startingAt start: Int) {
      (self.band, self.slots, self.start) = (band, slots, start)
    }
  }

  private static func table(of bands: [PlacedBand], _ readings: [ParameterReading]) -> TextTable {
    var table = TextTable([
      ("band", .left), ("response", .left), ("gain", .right), ("frequency", .right), ("Q", .right),
    ])
    for placed in bands {
      let (band, slots) = (placed.band, placed.slots)
      func cell(_ place: ParameterPlace, _ unit: FXParams.Unit) -> String {
        switch place {
        case .slot(let position): text(readings[placed.start + position])
        case .fixed(let value): "fixed, " + text(value, unit)
        }
      }
      table.append([
        band.name, band.response.rawValue.replacing("_", with: " "),
        slots.gain.map { text(readings[placed.start + $0]) } ?? "", cell(slots.frequency, .hertz),
        cell(slots.q, .one),
      ])
    }
    return table
  }

  private static func table(_ readings: some Sequence<ParameterReading>, prefix: String) -> TextTable {
    var table = TextTable([("setting", .left), ("value", .right)])
    for reading in readings {
      var name = reading.name
      if name.hasPrefix(prefix + ".") { name.removeFirst(prefix.count + 1) }
      if reading.derived?.unit == .millisecond { name = name.replacing("_coefficient", with: "") }
      table.append([name.replacing("_", with: " "), text(reading)])
    }
    return table
  }

  // MARK: - Text

  private static func text(_ reading: ParameterReading) -> String {
    reading.derived.map { text($0.value, $0.unit) } ?? text(reading.value, reading.unit)
  }

  private static func text(_ value: Double, _ unit: FXParams.Unit) -> String {
    // Four digits, and as many before the point as there are.
    let number = NumberText.short(value, digits: max(4, String(Int(min(abs(value), 1e9))).count))
    return unit == .one ? number : number + " " + unit.rawValue
  }

  private static func title(_ name: String) -> String {
    let text = name.replacing("_", with: " ")
    return text.prefix(1).uppercased() + text.dropFirst()
  }

  /// A name as part of a heading or a paragraph.
  private static func line(_ name: String) -> String {
    PrintableText.escaped(name.split(whereSeparator: \.isNewline).joined(separator: " "))
  }
}
