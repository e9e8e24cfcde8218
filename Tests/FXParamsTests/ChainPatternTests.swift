import FXParams
import TestSupport
import Testing

@Suite struct ChainPatternTests {
  private let chain = varyingChain

  /// Every pattern, admitted or not.
  private var patterns: [ChainPattern] {
    (0..<1 << chain.optionalEffects.count).flatMap { bits in
      chain.orders.indices.map { order in
        ChainPattern(
          present: (0..<chain.optionalEffects.count).map { bits >> $0 & 1 == 1 }, order: order)
      }
    }
  }

  // MARK: - Variants

  @Test func namesAndOrdersAreThoseOfTheChain() {
    #expect(chain.optionalNames == ["low", "comp", "slap", "long"])
    #expect(chain.orders == [["low", "peak", "comp"], ["comp", "low", "peak"]])
    #expect(chain.hasVariants && !ChainDescription.diffVox.hasVariants)
    #expect(ChainDescription.diffVox.completePattern == ChainPattern(present: []))
  }

  /// A variant is a chain whose parameters are those of the whole one at its positions: bounds, unit, and name
  /// where it has no cross-send of another.
  @Test func everyVariantHasTheParametersOfTheWhole() throws {
    let whole = chain.parameterSpace
    for pattern in patterns {
      let variant = chain.variant(pattern)
      try variant.chain.validate()
      #expect(!variant.chain.hasVariants)
      let space = variant.chain.parameterSpace
      #expect(space.count == variant.positions.count && Set(variant.positions).count == space.count)
      for (own, position) in zip(space.parameters, variant.positions) {
        let other = whole.parameters[position]
        #expect(own.bijector == other.bijector && own.unit == other.unit)
        if !own.name.contains(".send") { #expect(own.name == other.name) }
      }
      let absent = chain.absentPositions(pattern)
      #expect((absent + variant.positions).sorted() == Array(0..<whole.count) && absent == absent.sorted())
    }
  }

  @Test func crossSendsOfAVariantHaveItsNamesAndTheGainsOfTheirPairs() throws {
    let whole = chain.parameterSpace
    #expect(["echo.send", "long.send.slap", "long.send.echo"].allSatisfy { whole.index(of: $0) != nil })
    let variant = chain.variant(ChainPattern(present: [true, true, false, true]))
    let own = try #require(variant.chain.parameterSpace.index(of: "long.send"))
    #expect(variant.positions[own] == whole.index(of: "long.send.echo"))
    #expect(variant.chain.parameterSpace.index(of: "echo.send") == nil)
    let alone = chain.variant(ChainPattern(present: [true, true, false, false])).chain
    #expect(alone.crossSends.isEmpty && alone.sends.map(\.name) == ["echo"])
  }

  @Test func theOtherOrderMovesParameters() {
    let variant = chain.variant(ChainPattern(present: [true, true, true, true], order: 1))
    #expect(variant.chain.series.map(\.name) == ["comp", "low", "peak"])
    let names = variant.chain.parameterSpace.names
    #expect(names.first == "comp.threshold" && names != chain.parameterSpace.names)
    #expect(variant.positions.map { chain.parameterSpace.names[$0] } == names)
    #expect(chain.variant(chain.completePattern).positions == Array(0..<chain.parameterSpace.count))
  }

  // MARK: - Patterns

  @Test func canonicalPatternsAreTheFirstThatSoundAlike() {
    for pattern in patterns {
      let canonical = chain.canonical(pattern)
      #expect(chain.variant(canonical) == chain.variant(pattern))
      #expect(chain.canonical(canonical) == canonical && canonical.order <= pattern.order)
    }
    // Without the compressor both orders are one.
    #expect(chain.canonical(ChainPattern(present: [true, false, true, true], order: 1)).order == 0)
    #expect(chain.canonical(ChainPattern(present: [false, true, true, true], order: 1)).order == 1)
  }

  @Test func whatCannotBeIsNotAdmitted() {
    #expect(patterns.allSatisfy(chain.admits))
    #expect(!chain.admits(ChainPattern(present: [true, true, true])))
    #expect(!chain.admits(ChainPattern(present: [true, true, true, true], order: 2)))
    #expect(!chain.admits(ChainPattern(present: [true, true, true, true], order: -1)))
    var bare = ChainDescription(series: Array(chain.series.prefix(1)), sends: [])
    bare.optionalEffects = ["low"]
    // The pan of the direct sound is no effect.
    #expect(!bare.admits(ChainPattern(present: [false])) && bare.admits(ChainPattern(present: [true])))
  }

  @Test func patternsHaveWords() {
    #expect(chain.words(for: chain.completePattern) == "complete")
    #expect(chain.words(for: ChainPattern(present: [false, true, true, false])) == "without low, long")
    #expect(
      chain.words(for: ChainPattern(present: [true, true, false, true], order: 1)) == "order 2; without slap")
  }

  // MARK: - Files

  @Test func optionalEffectsAndOrdersSurviveYAML() throws {
    let text = try chain.yaml()
    #expect(text.contains("optional: true") && text.contains("orders:\n- [comp, low, peak]"))
    let read = try ChainDescription(yaml: text)
    #expect(read == chain && read.optionalEffects == chain.optionalEffects)
    #expect(try read.yaml() == text)
    // The bands in a row have a name together; `optional: false` is the same as nothing.
    let short = text.replacing("[comp, low, peak]", with: "[comp, equaliser]")
    #expect(try ChainDescription(yaml: short) == chain)
    #expect(
      try ChainDescription(yaml: text.replacing("optional: true", with: "optional: false")).optionalEffects == [])
    // Without either nothing of a chain's text is new.
    #expect(try !ChainDescription.diffVox.yaml().contains("optional"))
  }

  @Test func everyFaultOfOptionalEffectsAndOrdersIsNamed() throws {
    let text = try chain.yaml()
    func expect(_ old: String, _ new: String, _ words: String..., sourceLocation: SourceLocation = #_sourceLocation)
    {
      let error = #expect(throws: ParameterError.self, sourceLocation: sourceLocation) {
        _ = try ChainDescription(yaml: text.replacing(old, with: new))
      }
      for word in words { #expect("\(error.map { "\($0)" } ?? "")".contains(word), sourceLocation: sourceLocation) }
    }
    let order = "[comp, low, peak]"
    expect(order, "[comp, low, bell]", "entry 1 of `orders`", "bell", "low, peak, comp")
    expect(order, "[comp, low]", "entry 1 of `orders`", "give each effect")
    expect(order, "[comp, low, low, peak]", "entry 1 of `orders`")
    expect(order, "[comp, slap, low, peak]", "entry 1 of `orders`")
    expect(order, "[low, peak, comp]", "an order that the chain has already")
    expect(order, "\(order)\n- [comp, equaliser]", "entry 2 of `orders`", "has already")
    expect(order, "comp", "`orders`")
    expect("optional: true", "optional: 3", "optional")
    expect("optional: true", "optionally: true", "optionally")
  }

  @Test func namesOfOtherEffectsAndTooManyAreRefused() {
    var other = chain
    other.optionalEffects = ["bell"]
    #expect(throws: ParameterError.self) { try other.validate() }
    var many = peakChain(17)
    many.optionalEffects = Set((1...17).map { "peak\($0)" })
    let error = #expect(throws: ParameterError.self) { try many.validate() }
    #expect("\(error.map { "\($0)" } ?? "")".contains("17 effects are `optional`, more than 16"))
    many.optionalEffects.remove("peak17")
    #expect(throws: Never.self) { try many.validate() }
  }
}
