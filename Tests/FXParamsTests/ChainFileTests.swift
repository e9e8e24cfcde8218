import FXParams
import Foundation
import TestSupport
import Testing

/// The text of a file under data/.
func dataFile(_ name: String) throws -> String {
  var url = URL(fileURLWithPath: #filePath)
  for _ in 0..<3 { url.deleteLastPathComponent() }
  return try String(contentsOf: url.appendingPathComponent("data/\(name)"), encoding: .utf8)
}

@Suite struct ChainFileTests {
  // MARK: - Own schema

  @Test func diffVoxChainSurvivesYAML() throws {
    let text = try ChainDescription.diffVox.yaml()
    #expect(try ChainDescription(yaml: text) == .diffVox)
    #expect(try ChainDescription.load(text).yaml() == text)
  }

  @Test func committedChainIsTheDiffVoxChain() throws {
    #expect(try dataFile("chain.yaml") == ChainDescription.diffVox.yaml())
  }

  @Test func threeBandExampleIsRead() throws {
    let chain = try ChainDescription.load(dataFile("three-band.yaml"))
    #expect(chain.sampleRate == 48000)
    #expect(chain.series.map(\.name) == ["compressor", "body", "nose", "presence"])
    #expect(chain.sends.map(\.name) == ["room"])
    let space = chain.parameterSpace
    #expect(space.count == 8 + 3 * 3 + (8 + 8 + 9 + 6) + 4)
    #expect(space.names.first == "compressor.threshold")
    #expect(space.index(of: "compressor.lookahead") == nil)
    #expect(space.names.last == "room.highshelf.frequency")
    #expect(try ChainDescription(yaml: chain.yaml()) == chain)
  }

  @Test func bitCrusherIsReadAndWritten() throws {
    let text = """
      priorkit_chain: 1
      sample_rate: 44100
      cross_sends: false
      direct_pan: true
      series:
      - effect: bit_crusher
        name: crusher
        bits: [4, 12]
      sends: []

      """
    let chain = try ChainDescription(yaml: text)
    #expect(chain.series == [.bitCrusher(BitCrusher(bits: .init(4, 12)))])
    #expect(chain.parameterSpace.names == ["crusher.bits", "direct.pan"])
    #expect(chain.nonDifferentiableEffects == ["crusher"])
    #expect(try ChainDescription(yaml: chain.yaml()) == chain)
    for (wrong, word) in [("[0, 12]", "inside [1, 24]"), ("[12, 4]", "lower bound"), ("[4, 25]", "inside [1, 24]")]
    {
      let error = #expect(throws: ParameterError.self) {
        try ChainDescription(yaml: text.replacingOccurrences(of: "[4, 12]", with: wrong))
      }
      #expect("\(error.map { "\($0)" } ?? "")".contains(word))
    }
  }

  @Test func everyDoubleRoundTrips() throws {
    var chain = ChainDescription.diffVox
    for (lower, upper) in [
      (0.1 + 0.2, 1e4.nextUp), (Double.leastNonzeroMagnitude, .ulpOfOne), (1.0 / 3, 2.0 / 3),
      (1e-5, 12345.678901234567),
    ] {
      chain.series = [
        .biquad(.init(name: "a", response: .peak, frequencyHz: .init(lower, upper), q: .init(lower, 1e300)))
      ]
      chain.sampleRate = 44_101
      #expect(try ChainDescription(yaml: chain.yaml()) == chain)
    }
  }

  @Test func namesThatYAMLWouldRetypeStayNames() throws {
    for name in ["null", "true", "yes", "none", "e5"] {
      let chain = ChainDescription(
        series: [.biquad(.init(name: name, response: .lowShelf, frequencyHz: .init(30, 200)))], sends: [],
        hasDirectPan: false)
      #expect(try ChainDescription(yaml: chain.yaml()) == chain)
    }
  }

  @Test func loadNeedsAKnownFormat() {
    expectInvalidChain(mentioning: ["priorkit_chain", "model"]) { try ChainDescription.load("gain: 3") }
    expectInvalidChain(mentioning: ["empty"]) { try ChainDescription.load("") }
    expectInvalidChain(mentioning: ["not a mapping"]) { try ChainDescription.load("- 1") }
    expectInvalidChain(mentioning: ["line 2", "not YAML"]) { try ChainDescription.load("a: [1") }
  }

  /// Each edit of a correct file, and the words that its complaint must contain.
  @Test(arguments: [
    ("priorkit_chain: 1", "priorkit_chain: 2", ["priorkit_chain", "version 1"]),
    ("priorkit_chain: 1", "priorkit_chain: one", ["priorkit_chain", "whole number"]),
    ("sample_rate: 48000", "sample_rate: fast", ["sample_rate", "number", "fast"]),
    ("sample_rate: 48000", "sample_rate: -1", ["sample_rate", "-1"]),
    ("sample_rate: 48000", "sample_rate: .nan", ["sample_rate", "nan"]),
    ("sample_rate: 48000", "", ["sample_rate", "missing"]),
    ("sample_rate: 48000", "sample_rate: 48000\nsample_rate: 44100", ["sample_rate", "twice"]),
    ("sample_rate: 48000", "sample_rate: 48000\ntempo: 120", ["tempo", "direct_pan"]),
    ("cross_sends: false", "cross_sends: 2", ["cross_sends", "true or false"]),
    ("effect: peak", "effect: phaser", ["phaser", "series entry 2", "high_pass"]),
    ("effect: peak", "effect: ping_pong_delay", ["ping_pong_delay", "series entry 2"]),
    ("effect: feedback_delay_network", "effect: peak", ["peak", "sends entry 1", "ping_pong_delay"]),
    ("frequency_hz: [80, 500]", "frequncy_hz: [80, 500]", ["frequncy_hz", "series entry 2", "frequency_hz"]),
    ("frequency_hz: [80, 500]", "", ["frequency_hz", "missing", "series entry 2"]),
    ("frequency_hz: [80, 500]", "frequency_hz: [80]", ["frequency_hz", "[lower, upper]"]),
    ("frequency_hz: [80, 500]", "frequency_hz: 80 Hz", ["frequency_hz", "[lower, upper]", "or a number"]),
    ("frequency_hz: [80, 500]", "frequency_hz: [500, 80]", ["frequency_hz", "body", "lower bound"]),
    ("frequency_hz: [80, 500]", "frequency_hz: [80, 80]", ["frequency_hz", "body", "lower bound"]),
    ("frequency_hz: [80, 500]", "frequency_hz: [.nan, 500]", ["frequency_hz", "body", "finite"]),
    ("frequency_hz: [80, 500]", "frequency_hz: [nan, 500]", ["frequency_hz", "body", "finite"]),
    ("frequency_hz: [80, 500]", "frequency_hz: [80, .inf]", ["frequency_hz", "body", "finite"]),
    ("frequency_hz: [80, 500]", "frequency_hz: [0, 500]", ["frequency_hz", "body", "above 0"]),
    ("frequency_hz: [80, 500]", "frequency_hz: [-80, 500]", ["frequency_hz", "body", "above 0"]),
    ("frequency_hz: [80, 500]", "frequency_hz: [80, 24000]", ["frequency_hz", "body", "24000 Hz", "sample_rate"]),
    ("q: [0.3, 4]", "", ["`q`", "missing", "series entry 2"]),
    ("q: [0.3, 4]", "q: [0, 4]", ["`q`", "body", "above 0"]),
    ("name: nose", "name: body", ["body", "twice"]),
    ("name: room", "name: body", ["body", "twice"]),
    ("name: highshelf", "name: lowshelf", ["lowshelf", "twice", "room"]),
    ("name: nose", "name: the nose", ["the nose", "letter"]),
    ("name: nose", "name: ''", ["name", "letter"]),
    ("name: nose", "name: a.b", ["a.b", "letter"]),
    ("name: nose", "name: [a]", ["name", "text"]),
    ("ratio: [1, 10]", "ratio: [0.5, 10]", ["ratio", "compressor", "at least 1"]),
    ("maximum_lookahead_ms: none", "maximum_lookahead_ms: 0", ["maximum_lookahead_ms", "compressor"]),
    ("maximum_lookahead_ms: none", "maximum_lookahead_ms: -3", ["maximum_lookahead_ms", "-3"]),
    ("delay_samples: [601, 743, 887, 1021]", "delay_samples: []", ["delay_samples", "0 lines"]),
    ("delay_samples: [601, 743, 887, 1021]", "delay_samples: [601, 0]", ["delay_samples", "at least 1"]),
    ("delay_samples: [601, 743, 887, 1021]", "delay_samples: [601, -7]", ["delay_samples", "-7"]),
    ("delay_samples: [601, 743, 887, 1021]", "delay_samples: [601, 7.5]", ["delay_samples", "whole"]),
    ("delay_samples: [601, 743, 887, 1021]", "delay_samples: [999999]", ["delay_samples", "999999"]),
    ("decay_points: 9", "decay_points: 1", ["decay_points", "between 2"]),
    ("response_seconds: 3", "response_seconds: -3", ["response_seconds", "-3"]),
    ("response_seconds: 3", "response_seconds: nan", ["response_seconds", "nan"]),
    ("response_seconds: 3", "response_seconds: 1e9", ["response_seconds", "120"]),
    ("maximum_t60_seconds: 2", "maximum_t60_seconds: 0", ["maximum_t60_seconds", "0"]),
    ("maximum_t60_seconds: 2", "maximum_t60_seconds: 1e-5", ["maximum_t60_seconds", "longer"]),
  ])
  func badFilesAreExplained(correct: String, broken: String, words: [String]) throws {
    let text = try dataFile("three-band.yaml")
    let place = try #require(text.range(of: correct))
    expectInvalidChain(mentioning: words) {
      try ChainDescription(yaml: text.replacingCharacters(in: place, with: broken))
    }
  }

  /// Whatever one slip of the keyboard makes of a file, it is a chain that can be written again, or it is
  /// explained.
  @Test(arguments: ["", "-", "9", "\n"])
  func slipsNeverGetThrough(slip: String) throws {
    let text = try ChainDescription.diffVox.yaml()
    for position in text.indices {
      let edited = text[..<position] + slip + text[text.index(after: position)...]
      do {
        let chain = try ChainDescription.load(String(edited))
        #expect(try ChainDescription(yaml: chain.yaml()) == chain)
      } catch is ParameterError {
        continue
      } catch {
        Issue.record("\(error) is not explained, for \(edited)")
      }
    }
  }

  // MARK: - Programs

  @Test func programsAreHeldToTheSameRules() {
    expectInvalidChain(mentioning: ["empty", "series"]) { try ChainDescription(series: [], sends: []).validate() }
    var chain = ChainDescription.diffVox
    chain.series[2] = .biquad(
      .init(name: "low", response: .lowShelf, frequencyHz: .init(30, 200), q: .init(2, 1)))
    expectInvalidChain(mentioning: ["`q`", "low", "lower bound"]) { try chain.validate() }
    chain = .diffVox
    chain.series[0] = .biquad(.init(name: "peak1", response: .peak, frequencyHz: .init(30, 200)))
    expectInvalidChain(mentioning: ["`q`", "peak1", "missing"]) { try chain.yaml() }
    chain = .diffVox
    chain.sends[0] = .pingPongDelay(.init(delayMilliseconds: .init(100, 5000)))
    expectInvalidChain(mentioning: ["response_seconds", "delay", "5000 ms"]) { try chain.validate() }
    chain.sends[0] = .pingPongDelay(.init(delayMilliseconds: .init(-1, 1000)))
    expectInvalidChain(mentioning: ["time_ms", "delay", "above 0"]) { try chain.validate() }
    chain.sends[0] = .pingPongDelay(.init(lowPassFrequencyHz: .init(200, 22050)))
    expectInvalidChain(mentioning: ["lowpass_frequency_hz", "22050"]) { try chain.validate() }
  }

  @Test func effectsMayNotCollideInAParameter() throws {
    let send = BiquadBand(name: "send", response: .lowShelf, frequencyHz: .init(30, 200))
    var chain = ChainDescription(
      series: [],
      sends: [
        .pingPongDelay(.init(name: "first")), .pingPongDelay(.init(name: "second")),
        .feedbackDelayNetwork(.init(tone: [send])),
      ])
    try chain.validate()
    chain.sends[0].name = "gain"
    expectInvalidChain(mentioning: ["reverb.send.gain", "rename"]) { try chain.validate() }
    chain.sends[0].name = "second"
    expectInvalidChain(mentioning: ["second", "twice"]) { try chain.validate() }
  }
}

/// Expects an `invalidChain` whose one sentence has all the words.
func expectInvalidChain<Result>(
  mentioning words: [String], sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Result
) {
  do {
    _ = try body()
    Issue.record("accepted, but should complain about \(words)", sourceLocation: sourceLocation)
  } catch ParameterError.invalidChain(let reason) {
    let message = ParameterError.invalidChain(reason: reason).description
    for word in words {
      #expect(message.contains(word), "\(message) should mention \(word)", sourceLocation: sourceLocation)
    }
    #expect(!message.contains("\n") && message.hasSuffix("."), sourceLocation: sourceLocation)
  } catch {
    Issue.record("unexpected error \(error)", sourceLocation: sourceLocation)
  }
}
