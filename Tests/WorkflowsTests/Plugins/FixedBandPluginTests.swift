import FXParams
import NumericCore
import PresetStore
import Testing
import Workflows

/// What the chain fixes reaches sheets and plugins as well as what presets set.
@Suite("Fixed bands in sheets and plugins")
struct FixedBandPluginTests {
  private static let chain = ChainDescription(
    series: [
      .biquad(.init(name: "low", response: .lowShelf, frequencyHz: .fixed(105), q: .fixed(0.7))),
      .biquad(.init(name: "high", response: .highShelf, frequencyHz: .init(2000, 12_000), q: .init(0.1, 3))),
      .biquad(.init(name: "hum", response: .peak, frequencyHz: .fixed(50), q: .free(.init(0.2, 20)))),
    ],
    sends: [
      .feedbackDelayNetwork(
        .init(
          delaySamples: [97, 131],
          tone: [
            .init(name: "dark", response: .highShelf, frequencyHz: .fixed(4000), q: nil),
            .init(name: "top", response: .lowPass, frequencyHz: .fixed(9000), q: .fixed(0.6)),
          ]))
    ], hasDirectPan: false)

  private func values() -> [Double] {
    let space = Self.chain.parameterSpace
    var values = space.values(ofLogits: space.parameters.map { _ in 0.25 })
    for (name, value) in [("low.gain", 4.0), ("high.q", 0.15), ("high.gain", 2), ("hum.q", 8), ("hum.gain", -6)] {
      space.index(of: name).map { values[$0] = value }
    }
    return values
  }

  @Test func sheetsListWhatIsFixed() throws {
    let logits = try Self.chain.parameterSpace.logits(ofValues: values())
    let presets = PresetCollection(chain: Self.chain, theta: Matrix(rows: [logits]), labels: ["one"])
    let text = try SettingsSheet(presets).text()
    let rows = text.split(separator: "\n").map { $0.replacing(#/ +/#, with: " ") }
    #expect(rows.contains("| low | low shelf | 4 dB | fixed, 105 Hz | fixed, 0.7 |"), "\(text)")
    #expect(rows.contains { $0.hasPrefix("| high | high shelf | 2 dB |") && $0.hasSuffix("| 0.15 |") }, "\(text)")
    #expect(rows.contains("| hum | peak | -6 dB | fixed, 50 Hz | 8 |"), "\(text)")
    #expect(rows.contains("| dark | high shelf | 0.25 dB | fixed, 4000 Hz | fixed, 0.707 |"), "\(text)")
    #expect(rows.contains("| top | low pass | | fixed, 9000 Hz | fixed, 0.6 |"), "\(text)")
  }

  @Test func pluginsGetWhatIsFixed() throws {
    let settings = EffectSettings(chain: Self.chain, values: values())
    guard case .equaliser(let bands) = settings.parts.first else {
      Issue.record("no equaliser")
      return
    }
    let lsp = try #require(LSPEqualiser.presets(for: bands).first)
    #expect(lsp.value(of: "f_0") == 105 && lsp.value(of: "q_0") == 0.7 && lsp.value(of: "f_2") == 50)
    #expect(lsp.value(of: "q_1").map { abs($0 - 0.15) < 1e-9 } == true)
    // The shelves of x42-eq are never so flat: its port goes to its end, which is told.
    let x42 = X42Equaliser.preset(for: bands, sampleRate: 44_100).preset
    #expect(x42.value(of: "HSq").map { abs($0 - 0.0625) < 1e-9 } == true)
    #expect(x42.range.sentences.contains { $0.hasPrefix("high.q is 0.15, but x42-eq takes 0.2407 to 1.991") })
  }
}
