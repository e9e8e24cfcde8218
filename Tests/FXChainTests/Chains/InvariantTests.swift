import FXChain
import FXParams
import Testing

/// What a renderer refuses, in a process of its own: a trap ends it.
struct InvariantTests {
  @Test func moreLinesThanTheKernelHoldsTrap() async {
    await #expect(processExitsWith: .failure) {
      let lines = (0...FeedbackDelayNetwork.maximumLines).map { 50 + 7 * $0 }
      let chain = ChainDescription.sends(.feedbackDelayNetwork(SmallChains.reverb(lines)))
      _ = ChainRenderer<Float>(chain, segments: [[1, 0, 0]])
    }
  }

  @Test func oneDecayPointTraps() async {
    await #expect(processExitsWith: .failure) {
      let chain = ChainDescription.sends(.feedbackDelayNetwork(SmallChains.reverb(decayPoints: 1)))
      _ = ChainRenderer<Float>(chain, segments: [[1, 0, 0]])
    }
  }

  @Test func emptySegmentTraps() async {
    await #expect(processExitsWith: .failure) {
      _ = ChainRenderer<Float>(SmallChains.diffVox, segments: [[1, 0], []])
    }
  }

  @Test func nonFiniteLogitTraps() async {
    await #expect(processExitsWith: .failure) {
      let renderer = ChainRenderer<Float>(.series(.biquad(SmallChains.peak)), segments: [[1, 0]])
      renderer.render(logits: [0, .nan, 0])
    }
  }

  @Test func secondPullbackOfARenderTraps() async {
    await #expect(processExitsWith: .failure) {
      let renderer = ChainRenderer<Float>(.series(.biquad(SmallChains.peak)), segments: [[1, 0]])
      renderer.render(logits: [0, 0, 0])
      var gradient = [0.0, 0, 0]
      renderer.pullback(into: &gradient)
      renderer.pullback(into: &gradient)
    }
  }

  /// The validation of descriptions and the kernel agree on the limit.
  @Test func mostLinesAreAccepted() throws {
    let lines = (0..<FeedbackDelayNetwork.maximumLines).map { 50 + 7 * $0 }
    let chain = ChainDescription.sends(.feedbackDelayNetwork(SmallChains.reverb(lines)))
    try chain.validate()
    let rendering = Rendering(chain, dry: TestSignals.swells(500), logits: chain.randomLogits(seed: 1))
    #expect(rendering.isFinite)
    let more = ChainDescription.sends(.feedbackDelayNetwork(SmallChains.reverb(lines + [7])))
    #expect(throws: ParameterError.self) { try more.validate() }
  }
}
