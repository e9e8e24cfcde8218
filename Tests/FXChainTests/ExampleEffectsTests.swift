import FXChain
import FXParams
import NumericCore
import Testing

/// What every series effect that a chain file can name must hold: a new one is covered by its example.
struct ExampleEffectsTests {
  @Test(arguments: SeriesEffect.examples.filter(\.isDifferentiable))
  func pullbacksMeetDifferences(_ effect: SeriesEffect) {
    let chain = ChainDescription.series(effect)
    checkPullback(
      PullbackCase(
        name: effect.name, chain: chain, logits: chain.randomLogits(seed: 1), step: 1e-6, tolerance: 2e-5))
  }

  @Test(arguments: SeriesEffect.examples)
  func blocksEqualWhole(_ effect: SeriesEffect) {
    let chain = ChainDescription.series(effect)
    let logits = chain.randomLogits(seed: 2)
    let dry = TestSignals.swells(5000)
    let whole = ChainRenderer<Double>(chain, segments: [dry])
    whole.render(logits: logits)
    let streaming = StreamingRenderer<Double>(chain, logits: logits, frameCount: dry.count)
    var left: [Double] = []
    for start in stride(from: 0, to: dry.count, by: 700) {
      let end = min(start + 700, dry.count)
      streaming.process(Array(dry[start..<end]), isLast: end == dry.count) { block, _ in left += block }
    }
    let expected = whole.output(of: 0).left.array
    let error = zip(left, expected).map { abs($0 - $1) }.max() ?? 1
    #expect(left.count == expected.count && error <= 1e-9 * (expected.map(abs).max() ?? 0))
  }
}
