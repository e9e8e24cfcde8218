/// A seeded source of random numbers; the same seed and stream give the same numbers on every machine.
public struct RandomSource: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// - Parameter stream: independent sequences of one seed, for instance one per draw or per chain.
  public init(seed: UInt64, stream: UInt64 = 0) {
    state = seed &+ stream &* 0x9E37_79B9_7F4A_7C15
  }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
