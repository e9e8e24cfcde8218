import FXParams
import Foundation
package import PresetStore

/// A compressor and expander as presets of LSP Expander Mono and LSP Compressor Mono, in this order.
///
/// URIs, ports and ranges: `src/main/meta/compressor.cpp` and `include/private/meta/compressor.h` of
/// lsp-plugins/lsp-plugins-compressor, and the same files of lsp-plugins/lsp-plugins-expander. Times, ratio and
/// threshold act as in `src/main/dynamics/Compressor.cpp` and `Expander.cpp` of lsp-plugins/lsp-dsp-units: the
/// level is smoothed by 1 - exp(ln(1 - 1/sqrt 2) / samples), and the gain in dB is (1/R - 1)(L - T) above the
/// threshold of a compressor and (R - 1)(L - T) below that of an expander.
package enum LSPDynamics {
  package static let compressor = "http://lsp-plug.in/plugins/lv2/compressor_mono"
  package static let expander = "http://lsp-plug.in/plugins/lv2/expander_mono"

  /// What the plugins do in another way, in sentences.
  package static let limits = [
    "LSP's compressor and expander smooth the level with attack and release, and the chain smooths the gain.",
    "LSP measures the level in a window, and the chain by a one-pole average: the window has its variance.",
    "The chain takes the stronger of compressor and expander, and the plugins follow one another: they differ "
      + "where the level is above the threshold of the compressor and below that of the expander.",
  ]

  package static func presets(for dynamics: EffectSettings.Dynamics, sampleRate: Double) -> [LV2Preset] {
    let name = dynamics.name
    let attack = milliseconds(coefficient: dynamics.attack, sampleRate: sampleRate)
    let release = milliseconds(coefficient: dynamics.release, sampleRate: sampleRate)

    var expander = LV2Preset(role: "expander (LSP)", plugin: "LSP Expander", uri: expander)
    // em: downward; sci: its own input.
    expander.set(["em": 0, "sci": 0, "mk": 1])
    expander.set(
      "al", dynamics.expanderThresholdDB, in: -60...0, .decibel, of: "\(name).expander_threshold", as: .factor)
    expander.set("er", 1 / dynamics.expanderRatio, in: 1...100, .one, of: "1 / \(name).expander_ratio")
    // An expander takes gain away while the level falls, which its release follows.
    expander.set("at", release, in: 0...2000, .millisecond, of: "The release of \(name)")
    expander.set("rt", attack, in: 0...5000, .millisecond, of: "The attack of \(name)")
    setCommon(&expander, dynamics, sampleRate: sampleRate)

    var compressor = LV2Preset(role: "compressor (LSP)", plugin: "LSP Compressor", uri: compressor)
    // cm: downward; sct: feed-forward.
    compressor.set(["cm": 0, "sct": 0])
    compressor.set("al", dynamics.thresholdDB, in: -60...0, .decibel, of: "\(name).threshold", as: .factor)
    compressor.set("cr", dynamics.ratio, in: 1...100, .one, of: "\(name).ratio")
    compressor.set("at", attack, in: 0...2000, .millisecond, of: "The attack of \(name)")
    compressor.set("rt", release, in: 0...5000, .millisecond, of: "The release of \(name)")
    compressor.set("mk", dynamics.makeupDB, in: -60...60, .decibel, of: "\(name).makeup", as: .factor)
    setCommon(&compressor, dynamics, sampleRate: sampleRate)
    return [expander, compressor]
  }

  /// Both have the same side chain, knee and mix.
  private static func setCommon(_ preset: inout LV2Preset, _ dynamics: EffectSettings.Dynamics, sampleRate: Double)
  {
    // rrl: the release holds at every level; kn: a hard knee; cdr, cwt, cdw: nothing of the dry signal; scm: RMS.
    preset.set([
      "g_in": 1, "g_out": 1, "rrl": 0, "hold": 0, "kn": 1, "cdr": 0, "cwt": 1, "cdw": 100, "scm": 1, "scl": 0,
      "scp": 1, "shpm": 0, "slpm": 0,
    ])
    preset.set(
      "sla", dynamics.lookaheadMilliseconds, in: 0...20, .millisecond, of: "\(dynamics.name).lookahead")
    preset.set(
      "scr", dynamics.windowMilliseconds(sampleRate: sampleRate), in: 0...250, .millisecond,
      of: "The averaging window of \(dynamics.name)")
  }

  /// The time of LSP's smoother that has a coefficient: ln(1 - 1/sqrt 2) / ln(1 - k) samples.
  package static func milliseconds(coefficient: Double, sampleRate: Double) -> Double {
    log(1 - 0.5.squareRoot()) / log1p(-coefficient) * 1000 / sampleRate
  }
}
