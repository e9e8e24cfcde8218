import FXChain
import FXParams
import NumericCore
import TestSupport
import Testing

/// Segments are independent, gradients add up, and neither threads nor history change a result.
struct SegmentTests {
  static let lengths = [3001, 1, 800, 9000, 2]
  let chain = SmallChains.diffVox
  let logits = SmallChains.diffVox.randomLogits(seed: 31, spread: 1)

  private func dry(_ length: Int) -> [Double] { TestSignals.swells(length, seed: UInt64(length)) }
  private func cotangents(_ length: Int) -> (left: [Double], right: [Double]) {
    (TestSignals.noise(length, seed: 5), TestSignals.noise(length, seed: 6))
  }

  /// All segments together: outputs one after the other, and the gradient.
  private func run<Scalar: SignalScalar>(
    _ lengths: [Int] = lengths, threads: Int = 1, as _: Scalar.Type = Scalar.self
  ) -> (outputs: [[Double]], gradient: [Double]) {
    let renderer = ChainRenderer<Scalar>(
      chain, segments: lengths.map { dry($0).map { Scalar($0) } }, threads: threads)
    return step(renderer, lengths, logits)
  }

  private func step<Scalar: SignalScalar>(
    _ renderer: ChainRenderer<Scalar>, _ lengths: [Int], _ logits: [Double]
  ) -> (outputs: [[Double]], gradient: [Double]) {
    renderer.render(logits: logits)
    var outputs: [[Double]] = []
    for (segment, length) in lengths.enumerated() {
      let (left, right) = renderer.output(of: segment)
      outputs.append((left.array + right.array).map { Double($0) })
      let target = renderer.cotangent(of: segment)
      target.left.store(cotangents(length).left)
      target.right.store(cotangents(length).right)
    }
    var gradient = [Double](repeating: .nan, count: logits.count)
    renderer.pullback(into: &gradient)
    return (outputs, gradient)
  }

  @Test func segmentsTogetherEqualSegmentsAlone() {
    let together = run(as: Double.self)
    let alone = Self.lengths.map { run([$0], as: Double.self) }
    for (segment, single) in alone.enumerated() {
      #expect(relativeNormError(together.outputs[segment], single.outputs[0]) < 1e-12)
    }
    let sum = logits.indices.map { index in alone.reduce(0) { $0 + $1.gradient[index] } }
    #expect(relativeNormError(together.gradient, sum) < 1e-10)
  }

  @Test func segmentsTogetherEqualSegmentsAloneInFloat() {
    let together = run(as: Float.self)
    let alone = Self.lengths.map { run([$0], as: Float.self) }
    for (segment, single) in alone.enumerated() {
      // A segment of one sample hears the first of the response alone, which is small, and as exact as its largest.
      #expect(relativeNormError(together.outputs[segment], single.outputs[0]) < 5e-6)
    }
    let sum = logits.indices.map { index in alone.reduce(0) { $0 + $1.gradient[index] } }
    #expect(relativeNormError(together.gradient, sum) < 1e-5)
  }

  @Test(arguments: [2, 3, 8]) func threadsDoNotMatter(_ threads: Int) {
    let one = run(as: Float.self)
    let many = run(threads: threads, as: Float.self)
    #expect(one.outputs == many.outputs)
    #expect(one.gradient == many.gradient)
  }

  /// Equalisers of few and of many bands lay their records out differently, in the same room where segments take
  /// turns.
  @Test func equalisersShareRoom() {
    let chain = ChainDescription(
      series: SmallChains.freeBands.map { .biquad($0) } + [.compressorExpander(SmallChains.compressor)]
        + SmallChains.tone.prefix(2).map { .biquad($0) }, sends: [])
    let logits = chain.randomLogits(seed: 34, spread: 1)
    let results = [1, 8].map { threads in
      let segments = Self.lengths.map { dry($0).map { Float($0) } }
      return step(ChainRenderer<Float>(chain, segments: segments, threads: threads), Self.lengths, logits)
    }
    #expect(results[0].outputs == results[1].outputs)
    #expect(results[0].gradient == results[1].gradient)
  }

  /// A renderer that has been elsewhere gives the same bits as a new one.
  @Test func historyDoesNotMatter() {
    let fresh = run(as: Float.self)
    let renderer = ChainRenderer<Float>(chain, segments: Self.lengths.map { dry($0).map { Float($0) } })
    _ = step(renderer, Self.lengths, chain.randomLogits(seed: 32, spread: 3))
    renderer.render(logits: chain.randomLogits(seed: 33, spread: 3))
    let again = step(renderer, Self.lengths, logits)
    #expect(fresh.outputs == again.outputs)
    #expect(fresh.gradient == again.gradient)
  }

  /// A longer neighbour lengthens the transforms and the responses, not the output: what is cut is not folded back.
  @Test(arguments: [1, 2, 7, 4409, 4410, 4411, 8819, 8821]) func lengthsAroundTheResponses(_ length: Int) {
    let alone = run([length], as: Double.self)
    let together = run([length, 20_000], as: Double.self)
    #expect(alone.outputs[0].allSatisfy(\.isFinite) && alone.gradient.allSatisfy(\.isFinite))
    #expect(relativeNormError(alone.outputs[0], together.outputs[0]) < 1e-11)
  }

  @Test func shorterSignalIsThePrefixOfALonger() {
    let long = run([9000], as: Double.self).outputs[0]
    let renderer = ChainRenderer<Double>(chain, segments: [Array(dry(9000).prefix(4000))])
    renderer.render(logits: logits)
    // Lookahead sees up to 661 samples past the end.
    let safe = 4000 - 662
    #expect(
      relativeNormError(Array(renderer.output(of: 0).left.array.prefix(safe)), Array(long.prefix(safe))) < 1e-11)
  }
}
