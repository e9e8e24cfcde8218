import FXParams
import Foundation
import Testing

/// Frequencies and Qs of bands that the chain fixes.
@Suite struct FixedSettingTests {
  /// Low shelf fixed at both, high shelf with a free Q, three peaks of which two have one fixed frequency.
  static let text = """
    priorkit_chain: 1
    sample_rate: 44100
    cross_sends: false
    direct_pan: false
    series:
    - effect: low_shelf
      name: low
      frequency_hz: 105
      q: 0.7
    - effect: high_shelf
      name: high
      frequency_hz: [2000, 12000]
      q: [0.3, 2]
    - effect: peak
      name: hum1
      frequency_hz: 50
      q: [0.2, 20]
    - effect: peak
      name: hum2
      frequency_hz: 50
      q: [0.2, 20]
    - effect: peak
      name: voice
      frequency_hz: [200, 5000]
      q: [0.2, 20]
    - effect: low_pass
      name: top
      frequency_hz: 18000
      q: 0.707
    sends: []

    """

  @Test func whatIsFixedIsNoParameter() throws {
    let chain = try ChainDescription(yaml: Self.text)
    #expect(
      chain.parameterSpace.names == [
        "low.gain", "high.gain", "high.frequency", "high.q", "hum1.gain", "hum1.q", "hum2.gain", "hum2.q",
        "voice.gain", "voice.frequency", "voice.q",
      ])
    #expect(
      chain.fixedParameters.map(\.description) == [
        "low.frequency 105 Hz", "low.q 0.7", "hum1.frequency 50 Hz", "hum2.frequency 50 Hz",
        "top.frequency 18000 Hz", "top.q 0.707",
      ])
    #expect(try chain.yaml() == Self.text)
  }

  @Test func aShelfWithoutQHasTheUsualOne() throws {
    let shelves = ChainDescription.diffVox.fixedParameters
    #expect(shelves.map(\.name).prefix(2) == ["lowshelf.q", "highshelf.q"] && shelves.count == 4)
    #expect(shelves.allSatisfy { $0.value == 0.707 && !$0.isStated })
    let chain = try ChainDescription(yaml: Self.text.replacingOccurrences(of: "  q: 0.7\n", with: ""))
    #expect(chain.fixedParameters[1].value == 0.707 && !chain.fixedParameters[1].isStated)
  }

  @Test func toneBandsMayBeFixed() throws {
    let band = BiquadBand(name: "dark", response: .highShelf, frequencyHz: .fixed(4000), q: .fixed(0.5))
    let chain = ChainDescription(series: [], sends: [.feedbackDelayNetwork(.init(tone: [band]))])
    #expect(chain.parameterSpace.names.filter { $0.contains("dark") } == ["reverb.dark.gain"])
    #expect(chain.fixedParameters.map(\.name) == ["reverb.dark.frequency", "reverb.dark.q"])
    #expect(try ChainDescription(yaml: chain.yaml()) == chain)
  }

  @Test(arguments: [
    ("frequency_hz: 105", "frequency_hz: 22050", ["`frequency_hz` of low", "22050", "sample_rate"]),
    ("frequency_hz: 105", "frequency_hz: 0", ["`frequency_hz` of low", "fixed at 0", "above 0"]),
    ("frequency_hz: 105", "frequency_hz: .nan", ["`frequency_hz` of low", "nan"]),
    ("frequency_hz: 105", "frequency_hz: low", ["frequency_hz", "\"low\"", "[lower, upper]", "or a number"]),
    ("frequency_hz: 105", "frequency_hz: [105]", ["frequency_hz", "[lower, upper]", "or a number"]),
    ("q: 0.7\n", "q: 0\n", ["`q` of low", "fixed at 0", "above 0"]),
    ("q: 0.7\n", "q: -1\n", ["`q` of low", "-1", "above 0"]),
    ("q: 0.7\n", "q: .inf\n", ["`q` of low", "inf", "finite"]),
    ("q: 0.7\n", "q: steep\n", ["`q`", "\"steep\"", "q: [0.2, 20]"]),
    ("q: [0.3, 2]", "q: [0, 2]", ["`q` of high", "above 0"]),
  ])
  func badSettingsAreExplained(correct: String, broken: String, words: [String]) throws {
    let place = try #require(Self.text.range(of: correct))
    expectInvalidChain(mentioning: words) {
      try ChainDescription(yaml: Self.text.replacingCharacters(in: place, with: broken))
    }
  }

  @Test func aChainNeedsAFreeParameter() {
    let pass = BiquadBand(name: "top", response: .lowPass, frequencyHz: .fixed(9000), q: .fixed(0.7))
    var chain = ChainDescription(series: [.biquad(pass)], sends: [], hasDirectPan: false)
    expectInvalidChain(mentioning: ["no free parameter", "range"]) { try chain.validate() }
    chain.hasDirectPan = true
    #expect(throws: Never.self) { try chain.validate() }
  }

  // MARK: - Symmetries

  @Test func bandsAreExchangeableWhereTheSameIsFixed() throws {
    let symmetries = try ChainDescription(yaml: Self.text).symmetries
    #expect(symmetries.bandGroups.map(\.bandNames) == [["hum1", "hum2"]])
    #expect(symmetries.bandGroups.first?.name == "equaliser peak of 50 Hz")
    let other = Self.text.replacing("name: hum2\n  frequency_hz: 50", with: "name: hum2\n  frequency_hz: 60")
    #expect(try ChainDescription(yaml: other).symmetries.bandGroups.isEmpty)
    let free = Self.text.replacing("frequency_hz: 50", with: "frequency_hz: [40, 70]")
    #expect(
      try ChainDescription(yaml: free).symmetries.bandGroups.map(\.bandNames) == [["hum1", "hum2", "voice"]])
    #expect(try ChainDescription(yaml: free).symmetries.bandGroups.first?.name == "equaliser peak")
  }

  @Test func onlyFreeSettingsOfAnInactiveBandMove() throws {
    let chain = try ChainDescription(yaml: Self.text)
    let names = chain.parameterSpace.names
    let moved = chain.symmetries.nearInvariances.map { symmetry in
      symmetry.name + ": " + symmetry.entries.map { names[$0.target] }.joined(separator: " ")
    }
    #expect(
      moved == [
        "high inactive: high.frequency high.q", "hum1 inactive: hum1.q", "hum2 inactive: hum2.q",
        "voice inactive: voice.frequency voice.q",
      ])
  }

  // MARK: - Values

  @Test func assignmentsToWhatIsFixedAreRefused() throws {
    let chain = try ChainDescription(yaml: Self.text)
    let error = #expect(throws: ParameterError.self) {
      try ParameterAssignment("low.frequency=200 Hz", chain: chain)
    }
    #expect(error.map { "\($0)" }?.hasPrefix("low.frequency 105 Hz is fixed by the chain: ") == true)
  }

  @Test func neutralFillTakesFixedBandsAsTheyAre() throws {
    let chain = try ChainDescription(yaml: Self.text)
    let fill = NeutralFill(chain, given: Set([0]))
    #expect(fill.absentEffects.map(\.name) == ["high", "hum1", "hum2", "voice"])
    #expect(fill.positions == Array(1..<11))
  }
}
