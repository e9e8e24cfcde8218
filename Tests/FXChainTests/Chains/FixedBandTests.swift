import FXChain
import FXParams
import Testing

/// A band of which the chain fixes something sounds as one that happens to have these values.
struct FixedBandTests {
  /// The fixed bands of ``SmallChains``, all free.
  private static let freed = ChainDescription(
    series: SmallChains.fixedBands.map { band in
      .biquad(
        BiquadBand(
          name: band.name, response: band.response, frequencyHz: band.frequencyHz.bounds ?? .init(20, 20_000),
          q: band.q?.bounds ?? .init(0.05, 40)))
    }, sends: [], hasDirectPan: false)
  private static let fixed = ChainDescription(
    series: SmallChains.fixedBands.map { .biquad($0) }, sends: [], hasDirectPan: false)

  /// Logits of the free chain with the fixed values in their places.
  private func completed(_ logits: [Double]) throws -> [Double] {
    let (space, fixedSpace) = (Self.freed.parameterSpace, Self.fixed.parameterSpace)
    let values = fixedSpace.values(ofLogits: logits)
    let settled = Dictionary(
      uniqueKeysWithValues: Self.fixed.fixedParameters.map { ($0.name, $0.value) }
        + zip(fixedSpace.names, values).map { ($0, $1) })
    return try space.logits(ofValues: space.names.map { try #require(settled[$0]) })
  }

  @Test(arguments: 1...3) func fixedSoundsAsFree(seed: Int) throws {
    let dry = TestSignals.swells(2000)
    let cotangents = (left: TestSignals.noise(2000, seed: 5), right: TestSignals.noise(2000, seed: 6))
    let logits = Self.fixed.randomLogits(seed: UInt64(seed))
    let found = Rendering(Self.fixed, dry: dry, logits: logits, cotangents: cotangents)
    let free = Rendering(Self.freed, dry: dry, logits: try completed(logits), cotangents: cotangents)
    // The values of the free chain come back from logits with rounding.
    let peak = free.left.map(abs).max() ?? 0
    #expect(zip(found.left, free.left).allSatisfy { abs($0 - $1) <= 1e-10 * peak })
    let names = Self.freed.parameterSpace.names
    for (name, gradient) in zip(Self.fixed.parameterSpace.names, found.gradient) {
      let expected = free.gradient[try #require(names.firstIndex(of: name))]
      #expect(abs(gradient - expected) <= 1e-8 * max(abs(expected), 1), "\(name)")
    }
  }

  @Test func responseIsThatOfTheFreeBands() throws {
    let logits = Self.fixed.randomLogits(seed: 9)
    let frequencies = [20, 105, 700, 3000, 9000, 20_000.0]
    let found = EqualiserResponse(Self.fixed)?.levelsDB(
      values: Self.fixed.parameterSpace.values(ofLogits: logits), frequenciesHz: frequencies)
    let expected = EqualiserResponse(Self.freed)?.levelsDB(
      values: Self.freed.parameterSpace.values(ofLogits: try completed(logits)), frequenciesHz: frequencies)
    #expect(zip(try #require(found), try #require(expected)).allSatisfy { abs($0 - $1) < 1e-9 })
  }

  /// Block by block, with a whole rendering beside it.
  @Test func blocksEqualWhole() {
    let dry = TestSignals.swells(3000)
    let logits = Self.fixed.randomLogits(seed: 4)
    let whole = Rendering(Self.fixed, dry: dry, logits: logits)
    let streaming = StreamingRenderer<Double>(Self.fixed, logits: logits, frameCount: dry.count)
    var left: [Double] = []
    for start in stride(from: 0, to: dry.count, by: 1000) {
      streaming.process(Array(dry[start..<start + 1000]), isLast: start == 2000) { block, _ in left += block }
    }
    let peak = whole.left.map(abs).max() ?? 0
    #expect(left.count == dry.count && zip(left, whole.left).allSatisfy { abs($0 - $1) <= 1e-10 * peak })
  }
}
