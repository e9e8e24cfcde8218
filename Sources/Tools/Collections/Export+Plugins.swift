import FXParams
import FileOutput
import Foundation
import NumericCore
import PresetStore
import Workflows

// Presets as settings that people and plugins read.

extension Export {
  /// A sheet of settings. How it was made is a comment, which Markdown does not show.
  func writeSheet(of presets: PresetCollection, provenance: Provenance) throws {
    // A comment ends at two hyphens.
    let record = try provenance.json().replacing("--", with: "\\u002d\\u002d")
    let text = try SettingsSheet(presets).text() + "\n<!-- \(record) -->\n"
    try OutputFile.write(Data(text.utf8), to: outputPath, overwrite: overwriting.force)
  }

  /// A folder of LV2 presets.
  func writeLV2(_ presets: PresetCollection, provenance: Provenance) throws {
    try requireUsable(presets)
    let bundle = LV2Rack.bundle(of: presets)
    try bundle.write(to: outputPath, provenance: provenance, overwrite: overwriting.force)
    let count = bundle.entries.reduce(0) { $0 + $1.presets.count }
    let plural = presets.count == 1 ? "" : "s"
    global.console.message("\(outputPath): \(count) LV2 presets of \(presets.count) preset\(plural)")
    for sentence in bundle.limits { global.console.message(sentence) }
    let found = bundle.entries.map { $0.presets.flatMap(\.range.sentences) }
    if found.count == 1 {
      for sentence in found[0] { global.console.message(sentence) }
    } else {
      let outside = found.reduce(0) { $0 + $1.count }
      guard outside > 0 else { return }
      let verb = outside == 1 ? "value is" : "values are"
      global.console.message(
        "\(outside) \(verb) out of the range of a plugin: \(outputPath)/\(LV2Bundle.limitsName) lists them.")
    }
  }

  /// An FX chain of REAPER, which holds one preset.
  func writeReaper(_ presets: PresetCollection) throws {
    guard presets.count == 1 else {
      throw CommandError(
        "\(files[0]) has \(presets.count) presets, and \(outputPath) holds one: choose it by its label or number "
          + "(--row).")
    }
    try requireUsable(presets)
    let values = presets.chain.parameterSpace.values(ofLogits: presets.theta.row(0))
    let rack = ReaperRack(EffectSettings(chain: presets.chain, values: values))
    try rack.chain.write(to: outputPath, overwrite: overwriting.force)
    global.console.message("\(outputPath): \(rack.chain.plugins.count) plugins of REAPER")
    for sentence in rack.limits { global.console.message(sentence) }
  }

  private func requireUsable(_ presets: PresetCollection) throws {
    for row in 0..<presets.count {
      try presets.chain.requireUsable(presets.theta.row(row), row: row, path: files[0])
    }
  }
}
