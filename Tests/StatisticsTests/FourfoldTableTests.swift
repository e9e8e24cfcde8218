import Statistics
import Testing

@Suite struct FourfoldTableTests {
  /// A sample with the four counts.
  private func table(_ both: Int, _ first: Int, _ second: Int, _ neither: Int) -> FourfoldTable {
    func sample(_ values: [Bool]) -> [Bool] {
      zip(values, [both, first, second, neither]).flatMap { Array(repeating: $0, count: $1) }
    }
    return FourfoldTable(sample([true, true, false, false]), sample([true, false, true, false]))
  }

  /// scipy.stats.fisher_exact of SciPy 1, which prints as many digits.
  @Test func pValuesAreThoseOfSciPy() {
    for (counts, expected) in [
      ((3, 1, 1, 3), 0.48571428571428565), ((10, 2, 3, 15), 0.0005367241191434357),
      ((14, 4, 0, 6), 0.001560224672352819), ((200, 300, 250, 150), 2.5666429231667137e-11),
      ((0, 5, 5, 0), 0.007936507936507938),
    ] {
      let found = table(counts.0, counts.1, counts.2, counts.3).fisherPValue
      // Differences of log-factorials of some hundreds lose three digits.
      #expect(abs(found / expected - 1) < 1e-10, "\(found) \(expected)")
    }
  }

  @Test func phiIsTheCorrelationOfZerosAndOnes() throws {
    #expect(table(5, 0, 0, 7).phi == 1 && table(0, 5, 5, 0).phi == -1)
    #expect(table(4, 2, 8, 4).phi == 0)
    let found = try #require(table(14, 4, 0, 6).phi)
    #expect(abs(found - 84 / (18.0 * 6 * 14 * 10).squareRoot()) < 1e-15)
  }

  @Test func whatIsTheSameInAllHasNone() {
    #expect(table(3, 4, 0, 0).phi == nil && table(0, 0, 0, 0).phi == nil)
    #expect(table(3, 4, 0, 0).fisherPValue == 1)
  }

  /// Transposing, and exchanging having for lacking, changes no p-value.
  @Test func symmetriesLeaveThePValue() {
    let p = table(7, 2, 3, 9).fisherPValue
    for other in [table(7, 3, 2, 9), table(9, 2, 3, 7), table(2, 7, 9, 3)] {
      #expect(abs(other.fisherPValue / p - 1) < 1e-12)
    }
  }
}
