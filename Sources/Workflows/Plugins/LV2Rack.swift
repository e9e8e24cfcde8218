import FXParams
import NumericCore
package import PresetStore

/// Presets of a collection as a bundle of LV2 presets: LSP's equaliser, expander, compressor and delay in the order
/// of the chain, and x42-eq as an alternative to the equaliser.
package enum LV2Rack {
  /// - Parameter presets: whose logits are usable.
  package static func bundle(of presets: PresetCollection) -> LV2Bundle {
    let space = presets.chain.parameterSpace
    var limits: [String] = []
    let entries = (0..<presets.count).map { row in
      let settings = EffectSettings(
        chain: presets.chain, values: space.values(ofLogits: presets.theta.row(row)))
      let (own, sentences) = plugins(of: settings)
      // They follow from the chain, and are the same for each preset.
      limits = sentences
      return LV2Bundle.Entry(name: presets.label(of: row), presets: own)
    }
    return LV2Bundle(entries: entries, limits: limits)
  }

  private static func plugins(of settings: EffectSettings) -> (presets: [LV2Preset], limits: [String]) {
    var presets: [LV2Preset] = []
    var limits: [String] = []
    func add(_ sentences: [String]) { limits += sentences.filter { !limits.contains($0) } }
    for part in settings.parts {
      switch part {
      case .equaliser(let bands):
        presets += LSPEqualiser.presets(for: bands)
        let (preset, left) = X42Equaliser.preset(for: bands, sampleRate: settings.sampleRate)
        presets.append(preset)
        add(X42Equaliser.limits)
        add(left.map { "x42-eq has no filter left for \($0)." })
      case .dynamics(let dynamics):
        presets += LSPDynamics.presets(for: dynamics, sampleRate: settings.sampleRate)
        add(LSPDynamics.limits)
      case .other(let name): add(["\(name) has no counterpart among these plugins and is left out."])
      }
    }
    if !settings.delays.isEmpty || settings.directPan != nil {
      presets.append(
        LSPDelay.preset(
          for: settings.delays.first, directPan: settings.directPan, sampleRate: settings.sampleRate))
    }
    if !settings.delays.isEmpty { add(LSPDelay.limits) }
    add(settings.limitsOfSends(host: "an LV2 host"))
    return (presets, limits)
  }
}
