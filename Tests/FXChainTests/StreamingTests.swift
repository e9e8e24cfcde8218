import FXChain
import FXParams
import NumericCore
import Testing

/// A long signal rendered block by block equals the whole-signal renderer.
struct StreamingTests {
  static let short = ChainDescription(
    series: ChainDescription.diffVox.series,
    sends: [
      .pingPongDelay(.init(delayMilliseconds: .init(5, 20), responseSeconds: 0.2)),
      .feedbackDelayNetwork(.init(delaySamples: [97, 131, 173], decayPoints: 7, responseSeconds: 0.3, tone: [])),
    ])

  @Test(arguments: [1, 700, 5000, 44100], [64, 1000, 100_000])
  func blocksEqualWhole(frameCount: Int, blockCount: Int) {
    var source = RandomSource(seed: 3)
    let dry = (0..<frameCount).map { _ in Float.random(in: -0.5...0.5, using: &source) }
    let count = Self.short.parameterSpace.count
    let logits = (0..<count).map { _ in Double.random(in: -1...1, using: &source) }
    let whole = ChainRenderer<Float>(Self.short, segments: [dry])
    whole.render(logits: logits)

    let streaming = StreamingRenderer<Float>(Self.short, logits: logits, frameCount: frameCount)
    var left: [Float] = []
    var right: [Float] = []
    for start in stride(from: 0, to: frameCount, by: blockCount) {
      let end = min(start + blockCount, frameCount)
      streaming.process(Array(dry[start..<end]), isLast: end == frameCount) {
        left += $0
        right += $1
      }
    }
    #expect(left.count == frameCount && right.count == frameCount)
    let (wholeLeft, wholeRight) = whole.output(of: 0)
    let peak = wholeLeft.array.map(abs).max() ?? 0
    for (found, expected) in [(left, wholeLeft.array), (right, wholeRight.array)] {
      let error = zip(found, expected).map { abs($0 - $1) }.max() ?? 0
      #expect(error <= 1e-5 * peak)
    }
  }

  /// Twenty-five seconds through the published chain span several transforms.
  @Test func longSignalSpansBlocks() {
    var source = RandomSource(seed: 4)
    let dry = (0..<(25 * 44100)).map { _ in Float.random(in: -0.1...0.1, using: &source) }
    let logits = ChainDescription.diffVox.parameterSpace.parameters.map { _ in 0.5 }
    let whole = ChainRenderer<Float>(.diffVox, segments: [dry])
    whole.render(logits: logits)
    let streaming = StreamingRenderer<Float>(.diffVox, logits: logits, frameCount: dry.count)
    var left: [Float] = []
    for start in stride(from: 0, to: dry.count, by: 65536) {
      let end = min(start + 65536, dry.count)
      streaming.process(Array(dry[start..<end]), isLast: end == dry.count) { block, _ in left += block }
    }
    let expected = whole.output(of: 0).left.array
    let error = zip(left, expected).map { abs($0 - $1) }.max() ?? 1
    #expect(left.count == expected.count && error <= 1e-4 * (expected.map(abs).max() ?? 0))
  }
}
