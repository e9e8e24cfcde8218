import FXParams
import Testing

/// What every effect that a chain file can name must hold: a new one is covered by its example.
@Suite struct EffectDescriptionTests {
  @Test(arguments: SeriesEffect.examples)
  func everySeriesEffectRoundTrips(effect: SeriesEffect) throws {
    let chain = ChainDescription(series: [effect], sends: [])
    #expect(try ChainDescription(yaml: chain.yaml()) == chain)
    #expect(effect.description.inSeries == effect)
    var renamed = effect
    renamed.name = "other"
    #expect(renamed != effect && renamed.name == "other")
    #expect(renamed.parameters().allSatisfy { $0.name.hasPrefix("other.") })
  }

  @Test(arguments: SendEffect.examples)
  func everySendEffectRoundTrips(effect: SendEffect) throws {
    let chain = ChainDescription(series: [], sends: [effect])
    #expect(try ChainDescription(yaml: chain.yaml()) == chain)
    #expect(effect.description.onSend == effect)
    var renamed = effect
    renamed.name = "other"
    #expect(renamed != effect && renamed.name == "other")
    #expect(renamed.parameters(sampleRate: 44100).allSatisfy { $0.name.hasPrefix("other.") })
  }

  @Test func everyKindHasOneExample() {
    let series = SeriesEffect.examples.map { $0.description.kind }
    let sends = SendEffect.examples.map { $0.description.kind }
    #expect(Set(series + sends).count == series.count + sends.count)
  }

  @Test func blocksAreAPartitionOfTheFlatOrder() {
    let chain = ChainDescription(
      series: SeriesEffect.examples, sends: SendEffect.examples)
    #expect(chain.parameterBlocks.flatMap(\.indices).sorted() == Array(0..<chain.parameterSpace.count))
  }

  // MARK: - Slots

  @Test func slotsOfTheChainAreWhereTheNamesAre() {
    let space = ChainDescription.diffVox.parameterSpace
    let slots = ChainDescription.diffVox.slots
    #expect(slots.series.last?.lowerBound == space.index(of: "compressor.threshold"))
    #expect(slots.crossSends.map { space.names[$0] } == ["reverb.send"])
    #expect(slots.sends.map { space.names[$0.lowerBound] } == ["delay.time", "reverb.b.1.1"])
    #expect(slots.directPan == space.index(of: "direct.pan"))
  }

  @Test func slotsOfEffectsAreWhereTheNamesAre() {
    let compressor = CompressorExpander()
    let names = compressor.parameters().map(\.name)
    #expect(names[compressor.slots.makeup] == "compressor.makeup")
    #expect(compressor.slots.lookahead.map { names[$0] } == "compressor.lookahead")
    #expect(names[compressor.slots.expanderRatio] == "compressor.expander_ratio")
    #expect(CompressorExpander(maximumLookaheadMilliseconds: nil).slots.lookahead == nil)

    let delay = PingPongDelay()
    #expect(delay.slots.lowPass.frequency.slot.map { delay.parameters()[$0].name } == "delay.lowpass.frequency")
    #expect(delay.parameters()[delay.slots.evenPan].name == "delay.even_pan")

    let tone = BiquadBand(name: "shelf", response: .lowShelf, frequencyHz: .init(30, 450))
    let network = FeedbackDelayNetwork(delaySamples: [97, 131, 173], decayPoints: 5, tone: [tone])
    let reverb = network.parameters(sampleRate: 44100).map(\.name)
    #expect(network.slots.outputGains.map { reverb[$0] }.last == "reverb.c.2.3")
    #expect(network.slots.attenuations.map { reverb[$0] }.first == "reverb.gamma.1")
    #expect(network.slots.generator.map { reverb[$0] } == ["reverb.w.1.2", "reverb.w.1.3", "reverb.w.2.3"])
    #expect(network.slots.tone[0].frequency.slot.map { reverb[$0] } == "reverb.shelf.frequency")
    #expect(network.slots.tone[0].q == .fixed(BiquadBand.shelfQ) && network.parameterCount == reverb.count)
  }
}
