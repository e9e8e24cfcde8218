/// The counter-based generator Philox4x32-10: a bijection of 128-bit counters, chosen by a 64-bit key, whose outputs
/// on consecutive counters pass every test of BigCrush.
///
/// Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011, doi:10.1145/2063384.2063405.
package enum Philox {
  /// Ten rounds on one counter.
  @inline(__always)
  package static func block(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    var counter = counter
    var key = key
    for round in 0..<10 {
      // The key schedule is a Weyl sequence: golden ratio and sqrt(3) - 1.
      if round > 0 { key &+= SIMD2(0x9E37_79B9, 0xBB67_AE85) }
      let first = (0xD251_1F53 as UInt32).multipliedFullWidth(by: counter[0])
      let second = (0xCD9E_8D57 as UInt32).multipliedFullWidth(by: counter[2])
      counter = SIMD4(
        second.high ^ counter[1] ^ key[0], second.low, first.high ^ counter[3] ^ key[1], first.low)
    }
    return counter
  }
}
