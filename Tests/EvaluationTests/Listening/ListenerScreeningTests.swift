import Evaluation
import Testing

/// Ratings of one listener: for each stimulus a score per trial.
func ratings(_ listeners: [String: [String: [Double]]]) -> ListeningRatings {
  ListeningRatings(
    listeners.sorted { $0.key < $1.key }.flatMap { listener, stimuli in
      stimuli.sorted { $0.key < $1.key }.flatMap { stimulus, scores in
        scores.enumerated().map {
          ListeningRating(listener: listener, trial: "trial_\($0)", stimulus: stimulus, score: $1)
        }
      }
    })
}

@Suite("Screening of listeners")
struct ListenerScreeningTests {
  private static let roles = ListenerScreening.Roles(anchor: "dry", reference: "reference", midAnchor: "anchor70")

  /// Breaks no rule.
  private static let good: [String: [Double]] = [
    "dry": [0, 10, 0, 10, 0, 10, 0, 10, 0, 10, 0, 10, 0, 10, 0, 10, 0, 10, 0, 10],
    "mean": Array(repeating: 50, count: 20), "reference": Array(repeating: 100, count: 20),
    "anchor70": Array(repeating: 40, count: 20),
  ]

  private func screened(
    _ changed: [String: [Double]], _ rules: ListenerScreening.Rules = .both
  ) throws -> ListenerScreening.Listener {
    let screening = ListenerScreening(
      of: ratings(["one": Self.good.merging(changed) { $1 }]), by: rules, roles: Self.roles)
    return try #require(screening.listeners.first)
  }

  /// Scores of 20 trials, of which some differ.
  private func scores(_ usual: Double, _ other: Double, times: Int) -> [Double] {
    (0..<20).map { $0 < times ? other : usual }
  }

  @Test func aGoodListenerIsKeptByAllRules() throws {
    for rules in ListenerScreening.Rules.allCases { #expect(try screened([:], rules).fault == nil) }
  }

  @Test func theAnchorMustBeLowInFourTenthsOfTheTrials() throws {
    // 8 of 20 are 40 %, which is not less.
    let enough = try screened(["dry": scores(50, 19.5, times: 8)])
    #expect(enough.lowAnchorShare == 0.4 && enough.fault == nil)
    let tooFew = try screened(["dry": scores(50, 19.5, times: 7)])
    #expect(tooFew.lowAnchorShare == 0.35 && tooFew.fault == .anchorRatedHigh)
    // 20 itself is not below 20.
    #expect(try screened(["dry": Array(repeating: 20, count: 20)]).fault == .anchorRatedHigh)
    #expect(try screened(["dry": scores(50, 19.5, times: 7)], .bs1534).fault == nil)
    #expect(try screened(["dry": scores(50, 19.5, times: 7)], .none).fault == nil)
  }

  /// The deviation of ten zeros and ten values x is x / 2 sqrt(20 / 19): with the divisor n it would be x / 2.
  @Test(arguments: [(77.9, false), (78.0, true), (80.0, true)])
  func theAnchorMustNotVary(high: Double, isDropped: Bool) throws {
    let found = try screened(["dry": scores(0, high, times: 10)])
    let expected = high / 2 * (20.0 / 19).squareRoot()
    #expect(abs((found.anchorDeviation ?? 0) - expected) < 1e-12)
    #expect((expected > 40) == isDropped)
    #expect(found.fault == (isDropped ? .anchorVaries : nil))
    #expect(try screened(["dry": scores(0, high, times: 10)], .bs1534).fault == nil)
  }

  /// The mean over three others, of which two do not vary.
  @Test(arguments: [(0.999, false), (1.001, true)])
  func theOthersMustNotVaryOnAverage(scale: Double, isDropped: Bool) throws {
    // One deviation of 90 makes a mean of 30, but scores end at 100: all three vary by 30.
    let width = 60 * (19.0 / 20).squareRoot() * scale
    let varied = scores(100 - width, 100, times: 10)
    let changed = ["mean": varied, "anchor70": varied.map { $0 - 15 }, "reference": varied]
    let found = try screened(changed, .paper)
    #expect(abs((found.otherDeviation ?? 0) - 30 * scale) < 1e-12)
    #expect(found.fault == (isDropped ? .othersVary : nil))
    // Two of three that vary by 44.9 make 29.9; the anchor does not count among them.
    let some = scores(100 - 2 * 44.9 * (19.0 / 20).squareRoot(), 100, times: 10)
    let kept = try screened(["mean": some, "anchor70": some], .paper)
    #expect(abs((kept.otherDeviation ?? 0) - 2 * 44.9 / 3) < 1e-12 && kept.fault == nil)
  }

  @Test func theHiddenReferenceMayBeMissedInThreeOfTwentyTrials() throws {
    let kept = try screened(["reference": scores(90, 89.9, times: 3)])
    #expect(kept.lowReferenceShare == 0.15 && kept.fault == nil)
    let dropped = try screened(["reference": scores(90, 89.9, times: 4)])
    #expect(dropped.lowReferenceShare == 0.2 && dropped.fault == .referenceRatedLow)
    #expect(try screened(["reference": scores(90, 89.9, times: 4)], .paper).fault == nil)
  }

  @Test func theMidAnchorMayBeHighInThreeOfTwentyTrials() throws {
    #expect(try screened(["anchor70": scores(90, 90.1, times: 3)], .bs1534).fault == nil)
    let dropped = try screened(["anchor70": scores(90, 90.1, times: 4)], .bs1534)
    #expect(dropped.highMidAnchorShare == 0.2 && dropped.fault == .midAnchorRatedHigh)
    #expect(try screened(["anchor70": scores(90, 90.1, times: 4)], .none).fault == nil)
  }

  @Test func rulesWithoutTheirStimulusAreLeftOut() {
    let screening = ListenerScreening(
      of: ratings(["one": ["a": [100], "b": [0]]]), by: .both, roles: ListenerScreening.Roles())
    #expect(screening.kept == ["one"])
    let found = screening.listeners[0]
    #expect(found.lowAnchorShare == nil && found.anchorDeviation == nil && found.otherDeviation == nil)
  }

  @Test func whoeverLacksAStimulusGoesUnderAllRules() {
    let all = ratings(["one": Self.good, "two": Self.good.filter { $0.key != "mean" }])
    for rules in ListenerScreening.Rules.allCases {
      let screening = ListenerScreening(of: all, by: rules, roles: Self.roles)
      #expect(screening.kept == ["one"] && screening.count(of: .incomplete) == 1)
    }
  }

  /// The published test counts who is dropped by the first rule before the second is looked at.
  @Test func theFirstBrokenRuleCounts() throws {
    let changed = ["dry": scores(0, 95, times: 13), "reference": scores(100, 0, times: 10)]
    let found = try screened(changed)
    #expect((found.anchorDeviation ?? 0) > 40 && (found.lowReferenceShare ?? 0) > 0.15)
    #expect(found.fault == .anchorRatedHigh)
  }
}
