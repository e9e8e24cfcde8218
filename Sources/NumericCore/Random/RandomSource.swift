/// A seeded source of random numbers: the same seed and stream give the same numbers on every machine.
///
/// Word n of a stream is a pure function of (seed, stream, n): Philox4x32-10 keyed by the seed, with the 128-bit
/// counter split into a stream number and a block number. The 2^64 streams of a seed never overlap, so work that
/// gives item i the stream i has the same result for any number of threads.
public struct RandomSource: RandomNumberGenerator, Sendable, Hashable {
  /// The seed: the key of the generator.
  public let seed: UInt64
  /// The number of the stream, the upper half of the counter.
  public let stream: UInt64
  /// Index of the next 64-bit word.
  public private(set) var position: UInt64 = 0
  /// The block that holds the word before `position` and, where `position` is odd, that at it.
  private var block: SIMD2<UInt64> = .zero
  /// The second deviate of the last Box-Muller pair, until it is asked for.
  var spareNormal: Double?

  /// - Parameters:
  ///   - seed: any number; the same gives the same numbers.
  ///   - stream: independent sequences of one seed, for instance one per draw or per chain.
  public init(seed: UInt64, stream: UInt64 = 0) {
    self.seed = seed
    self.stream = stream
  }

  /// 64 random bits.
  public mutating func next() -> UInt64 {
    let isFirst = position & 1 == 0
    if isFirst { fillBlock() }
    position &+= 1
    return isFirst ? block[0] : block[1]
  }

  /// Moves `count` words ahead in constant time, as if they had been drawn; half-used normal pairs are dropped.
  public mutating func skip(_ count: UInt64) {
    position &+= count
    spareNormal = nil
    if position & 1 == 1 { fillBlock() }
  }

  private mutating func fillBlock() {
    let index = position >> 1
    let words = Philox.block(
      counter: SIMD4(
        UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32),
        UInt32(truncatingIfNeeded: stream), UInt32(truncatingIfNeeded: stream >> 32)),
      key: SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)))
    block = SIMD2(UInt64(words[0]) | UInt64(words[1]) << 32, UInt64(words[2]) | UInt64(words[3]) << 32)
  }
}
