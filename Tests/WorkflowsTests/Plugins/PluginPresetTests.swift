import FXChain
import FXParams
import Foundation
import NumericCore
import PresetStore
import Testing
import Workflows

@Suite struct PluginPresetTests {
  private let chain = ChainDescription.diffVox

  /// Values of the DiffVox chain with some given.
  private func settings(_ changes: [String: Double] = [:]) throws -> EffectSettings {
    let space = chain.parameterSpace
    var values = space.values(ofLogits: [Double](repeating: 0, count: space.count))
    for (name, value) in changes { values[try #require(space.index(of: name))] = value }
    return EffectSettings(chain: chain, values: values)
  }

  private func dynamics(_ settings: EffectSettings) throws -> EffectSettings.Dynamics {
    try #require(
      settings.parts.compactMap { part in
        if case .dynamics(let dynamics) = part { dynamics } else { nil }
      }.first)
  }

  @Test func lspDynamicsHaveTheChainsValues() throws {
    let settings = try settings([
      "compressor.threshold": -18, "compressor.expander_threshold": -48, "compressor.makeup": 3,
      "compressor.lookahead": 8, "compressor.ratio": 4, "compressor.expander_ratio": 0.5,
      "compressor.attack_coefficient": 0.01, "compressor.release_coefficient": 0.001,
      "compressor.averaging_coefficient": 0.02,
    ])
    let presets = LSPDynamics.presets(for: try dynamics(settings), sampleRate: 44_100)
    #expect(presets.map(\.uri) == [LSPDynamics.expander, LSPDynamics.compressor])
    #expect(presets.allSatisfy { $0.range.sentences.isEmpty })
    let (expander, compressor) = (presets[0], presets[1])
    func dB(_ preset: LV2Preset, _ symbol: String) throws -> Double {
      20 * log10(try #require(preset.value(of: symbol)))
    }
    #expect(abs(try dB(compressor, "al") + 18) < 1e-12)
    #expect(abs(try dB(compressor, "mk") - 3) < 1e-12)
    #expect(compressor.value(of: "cr") == 4 && compressor.value(of: "sla") == 8)
    #expect(abs(try dB(expander, "al") + 48) < 1e-12)
    #expect(expander.value(of: "er") == 2)
    // The plugin's smoother, 1 - exp(ln(1 - 1/sqrt 2) / samples), has the chain's coefficient.
    func coefficient(_ preset: LV2Preset, _ symbol: String) throws -> Double {
      1 - exp(log(1 - 0.5.squareRoot()) / (try #require(preset.value(of: symbol)) * 44.1))
    }
    #expect(abs(try coefficient(compressor, "at") - 0.01) < 1e-12)
    #expect(abs(try coefficient(compressor, "rt") - 0.001) < 1e-12)
    // An expander takes gain away while the level falls.
    #expect(abs(try coefficient(expander, "rt") - 0.01) < 1e-12)
    #expect(abs(try coefficient(expander, "at") - 0.001) < 1e-12)
    // (2 - 0.02) / 0.02 = 99 samples.
    #expect(abs((compressor.value(of: "scr") ?? 0) - 99 / 44.1) < 1e-12)
  }

  @Test func valuesOutOfRangeAreTold() throws {
    let settings = try settings(["compressor.threshold": 6, "compressor.expander_threshold": -70])
    let presets = LSPDynamics.presets(for: try dynamics(settings), sampleRate: 44_100)
    #expect(
      presets[1].range.sentences
        == ["compressor.threshold is 6 dB, but LSP Compressor takes -60 to 0 dB: it is 0 dB there."])
    #expect(presets[1].value(of: "al") == 1)
    #expect(presets[0].range.sentences.first?.contains("-70 dB") == true)
  }

  // MARK: - Delay

  /// The impulse response of LSP's delay from its ports, filters apart: sample and channels of each echo.
  private func echoes(_ preset: LV2Preset, seconds: Double) -> [(time: Double, left: Double, right: Double)] {
    func value(_ symbol: String) -> Double { preset.value(of: symbol) ?? 0 }
    return (0..<16).flatMap { line -> [(time: Double, left: Double, right: Double)] in
      guard value("on\(line)") == 1 else { return [] }
      let (gain, pan) = (value("dg\(line)"), value("p\(line)"))
      let start = value("dadd\(line)")
      let feeds = value("fbe\(line)") == 1
      let span = start - value("fbadd\(line)")
      var found: [(time: Double, left: Double, right: Double)] = []
      var (time, level) = (start, 1.0)
      repeat {
        found.append((time, level * gain * (100 - pan) / 200, level * gain * (100 + pan) / 200))
        time += span
        level *= value("fbg\(line)")
      } while feeds && time < seconds
      return found
    }.sorted { $0.time < $1.time }
  }

  @Test(arguments: [(0.3, 180.0), (0.9, 110)]) func lspPlaysTheEchoes(feedback: Double, milliseconds: Double) throws
  {
    let settings = try settings([
      "delay.time": milliseconds, "delay.feedback": feedback, "delay.gain": 0.4, "delay.odd_pan": 0.1,
      "delay.even_pan": 0.8, "direct.pan": 0.3, "delay.lowpass.frequency": 15_000,
    ])
    let delay = try #require(settings.delays.first)
    let preset = LSPDelay.preset(for: delay, directPan: settings.directPan, sampleRate: 44_100)
    let found = echoes(preset, seconds: 4)
    let count = feedback < 0.5 ? 6 : Int(4000 / milliseconds)
    #expect(found.count >= count)
    for (index, echo) in found.prefix(count).enumerated() {
      let angle = (index.isMultiple(of: 2) ? 0.1 : 0.8) * Double.pi / 2
      let level = 2.0.squareRoot() * 0.4 * pow(feedback, Double(index))
      #expect(abs(echo.time - Double(index + 1) * milliseconds / 1000) < 1e-12)
      #expect(abs(echo.left - level * cos(angle)) < 1e-12 && abs(echo.right - level * sin(angle)) < 1e-12)
    }
    let (dry, pan) = (preset.value(of: "dry") ?? 0, preset.value(of: "p_in") ?? 0)
    #expect(abs(dry * (100 - pan) / 200 - 2.0.squareRoot() * cos(0.15 * .pi)) < 1e-12)
    #expect(abs(dry * (100 + pan) / 200 - 2.0.squareRoot() * sin(0.15 * .pi)) < 1e-12)
  }

  @Test func highCutsStandWhereTheLowPassesAre3dBDown() throws {
    let settings = try settings([
      "delay.feedback": 0.8, "delay.time": 300, "delay.lowpass.frequency": 4000, "delay.lowpass.q": 1,
    ])
    let delay = try #require(settings.delays.first)
    let range = ParameterBounds(1, 20_000)
    let lowPass = ChainDescription(
      series: [.biquad(.init(name: "l", response: .lowPass, frequencyHz: range, q: range))], sends: [],
      hasDirectPan: false)
    let response = try #require(EqualiserResponse(lowPass))
    let echoes = Echo.echoes(of: delay, sampleRate: 44_100)
    #expect(echoes.count == 13)
    for echo in echoes {
      let level = response.levelsDB(values: [4000, 1], frequenciesHz: [echo.lowPassHz])[0]
      #expect(abs(Double(echo.number) * level + 10 * log10(2)) < 1e-6)
    }
  }

  // MARK: - Whole racks

  @Test func aRackFollowsTheChainAndTellsWhatItLeavesOut() throws {
    let space = chain.parameterSpace
    let presets = PresetCollection(
      chain: chain,
      theta: Matrix(rows: 1, columns: space.count, values: [Double](repeating: 0, count: space.count)),
      labels: ["vocal"])
    let bundle = LV2Rack.bundle(of: presets)
    #expect(
      bundle.entries[0].presets.map(\.role) == [
        "equaliser (LSP)", "equaliser (x42)", "expander (LSP)", "compressor (LSP)", "delay (LSP)",
      ])
    for word in ["reverb is a feedback delay network", "send from the delay", "smooth the level", "alternative"] {
      #expect(bundle.limits.contains { $0.contains(word) }, "\(word)")
    }
    #expect(bundle.limits.allSatisfy { $0.hasSuffix(".") })
    let rack = ReaperRack(EffectSettings(chain: chain, values: space.values(ofLogits: presets.theta.row(0))))
    #expect(rack.chain.plugins.count == 3)
    for word in ["expander of compressor", "lookahead", "feedback delay network"] {
      #expect(rack.limits.contains { $0.contains(word) }, "\(word)")
    }
  }

  @Test func sheetsHoldEveryParameterOnce() throws {
    let space = chain.parameterSpace
    var logits = (0..<space.count).map { sin(Double($0)) }
    logits[try #require(space.index(of: "compressor.attack_coefficient"))] = -5
    let presets = PresetCollection(
      chain: chain, theta: Matrix(rows: 1, columns: space.count, values: logits), labels: ["a | b"],
      groups: ["song"])
    let text = try SettingsSheet(presets).text()
    let rows = text.split(separator: "\n").filter { $0.hasPrefix("| ") }.map { line in
      line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    let readings = Dictionary(
      uniqueKeysWithValues: try chain.describe(logits: logits).map { ($0.name, $0) })
    func cell(_ first: String) -> [String]? { rows.first { $0.first == first } }
    // The titles of 7 tables; 10 bands, 9 settings of the compressor, 7 of the delay, 49 points,
    // 12 + 12 + 15 numbers of the network, and 2 of sends and pan.
    #expect(rows.count { !$0[0].hasPrefix("---") } == 7 + 10 + 9 + 7 + 49 + 39 + 2)
    let attack = try #require(readings["compressor.attack_coefficient"]?.derived)
    #expect(attack.unit == .millisecond)
    #expect(cell("attack") == ["attack", NumberText.short(attack.value) + " ms"])
    let gain = try #require(readings["peak1.gain"]).value
    #expect(cell("peak1")?[2] == NumberText.short(gain) + " dB")
    let decay = try #require(readings["reverb.gamma.49"]?.derived)
    // The last point is at half the sample rate.
    #expect(cell("22050 Hz") == ["22050 Hz", NumberText.short(decay.value) + " s"])
    #expect(text.hasPrefix("# a | b\n\nGroup: song\n"))
  }
}
