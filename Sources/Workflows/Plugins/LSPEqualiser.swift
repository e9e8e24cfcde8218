import FXParams
package import PresetStore

/// Equalisers as presets of LSP Parametric Equalizer x16 Mono, which plays every band of a chain exactly.
///
/// URI, ports and ranges: `src/main/meta/para_equalizer.cpp` and `include/private/meta/para_equalizer.h` of
/// lsp-plugins/lsp-plugins-para-equalizer; frequencies 10 to 24000 Hz by `SPEC_FREQ_MIN` and `SPEC_FREQ_MAX` of
/// lsp-plugins/lsp-dsp-units. Its filter mode APO (DR) has the coefficients of the RBJ cookbook
/// (`Filter::calc_apo_filter` there, Q at least 0.1), as the chain does.
package enum LSPEqualiser {
  static let uri = "http://lsp-plug.in/plugins/lv2/para_equalizer_x16_mono"
  /// Filters of the plugin.
  static let filterCount = 16

  /// The last place in the list of filter modes.
  private static let directDesign = 6.0

  /// The place in the list of filter types: Off, Bell, Hi-pass, Hi-shelf, Lo-pass, Lo-shelf, ...
  private static func type(of response: BiquadBand.Response) -> Double {
    switch response {
    case .peak: 1
    case .highPass: 2
    case .highShelf: 3
    case .lowPass: 4
    case .lowShelf: 5
    }
  }

  /// One preset for each 16 bands.
  package static func presets(for bands: [EffectSettings.Band]) -> [LV2Preset] {
    stride(from: 0, to: bands.count, by: filterCount).map { start in
      preset(for: Array(bands[start..<min(start + filterCount, bands.count)]))
    }
  }

  private static func preset(for bands: [EffectSettings.Band]) -> LV2Preset {
    var preset = LV2Preset(role: "equaliser (LSP)", plugin: "LSP Parametric Equalizer", uri: uri)
    preset.set(["g_in": 1, "g_out": 1, "mode": 0, "frqs": 0])
    for index in 0..<filterCount {
      guard index < bands.count else {
        preset.set("ft_\(index)", 0)
        continue
      }
      let band = bands[index]
      preset.set("ft_\(index)", type(of: band.response))
      preset.set("fm_\(index)", directDesign)
      preset.set("s_\(index)", 0)
      preset.set("xs_\(index)", 0)
      preset.set("xm_\(index)", 0)
      preset.set("f_\(index)", band.frequencyHz, in: 10...24_000, .hertz, of: "\(band.name).frequency")
      preset.set("g_\(index)", band.gainDB, in: -36...36, .decibel, of: "\(band.name).gain", as: .factor)
      preset.set("q_\(index)", band.q, in: 0.1...100, .one, of: "\(band.name).q")
    }
    return preset
  }
}
