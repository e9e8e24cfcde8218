/// Which listeners of a listening test are kept, by one of two sets of rules or both.
///
/// - The paper's (arXiv 2505.11315, from its notebook): first those go who rate the anchor below
///   ``lowAnchorScore`` in less than ``lowAnchorShare`` of the trials; then those whose ratings of the anchor have
///   a standard deviation above ``anchorDeviationLimit`` over the trials, or whose standard deviations for the
///   other stimuli have a mean above ``otherDeviationLimit``. Deviations have the divisor n - 1, as those of
///   pandas.
/// - Those of ITU-R BS.1534-3 (section 4.1.2): those go who rate the hidden reference below ``highScore`` in more
///   than ``missShare`` of the trials, or the mid-range anchor above it in more than that.
///
/// Whoever has not rated every stimulus at least once goes in any case: there would be nothing to pair.
public struct ListenerScreening: Sendable, Hashable {
  /// The sets of rules.
  public enum Rules: String, Sendable, CaseIterable { case paper, bs1534, both, none }

  /// Why a listener goes: the first rule that is broken, in this order.
  public enum Fault: String, Sendable, CaseIterable, Encodable {
    /// Some stimulus has no rating.
    case incomplete
    /// The paper's first rule.
    case anchorRatedHigh = "anchor_rated_high"
    /// The paper's second rule.
    case anchorVaries = "anchor_varies"
    /// The paper's third rule.
    case othersVary = "others_vary"
    /// The first rule of BS.1534.
    case referenceRatedLow = "reference_rated_low"
    /// The second rule of BS.1534.
    case midAnchorRatedHigh = "mid_anchor_rated_high"
  }

  /// The stimuli that rules look at; a rule whose stimulus is nil is left out.
  public struct Roles: Sendable, Hashable {
    /// The anchor of the paper's rules.
    public var anchor: String?
    /// The hidden reference of BS.1534.
    public var reference: String?
    /// The mid-range anchor of BS.1534.
    public var midAnchor: String?

    public init(anchor: String? = nil, reference: String? = nil, midAnchor: String? = nil) {
      self.anchor = anchor
      self.reference = reference
      self.midAnchor = midAnchor
    }
  }

  /// What the rules found out about a listener. A number is nil where its stimulus is missing, a deviation also
  /// where there is one trial alone.
  public struct Listener: Sendable, Hashable {
    /// As the ratings name the listener.
    public let name: String
    /// The share of trials with the anchor below ``ListenerScreening/lowAnchorScore``.
    public let lowAnchorShare: Double?
    /// The standard deviation of the anchor over trials.
    public let anchorDeviation: Double?
    /// The mean over the other stimuli of their standard deviations.
    public let otherDeviation: Double?
    /// The share of trials with the hidden reference below ``ListenerScreening/highScore``.
    public let lowReferenceShare: Double?
    /// The share of trials with the mid-range anchor above ``ListenerScreening/highScore``.
    public let highMidAnchorShare: Double?
    /// Why the listener goes; nil for one who is kept.
    public let fault: Fault?
  }

  /// Below this the anchor is recognised.
  public static let lowAnchorScore = 20.0
  /// The share of trials in which it has to be.
  public static let lowAnchorShare = 0.4
  /// The largest standard deviation of the anchor.
  public static let anchorDeviationLimit = 40.0
  /// The largest mean standard deviation of the other stimuli.
  public static let otherDeviationLimit = 30.0
  /// What the hidden reference has to reach, and the mid-range anchor must not exceed.
  public static let highScore = 90.0
  /// The largest share of trials in which it may be otherwise.
  public static let missShare = 0.15

  /// Every listener, in the order of the ratings.
  public let listeners: [Listener]

  /// Judges every listener.
  ///
  /// - Parameters:
  ///   - ratings: without those of training pages.
  ///   - rules: which are applied; the numbers are found in any case.
  ///   - roles: which stimuli they look at.
  public init(of ratings: ListeningRatings, by rules: Rules, roles: Roles) {
    listeners = ratings.listeners.map { name in
      func share(_ stimulus: String?, _ matches: (Double) -> Bool) -> Double? {
        guard let scores = stimulus.map({ ratings.scores(by: name, of: $0) }), !scores.isEmpty else { return nil }
        return Double(scores.count(where: matches)) / Double(scores.count)
      }
      let others = ratings.stimuli.filter { $0 != roles.anchor }
        .compactMap { Self.deviation(ratings.scores(by: name, of: $0)) }
      let isComplete = ratings.stimuli.allSatisfy { !ratings.scores(by: name, of: $0).isEmpty }
      let found = Listener(
        name: name, lowAnchorShare: share(roles.anchor) { $0 < Self.lowAnchorScore },
        anchorDeviation: roles.anchor.flatMap { Self.deviation(ratings.scores(by: name, of: $0)) },
        otherDeviation: others.isEmpty ? nil : others.reduce(0, +) / Double(others.count),
        lowReferenceShare: share(roles.reference) { $0 < Self.highScore },
        highMidAnchorShare: share(roles.midAnchor) { $0 > Self.highScore }, fault: nil)
      return found.judged(by: rules, isComplete: isComplete)
    }
  }

  /// Those who are kept.
  public var kept: [String] { listeners.filter { $0.fault == nil }.map(\.name) }

  /// How many go for a reason.
  public func count(of fault: Fault) -> Int { listeners.count { $0.fault == fault } }

  /// With the divisor n - 1; nil for fewer than two numbers.
  private static func deviation(_ values: [Double]) -> Double? {
    guard values.count > 1 else { return nil }
    let mean = values.reduce(0, +) / Double(values.count)
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
  }
}

extension ListenerScreening.Listener {
  fileprivate func judged(by rules: ListenerScreening.Rules, isComplete: Bool) -> Self {
    func exceeds(_ value: Double?, _ limit: Double) -> Bool { value.map { $0 > limit } ?? false }
    let (hasPaper, hasRecommendation) = (rules == .paper || rules == .both, rules == .bs1534 || rules == .both)
    let broken: [(ListenerScreening.Fault, Bool)] = [
      (.incomplete, !isComplete),
      (.anchorRatedHigh, hasPaper && lowAnchorShare.map { $0 < ListenerScreening.lowAnchorShare } ?? false),
      (.anchorVaries, hasPaper && exceeds(anchorDeviation, ListenerScreening.anchorDeviationLimit)),
      (.othersVary, hasPaper && exceeds(otherDeviation, ListenerScreening.otherDeviationLimit)),
      (.referenceRatedLow, hasRecommendation && exceeds(lowReferenceShare, ListenerScreening.missShare)),
      (.midAnchorRatedHigh, hasRecommendation && exceeds(highMidAnchorShare, ListenerScreening.missShare)),
    ]
    return Self(
      name: name, lowAnchorShare: lowAnchorShare, anchorDeviation: anchorDeviation, otherDeviation: otherDeviation,
      lowReferenceShare: lowReferenceShare, highMidAnchorShare: highMidAnchorShare,
      fault: broken.first { $0.1 }?.0)
  }
}
