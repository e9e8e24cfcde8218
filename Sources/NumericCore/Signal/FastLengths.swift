/// Lengths at which FFTW's plans by rule are fast, for those who may choose: a signal is zero-padded up to the next
/// one.
///
/// A rule picks the plan of a length without regard to how long it takes: of two neighbouring lengths without a
/// prime factor above 7, one may take twice as long. The table has the lengths than which no longer one, of those
/// with small factors, took less. `bench lengths` (in Benchmarks/) made it, as the least of ten rounds over all
/// such lengths, forwards and back in Float, on an AMD EPYC (Zen 3). A rule plans alike on other processors with
/// AVX, though the times differ: on a Xeon with AVX-512 720000 points take less than 705600 as well. The table is
/// kept in the source, so that lengths, and with them results, are the same in every run.
public enum FastLengths {
  /// The shortest fast and even length that is at least `minimum`.
  public static func length(atLeast minimum: Int) -> Int {
    // Below the table the transforms stay in the caches, where all are about as fast.
    guard minimum >= table[0], let fast = table.first(where: { $0 >= minimum }) else {
      return smooth(atLeast: minimum)
    }
    return fast
  }

  /// The shortest even length of the form 2^a 3^b 5^c 7^d that is at least `minimum`.
  public static func smooth(atLeast minimum: Int) -> Int {
    var candidate = max(2, minimum + minimum % 2)
    while !isSmooth(candidate) { candidate += 2 }
    return candidate
  }

  /// Whether a length has no prime factor above 7.
  public static func isSmooth(_ length: Int) -> Bool {
    var rest = length
    for prime in [2, 3, 5, 7] { while rest > 0, rest % prime == 0 { rest /= prime } }
    return rest == 1
  }

  /// In ascending order.
  package static let table = [
    65856, 68040, 69984, 74088, 76800, 84672, 94080, 95256, 98784, 108864, 109760, 120960, 122472, 127008,
    139968, 144000, 155520, 163296, 164640, 172872, 186624, 188160, 189000, 192080, 193536, 219520, 224000,
    233280, 240000, 241920, 272160, 282240, 288120, 296352, 320000, 362880, 370440, 381024, 403368, 419904,
    489888, 500000, 504000, 576000, 583200, 588000, 612360, 635040, 691200, 720000, 777600, 793800, 806736,
    819200, 882000, 896000, 921984, 960000, 1_080_000, 1_152_000, 1_176_000, 1_280_000, 1_306_368, 1_382_400,
    1_382_976,
    1_400_000, 1_536_000, 1_600_000, 1_638_400, 1_693_440, 1_701_000, 1_764_000, 1_792_000, 2_048_000, 2_074_464,
    2_097_152,
  ]
}
