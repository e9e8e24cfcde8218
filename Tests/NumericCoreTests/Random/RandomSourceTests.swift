import Foundation
import NumericCore
import Testing

@Suite struct RandomSourceTests {
  /// Known answers of Random123 (kat_vectors, philox4x32 10).
  @Test func knownAnswers() {
    #expect(
      Philox.block(counter: .zero, key: .zero) == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    #expect(
      Philox.block(counter: SIMD4(repeating: .max), key: SIMD2(repeating: .max))
        == SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    #expect(
      Philox.block(
        counter: SIMD4(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344), key: SIMD2(0xa409_3822, 0x299f_31d0))
        == SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
  }

  @Test func wordsComeFromTheKnownBlock() {
    var source = RandomSource(seed: 0)
    #expect(source.next() == 0xe169_c58d_6627_e8d5)
    #expect(source.next() == 0x9b00_dbd8_bc57_ac4c)
    #expect(source.position == 2)
    var seeded = RandomSource(seed: 0x299f_31d0_a409_3822, stream: 0x0370_7344_1319_8a2e)
    seeded.skip(2 &* 0x05a3_08d3_243f_6a88)
    let block = Philox.block(
      counter: SIMD4(0x243f_6a88, 0x05a3_08d3, 0x1319_8a2e, 0x0370_7344), key: SIMD2(0xa409_3822, 0x299f_31d0))
    #expect(seeded.next() == UInt64(block[0]) | UInt64(block[1]) << 32)
  }

  @Test(arguments: [0, 1, 2, 3, 10, 1001] as [UInt64]) func skippingIsDrawing(count: UInt64) {
    var drawn = RandomSource(seed: 5, stream: 3)
    var skipped = drawn
    for _ in 0..<count { _ = drawn.next() }
    skipped.skip(count)
    #expect((0..<5).map { _ in drawn.next() } == (0..<5).map { _ in skipped.next() })
  }

  @Test func streamsAndSeedsDiffer() {
    var words: Set<UInt64> = []
    for seed in 0..<20 as Range<UInt64> {
      for stream in 0..<20 as Range<UInt64> {
        var source = RandomSource(seed: seed, stream: stream)
        for _ in 0..<5 { words.insert(source.next()) }
      }
    }
    #expect(words.count == 2000)
  }

  @Test func fillingIsDrawing() {
    var filled = RandomSource(seed: 1)
    var drawn = filled
    var buffer = [Double](repeating: 0, count: 7)
    filled.fillNormal(&buffer)
    #expect(buffer == (0..<7).map { _ in drawn.nextNormal() })
  }

  @Test func uniformsFillTheOpenInterval() {
    var source = RandomSource(seed: 2)
    let draws = (0..<200_000).map { _ in source.nextUniform() }.sorted()
    #expect(draws[0] > 0 && draws[draws.count - 1] < 1)
    // Kolmogorov-Smirnov: sqrt(n) D exceeds 1.95 once in a thousand.
    let count = Double(draws.count)
    let distance = draws.enumerated().map { max(abs(Double($0) / count - $1), abs(Double($0 + 1) / count - $1)) }
    #expect(distance.max()! * count.squareRoot() < 1.95)
  }

  @Test func normalsFollowTheNormalLaw() {
    var source = RandomSource(seed: 3)
    let draws = (0..<200_000).map { _ in source.nextNormal() }
    let count = Double(draws.count)
    let sorted = draws.sorted().map { 0.5 * erfc(-$0 / 2.0.squareRoot()) }
    let distance = sorted.enumerated().map { max(abs(Double($0) / count - $1), abs(Double($0 + 1) / count - $1)) }
    #expect(distance.max()! * count.squareRoot() < 1.95)
    // The two deviates of a pair are independent, and so are neighbouring pairs.
    for lag in 1...3 {
      let correlation = (0..<draws.count - lag).reduce(0) { $0 + draws[$1] * draws[$1 + lag] } / count
      #expect(abs(correlation) < 4 / count.squareRoot())
    }
  }
}
