import FXParams
import Testing

/// What tables for people say about parameters.
@Suite struct ParameterDescriptionTests {
  /// Every effect that a chain file can name, and the published chain.
  static let chains = [
    ChainDescription(series: SeriesEffect.examples, sends: SendEffect.examples), .diffVox,
  ]

  @Test(arguments: chains) func everyParameterHasAMeaning(chain: ChainDescription) {
    let descriptions = chain.parameterDescriptions
    #expect(descriptions.map(\.parameter) == chain.parameterSpace.parameters)
    for description in descriptions {
      let meaning = description.meaning
      #expect(meaning.count > 8 && meaning.count <= 90, "\(description.parameter.name)")
      #expect(meaning.first?.isUppercase == false && meaning.last != ".", "\(meaning)")
    }
  }

  @Test(arguments: chains) func neutralAndMiddleValuesHaveLogits(chain: ChainDescription) throws {
    for description in chain.parameterDescriptions {
      let bijector = description.parameter.bijector
      // A millionth of the range inside a bound: log(1e6) = 13.8.
      let neutral = try #require(bijector.inverse(description.neutral), "\(description.parameter.name)")
      #expect(bijector.isBijective || neutral == 0)
      if case .sigmoid = bijector { #expect(abs(neutral) < 13.9) }
      let middle = try #require(bijector.inverse(description.middle))
      if bijector.isBijective {
        #expect(abs(middle) < 1e-9)
      } else {
        #expect(middle == bijector.bounds.upperBound / 2)
      }
    }
  }

  @Test func neutralValuesOfTheChainAreTheSilentOnes() throws {
    let values = Dictionary(
      uniqueKeysWithValues: ChainDescription.diffVox.parameterDescriptions.map { ($0.parameter.name, $0) })
    func neutral(_ name: String) throws -> Double { try #require(values[name]).neutral }
    #expect(try neutral("peak1.gain") == 0 && neutral("compressor.makeup") == 0 && neutral("reverb.c.1.1") == 0)
    #expect(try neutral("direct.pan") == 0.5 && neutral("compressor.lookahead") == 0)
    #expect(try abs(neutral("lowpass.frequency") - 17999.9822) < 1e-9)
    #expect(try abs(neutral("highpass.frequency") - 16.005284) < 1e-9)
    #expect(try abs(neutral("compressor.ratio") - 1.000019) < 1e-12)
    #expect(try neutral("compressor.threshold") == 40 && neutral("compressor.expander_threshold") == -120)
    for name in ["delay.gain", "reverb.send"] {
      #expect(try abs(#require(values[name]).neutralReading.value + 120) < 1e-9)
    }
    // What cannot be heard is left in the middle.
    #expect(try neutral("delay.lowpass.frequency") == 8100 && !(#require(values["reverb.peak1.gain"]).isDecisive))
  }

  // MARK: - Units

  @Test(arguments: chains) func unitsInvert(chain: ChainDescription) throws {
    for description in chain.parameterDescriptions {
      let value = description.parameter.bijector.forward(0.3)
      for symbol in description.unitSymbols + [""] {
        let unit = try #require(description.unit(symbol))
        let again = unit.value(of: unit.number(of: value))
        #expect(abs(again - value) <= 1e-13 * abs(value), "\(description.parameter.name) in \(symbol)")
      }
      #expect(description.unit("furlong") == nil)
    }
  }

  @Test func unitsAreThoseOfTheTrade() throws {
    let descriptions = ChainDescription.diffVox.parameterDescriptions
    func symbols(_ name: String) throws -> [String] {
      try #require(descriptions.first { $0.parameter.name == name }).unitSymbols
    }
    #expect(try symbols("peak1.frequency") == ["Hz", "kHz"])
    #expect(try symbols("compressor.attack_coefficient") == ["ms", "s"])
    #expect(try symbols("reverb.gamma.1") == ["s", "ms"])
    #expect(try symbols("delay.gain") == ["dB"] && symbols("direct.pan") == ["%"] && symbols("peak1.q") == [])
  }

  // MARK: - Absent effects

  private func fill(without names: [String]) -> NeutralFill {
    let space = ChainDescription.diffVox.parameterSpace
    let given = space.names.indices.filter { index in !names.contains { space.names[index].hasPrefix($0) } }
    return NeutralFill(.diffVox, given: Set(given))
  }

  private func names(_ fill: NeutralFill) -> [String] {
    fill.positions.map { ChainDescription.diffVox.parameterSpace.names[$0] }
  }

  @Test func wholeEffectsAreFilled() {
    let fill = fill(without: ["peak2.", "direct."])
    #expect(fill.absentEffects.map(\.name) == ["peak2", "direct"])
    #expect(names(fill) == ["peak2.gain", "peak2.frequency", "peak2.q", "direct.pan"])
    #expect(self.fill(without: []).positions.isEmpty)
  }

  @Test func halfAnEffectIsNot() {
    let fill = fill(without: ["peak2.gain", "reverb.gamma", "compressor.ratio"])
    #expect(fill.absentEffects.isEmpty && fill.positions.isEmpty)
  }

  /// The gain from the delay into the reverb is the reverb's, and is left out with either.
  @Test func sendsGoWithBothEnds() {
    let withoutReverb = fill(without: ["reverb."])
    #expect(withoutReverb.absentEffects.map(\.name) == ["reverb"] && names(withoutReverb).contains("reverb.send"))
    let withoutDelay = fill(without: ["delay.", "reverb.send"])
    #expect(withoutDelay.absentEffects.map(\.name) == ["delay"] && names(withoutDelay).contains("reverb.send"))
    #expect(!names(fill(without: ["delay."])).contains("reverb.send"))
    #expect(fill(without: ["reverb.send"]).positions.isEmpty)
  }
}
