import FXParams
import Foundation
package import PresetStore

/// A ping-pong delay and the pan of the direct sound as a preset of LSP Artistic Delay Mono: a line for each echo,
/// and two lines with feedback for the echoes beyond.
///
/// URI, ports and ranges: `src/main/meta/art_delay.cpp` and `include/private/meta/art_delay.h` of
/// lsp-plugins/lsp-plugins-art-delay. By `src/main/plug/art_delay.cpp` there, a pan p gives the channels
/// (100 - p) / 200 and (100 + p) / 200 of the gain; by `src/main/util/DynamicDelay.cpp` of
/// lsp-plugins/lsp-dsp-units, echoes of a line with the delay d and the feedback delay f follow one another by
/// d - f.
package enum LSPDelay {
  static let uri = "http://lsp-plug.in/plugins/lv2/art_delay_mono"
  private static let lineCount = 16
  /// Lines that play one echo where the others play the rest.
  private static let singleCount = 14

  /// What the plugin does in another way, in sentences.
  package static let limits = [
    "LSP's delay filters an echo once, and the chain once more at each repetition: the high cut of an echo stands "
      + "where the low-passes of the chain are 3 dB down together, and is steeper.",
    "Each echo of LSP's delay comes a whole number of samples late.",
  ]

  package static func preset(
    for delay: EffectSettings.PingPong?, directPan: Double?, sampleRate: Double
  ) -> LV2Preset {
    var preset = LV2Preset(role: "delay (LSP)", plugin: "LSP Artistic Delay", uri: uri)
    let direct = PanLaw(direct: directPan)
    let echoes = delay.map { Echo.echoes(of: $0, sampleRate: sampleRate) } ?? []
    // dmax: up to 16 s; fb, fbg: the feedback of lines is as they have it.
    preset.set(["dmax": 4, "wet": 1, "dry_on": 1, "wet_on": 1, "mono": 0, "fb": 1, "fbg": 1, "g_out": 1])
    preset.set("dry", direct.left + direct.right)
    preset.set("p_in", place(direct.left, direct.right))
    let singles = echoes.count > lineCount ? Array(echoes.prefix(singleCount)) : echoes
    for (line, echo) in singles.enumerated() { set(&preset, line, echo) }
    if let delay, echoes.count > lineCount {
      for line in singleCount..<lineCount {
        set(&preset, line, echoes[line])
        let span = 2 * delay.milliseconds / 1000
        preset.set("fbe\(line)", 1)
        preset.set("fbg\(line)", delay.feedback * delay.feedback)
        preset.set("fbtr\(line)", 0)
        preset.set("fbadd\(line)", echoes[line].milliseconds / 1000 - span)
      }
    }
    for line in echoes.count..<max(echoes.count, lineCount) { preset.set("on\(line)", 0) }
    return preset
  }

  private static func set(_ preset: inout LV2Preset, _ line: Int, _ echo: Echo) {
    let fixed: KeyValuePairs<String, Double> = [
      "on": 1, "s": 0, "m": 0, "dref": 0, "tref": 0, "eq": 0, "lc": 0, "hc": 1, "fbe": 0,
    ]
    for (name, value) in fixed { preset.set(name + "\(line)", value) }
    preset.set("dadd\(line)", echo.milliseconds / 1000)
    preset.set("p\(line)", place(echo.left, echo.right))
    preset.set("dg\(line)", echo.left + echo.right)
    preset.set("fhc\(line)", echo.lowPassHz, in: 1000...24_000, .hertz, of: "The low-pass of echo \(echo.number)")
  }

  /// The plugin's pan, from -100 to 100, that gives two channels their shares.
  private static func place(_ left: Double, _ right: Double) -> Double {
    left + right > 0 ? 100 * (right - left) / (right + left) : 0
  }
}
