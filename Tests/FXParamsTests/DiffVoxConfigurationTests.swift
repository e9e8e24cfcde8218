import FXParams
import Foundation
import TestSupport
import Testing

@Suite struct DiffVoxConfigurationTests {
  /// A small configuration in the form the authors' cfg/ has before hydra resolves it.
  private let small = """
    sr: 48000
    model:
      _target_: torch.nn.Sequential
      _args_:
      - _target_: modules.fx.Peak
        sr: ${sr}
        freq: 800
        max_freq: 5400
      - _target_: modules.fx.LowShelf
        sr: ${sr}
      - _target_: modules.fx.Peak
        sr: ${sr}
      - _target_: modules.fx.SendFXsAndSum
        _args_:
        - _target_: modules.fx.SurrogateDelay
          sr: ${sr}
          recursive_eq: true
          eq:
            _target_: modules.fx.LowPass
            sr: ${sr}
    optimiser:
      _target_: torch.optim.Adam
      lr: ${unresolved}
    """

  @Test(.enabled(if: Reference.isAvailable, Comment(rawValue: Reference.absence)))
  func publishedConfigurationIsTheDiffVoxChain() throws {
    let text = try String(contentsOfFile: Reference.path("diffvox/fx_config.yaml"), encoding: .utf8)
    #expect(try ChainDescription(diffVoxConfiguration: text) == .diffVox)
    #expect(try ChainDescription.load(text) == .diffVox)
  }

  @Test func omittedKeysTakeThePublishedDefaults() throws {
    let chain = try ChainDescription.load(small)
    let expected = ChainDescription(
      sampleRate: 48000,
      series: [
        .biquad(.init(name: "peak1", response: .peak, frequencyHz: .init(33, 5400), q: .init(0.2, 20))),
        .biquad(.init(name: "lowshelf", response: .lowShelf, frequencyHz: .init(30, 200))),
        .biquad(.init(name: "peak2", response: .peak, frequencyHz: .init(33, 17500), q: .init(0.2, 20))),
      ],
      sends: [
        .pingPongDelay(.init(responseSeconds: 2, lowPassFrequencyHz: .init(200, 18000), lowPassQ: .init(0.5, 10)))
      ], hasCrossSends: true, hasDirectPan: false)
    #expect(chain == expected)
  }

  @Test func modelSectionAloneAndPanning() throws {
    let chain = try ChainDescription.load(
      """
      _target_: torch.nn.Sequential
      _args_:
      - _target_: torch.nn.Sequential
        _args_:
        - {_target_: modules.fx.HighPass, sr: 44100}
        - {_target_: modules.fx.HighShelf, sr: 44100, gain: 2}
      - {_target_: modules.fx.CompressorExpander, sr: 44100, at_ms: 5}
      - {_target_: modules.fx.Panning, pan: 0}
      """)
    let expected = ChainDescription(
      series: [
        .biquad(.init(name: "highpass", response: .highPass, frequencyHz: .init(16, 5300), q: .init(0.5, 10))),
        .biquad(.init(name: "highshelf", response: .highShelf, frequencyHz: .init(750, 8300))),
        .compressorExpander(.init(maximumLookaheadMilliseconds: nil)),
      ], sends: [], hasCrossSends: false, hasDirectPan: true)
    #expect(chain == expected)
  }

  @Test(arguments: [
    ("modules.fx.LowShelf", "modules.fx.Reverb", ["modules.fx.Reverb", "line 9", "LowShelf"]),
    ("modules.fx.SurrogateDelay", "modules.rt.RealTimeDelay", ["modules.rt.RealTimeDelay", "SurrogateDelay"]),
    ("modules.fx.LowPass", "modules.fx.HighPass", ["modules.fx.HighPass", "LowPass"]),
    ("sr: 48000\n", "rate: 48000\n", ["${sr}", "line 6", "top level"]),
    ("sr: 48000\n", "sr: ${sr}\n", ["${sr}", "top level"]),
    ("sr: ${sr}", "sr: 44100", ["sr", "48000", "44100"]),
    ("sr: ${sr}", "", ["`sr`", "missing", "modules.fx.Peak"]),
    ("max_freq: 5400", "max_frq: 5400", ["max_frq", "max_freq"]),
    ("max_freq: 5400", "max_freq: high", ["max_freq", "high", "number"]),
    ("max_freq: 5400", "max_freq: 30000", ["frequency_hz", "peak1", "24000 Hz"]),
    ("recursive_eq: true", "recursive_eq: false", ["recursive_eq", "SurrogateDelay"]),
    ("_target_: modules.fx.Peak", "target: modules.fx.Peak", ["_target_", "missing"]),
  ])
  func whatHasNoCounterpartIsNamed(correct: String, broken: String, words: [String]) throws {
    let place = try #require(small.range(of: correct))
    expectInvalidChain(mentioning: words) {
      try ChainDescription(diffVoxConfiguration: small.replacingCharacters(in: place, with: broken))
    }
  }

  @Test func reverbVariantsWithoutCounterpartAreNamed() {
    func reverb(_ arguments: String) -> String {
      """
      _target_: modules.fx.SendFXsAndSum
      _args_:
      - {_target_: modules.fx.FDN, sr: 44100, \(arguments)}
      """
    }
    #expect(throws: Never.self) {
      try ChainDescription.load(reverb("delay_independent_decay: true, num_decay_freq: 9, eq: null"))
    }
    expectInvalidChain(mentioning: ["delay_independent_decay"]) { try ChainDescription.load(reverb("eq: null")) }
    expectInvalidChain(mentioning: ["trainable_delay"]) {
      try ChainDescription.load(reverb("delay_independent_decay: true, trainable_delay: true"))
    }
    expectInvalidChain(mentioning: ["decay_points", "1"]) {
      try ChainDescription.load(reverb("delay_independent_decay: true"))
    }
  }
}
