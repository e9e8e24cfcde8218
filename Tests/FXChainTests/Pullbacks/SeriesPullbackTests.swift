import FXChain
import FXParams
import Testing

/// Pullbacks of equaliser bands and dynamics against central differences.
struct SeriesPullbackTests {
  @Test(arguments: SmallChains.bands, 1...4) func bandsMeetDifferences(_ band: BiquadBand, seed: Int) {
    let chain = ChainDescription.series(.biquad(band))
    checkPullback(
      PullbackCase(name: "\(band.name) \(seed)", chain: chain, logits: chain.randomLogits(seed: UInt64(seed))))
  }

  /// Far out the map saturates: the gradient goes to zero with it, and nothing overflows.
  @Test(arguments: SmallChains.bands, [-100, -20, -6, 6, 20, 100.0])
  func bandsAtTheirBounds(_ band: BiquadBand, logit: Double) {
    let chain = ChainDescription.series(.biquad(band))
    let parameters = chain.parameterSpace.parameters
    // A gain is its own logit: 40 dB is far enough.
    let far = parameters.map { $0.unit == .decibel ? max(-40, min(40, logit)) : logit }
    let alone = parameters.indices.map { index in parameters.indices.map { $0 == index ? far[$0] : 0 } }
    for logits in [far] + alone {
      checkPullback(
        PullbackCase(
          name: "\(band.name) at \(logits)", chain: chain, logits: logits, step: 3e-4, tolerance: 1e-5,
          isGeneric: false))
    }
  }

  /// A flat band still tells which way to turn its gain.
  @Test(arguments: SmallChains.bands.filter(\.response.hasGain)) func gainZeroPullsOnGainAlone(_ band: BiquadBand) {
    let chain = ChainDescription.series(.biquad(band))
    let logits = [Double](repeating: 0, count: chain.parameterSpace.count)
    checkPullback(PullbackCase(name: band.name, chain: chain, logits: logits, isGeneric: false))
    let dry = TestSignals.swells(500)
    let rendering = Rendering(chain, dry: dry, logits: logits, cotangents: (dry, dry))
    #expect(abs(rendering.gradient[0]) > 1e-3)
    #expect(rendering.gradient.dropFirst().allSatisfy { abs($0) < 1e-9 })
  }

  static let dynamics: [PullbackCase] = (1...4).flatMap { seed in
    [(SmallChains.compressor, "with"), (SmallChains.compressorWithoutLookahead, "without")].map { effect, word in
      let chain = ChainDescription.series(.compressorExpander(effect))
      return PullbackCase(
        name: "compressor \(word) lookahead \(seed)", chain: chain, logits: chain.randomLogits(seed: UInt64(seed)),
        step: 1e-6, tolerance: 2e-5)
    }
  }

  @Test(arguments: dynamics) func dynamicsMeetDifferences(_ subject: PullbackCase) { checkPullback(subject) }

  /// Lookahead by whole samples, by none, on the far side of zero and next to the fold.
  @Test(arguments: [0, -3.3, 4.7, 15 - 1e-3, 15 + 1e-3, -29.999, 100 * 1000 / 44100.0, 1e-7])
  func lookaheadMeetsDifferences(_ logit: Double) {
    let chain = ChainDescription.series(.compressorExpander(SmallChains.compressor))
    var logits = chain.randomLogits(seed: 5)
    logits[3] = logit
    checkPullback(
      PullbackCase(
        name: "lookahead \(logit)", chain: chain, logits: logits, step: abs(logit) < 1e-6 ? 1e-8 : 1e-6,
        tolerance: 2e-5, isGeneric: false))
  }

  /// Each coefficient and ratio far out, alone.
  @Test(arguments: 4..<9, [-100, -20, -6, 6, 20, 100.0]) func dynamicsAtTheirBounds(index: Int, logit: Double) {
    let chain = ChainDescription.series(.compressorExpander(SmallChains.compressor))
    var logits = chain.randomLogits(seed: 6)
    logits[index] = logit
    checkPullback(
      PullbackCase(
        name: "\(chain.parameterSpace.names[index]) at \(logit)", chain: chain, logits: logits, step: 1e-6,
        tolerance: 5e-5, isGeneric: false))
  }

  /// Thresholds that the signal never reaches, and ones that it never leaves.
  @Test(arguments: [(100, -300), (-200, -300), (100, 60), (-80, 20)] as [(Double, Double)])
  func thresholdsOutOfReach(compressor: Double, expander: Double) {
    let chain = ChainDescription.series(.compressorExpander(SmallChains.compressor))
    var logits = chain.randomLogits(seed: 7)
    logits[0] = compressor
    logits[1] = expander
    checkPullback(
      PullbackCase(
        name: "thresholds \(compressor), \(expander)", chain: chain, logits: logits, step: 1e-6, tolerance: 5e-5,
        isGeneric: false))
    if compressor > 50, expander < -250 {
      let dry = TestSignals.swells(500)
      let rendering = Rendering(chain, dry: dry, logits: logits, cotangents: (dry, dry))
      for index in [0, 1, 4, 5, 6, 7, 8] { #expect(rendering.gradient[index] == 0) }
    }
  }
}
