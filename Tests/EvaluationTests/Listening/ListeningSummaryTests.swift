import Evaluation
import Statistics
import Testing

@Suite("Summaries of a listening test")
struct ListeningSummaryTests {
  /// Nine listeners on two trials: `good` is 10 above `middle` for each of them, `odd` is above for five and below for
  /// four.
  private static let test: ListeningRatings = ratings(
    Dictionary(
      uniqueKeysWithValues: (0..<9).map { index in
        let middle = 40 + Double(index)
        return (
          "l\(index)",
          [
            "middle": [middle - 5, middle + 5], "good": [middle + 10, middle + 10],
            "odd": [
              middle + (index % 2 == 0 ? 1 : -1) * Double(index + 1),
              middle + (index % 2 == 0 ? 1 : -1) * Double(index + 1),
            ],
          ]
        )
      }))

  @Test func eachListenerCountsOnce() throws {
    let summary = try ListeningSummary(of: Self.test, seed: 1)
    #expect(summary.listeners.count == 9)
    let middle = try #require(summary.stimuli.first { $0.name == "middle" })
    // 40, 41, ... 48: means of two trials.
    #expect(middle.listenerMeans == (0..<9).map { 40 + Double($0) })
    #expect(middle.median == 44 && middle.mean == 44 && middle.quartiles == 42...46)
    #expect(middle.interval.contains(44) && middle.interval.lowerBound >= 40 && middle.interval.upperBound <= 48)
    #expect(middle.interval.lowerBound < 44 && middle.interval.upperBound > 44)
  }

  @Test func stimuliStandByTheirMedians() throws {
    let names = try ListeningSummary(of: Self.test).stimuli.map(\.name)
    #expect(names.first == "good")
    let equal = try ListeningSummary(of: ratings(["a": ["z": [5], "y": [5]], "b": ["z": [6], "y": [6]]]))
    #expect(equal.stimuli.map(\.name) == ["y", "z"])
    #expect(equal.pairs.map(\.test.pValue) == [1])
  }

  @Test func pairsAreTestedOverListenersAndCorrectedTogether() throws {
    let summary = try ListeningSummary(of: Self.test)
    #expect(summary.pairs.count == 3)
    let clear = try #require(summary.pairs.first { $0.first == "good" && $0.second == "middle" })
    // All nine differences are 10: exact, 2 / 2^9.
    #expect(clear.medianDifference == 10 && clear.interval == 10...10)
    #expect(clear.test.pValue == 2.0 / 512 && clear.test.rankBiserial == 1 && clear.test.isExact)
    let raw = summary.pairs.map(\.test.pValue)
    #expect(summary.pairs.map(\.adjustedPValue) == HolmCorrection.adjusted(raw))
    #expect(summary.pairs.contains { $0.adjustedPValue > $0.test.pValue })
    // +1 -2 +3 -4 +5 -6 +7 -8 +9: the ranks of the positive ones add up to 25 of 45.
    let odd = try #require(summary.pairs.first { Set([$0.first, $0.second]) == ["odd", "middle"] })
    #expect(max(odd.test.positiveRankSum, odd.test.negativeRankSum) == 25)
  }

  @Test func theSeedDecidesTheIntervals() throws {
    let first = try ListeningSummary(of: Self.test, seed: 4)
    #expect(try ListeningSummary(of: Self.test, seed: 4) == first)
    let narrow = try ListeningSummary(of: Self.test, level: 0.5, seed: 4)
    for (wide, narrow) in zip(first.stimuli, narrow.stimuli) {
      #expect(wide.interval.lowerBound <= narrow.interval.lowerBound)
      #expect(wide.interval.upperBound >= narrow.interval.upperBound)
    }
  }

  @Test func ratingsKnowTheirListenersTrialsAndStimuli() {
    #expect(Self.test.listeners.count == 9 && Self.test.trials == ["trial_0", "trial_1"])
    #expect(Self.test.stimuli == ["good", "middle", "odd"])
    let kept = Self.test.keeping(["l3", "l1"])
    #expect(kept.listeners == ["l1", "l3"] && kept.scores(by: "l3", of: "middle") == [38, 48])
    #expect(kept.mean(by: "l0", of: "middle") == nil)
  }
}
