import Foundation
import NumericCore
import Statistics
import Testing

@Suite("Wilcoxon's signed-rank test")
struct WilcoxonSignedRankTests {
  /// Every pattern of signs, counted one by one.
  private func enumerated(_ magnitudes: [Double], statistic: Double) -> Double {
    let ranks = SpearmanCorrelation.ranks(magnitudes)
    let total = ranks.reduce(0, +)
    let count = (0..<1 << ranks.count).count { pattern in
      let positive = ranks.indices.reduce(0.0) { pattern >> $1 & 1 == 1 ? $0 + ranks[$1] : $0 }
      return min(positive, total - positive) <= statistic
    }
    return Double(count) / Double(1 << ranks.count)
  }

  @Test("Exact p-values, ties or not, are shares of all patterns of signs", arguments: 1...10)
  func exactByEnumeration(_ count: Int) throws {
    var source = RandomSource(seed: UInt64(count))
    for levels in [3, 5, 1000] {
      for _ in 0..<20 {
        // Whole magnitudes: few levels give many ties.
        let differences = (0..<count).map { _ in
          Double(Int.random(in: 1...levels, using: &source)) * (Bool.random(using: &source) ? 1 : -1)
        }
        let test = try WilcoxonSignedRank(differences)
        let expected = enumerated(
          differences.map(\.magnitude), statistic: min(test.positiveRankSum, test.negativeRankSum))
        // Both are counts over a power of two.
        #expect(test.isExact && (test.pValue - expected).magnitude < 1e-15, "\(differences)")
      }
    }
  }

  @Test("Zeros are dropped, and only zeros tell of no difference")
  func zeros() throws {
    let plain = try WilcoxonSignedRank([1, -2, 3, 4.5])
    let padded = try WilcoxonSignedRank([0, 1, -2, 0, 3, 4.5, -0.0])
    #expect(padded.pValue == plain.pValue && padded.rankBiserial == plain.rankBiserial)
    #expect(padded.zeroCount == 3 && padded.count == 4)
    let none = try WilcoxonSignedRank([0, 0])
    #expect(none.pValue == 1 && none.rankBiserial == 0 && none.count == 0)
  }

  @Test("The order of pairs does not matter, and exchanging both methods turns the effect round")
  func symmetries() throws {
    var source = RandomSource(seed: 4)
    for count in [7, 25, 26, 60] {
      let differences = (0..<count).map { _ in (10 * (source.nextNormal() + 0.3)).rounded() / 10 }
      let test = try WilcoxonSignedRank(differences)
      #expect(try WilcoxonSignedRank(differences.reversed()) == test)
      let exchanged = try WilcoxonSignedRank(differences.map { -$0 })
      #expect(exchanged.pValue == test.pValue && exchanged.rankBiserial == -test.rankBiserial)
      // Magnitudes count by their ranks alone.
      let bent = try WilcoxonSignedRank(differences.map { $0 * $0 * $0 })
      #expect(bent.positiveRankSum == test.positiveRankSum && bent.pValue == test.pValue)
    }
    #expect(try WilcoxonSignedRank([1, 2, 3]).rankBiserial == 1)
    // Ranks 1 + 3 - 2 of 6.
    #expect(try WilcoxonSignedRank([1, -2, 3]).rankBiserial == 1.0 / 3)
  }

  /// The limit for 26 differences is off by up to 0.0064 here, and less in the tails.
  @Test("The normal limit continues the exact values")
  func continuity() throws {
    var source = RandomSource(seed: 8)
    for _ in 0..<20 {
      let differences = (0..<26).map { _ in source.nextNormal() + 0.25 }
      let limit = try WilcoxonSignedRank(differences)
      #expect(!limit.isExact)
      // The number of patterns of 26 signs, from those of 25 with and without the last rank.
      var patterns = [1.0]
      for rank in 1...26 {
        let longer = patterns + Array(repeating: 0, count: rank)
        patterns = longer.indices.map { longer[$0] + ($0 >= rank ? patterns[$0 - rank] : 0) }
      }
      let smaller = Int(min(limit.positiveRankSum, limit.negativeRankSum))
      let exact = min(1, 2 * patterns[...smaller].reduce(0, +) / pow(2, 26))
      #expect((limit.pValue - exact).magnitude < 0.01, "\(limit.pValue) against \(exact)")
    }
  }

  /// 1000 tests of true hypotheses at 5 %: the share that rejects is 0.05 with a standard error of 0.007, and less
  /// where few patterns make the values coarse.
  @Test("True hypotheses are rejected at the level", arguments: [(12, 15...70), (48, 28...72)])
  func level(_ count: Int, _ range: ClosedRange<Int>) throws {
    var source = RandomSource(seed: 6)
    let rejected = try (0..<1000).count { _ in
      try WilcoxonSignedRank((0..<count).map { _ in source.nextNormal() }).pValue < 0.05
    }
    #expect(range.contains(rejected), "\(rejected)")
  }

  @Test("What cannot be ranked is named")
  func badData() {
    #expect(throws: StatisticsError.self) { try WilcoxonSignedRank([]) }
    let broken = #expect(throws: StatisticsError.self) { try WilcoxonSignedRank([1, .infinity]) }
    #expect(broken?.description.contains("Value 1 ") == true)
    #expect(throws: StatisticsError.self) { try TrimmedMean.value([]) }
    #expect(throws: StatisticsError.self) { try TrimmedMean.value([1, .nan]) }
  }
}
