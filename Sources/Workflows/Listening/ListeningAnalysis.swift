import Evaluation

/// The analysis of a listening test: screening of listeners, then medians and comparisons of what is left.
public struct ListeningAnalysis: Sendable {
  /// The results of webMUSHRA.
  public var path: String
  /// What tells listeners apart.
  public var listenerColumn = ListeningResults.usualListenerColumn
  /// Whether listeners are screened by the rules of the paper.
  public var appliesPaperRules = true
  /// Whether they are screened by those of BS.1534.
  public var appliesRecommendation = true
  /// The anchor of the paper's rules.
  public var anchor = ListeningTestPlan.dry
  /// The hidden reference.
  public var reference = ListeningTestPlan.reference
  /// The mid-range anchor of BS.1534; its rule is left out where nobody has rated it.
  public var midAnchor = ListeningTestPlan.midAnchor
  /// Of the intervals, as a share.
  public var level = 0.95
  /// Of the resamples behind the intervals.
  public var seed: UInt64 = 0

  /// The analysis of a file.
  public init(of path: String) { self.path = path }

  /// Reads, screens and summarises.
  ///
  /// - Parameter monitor: hears of rules that cannot be applied.
  /// - Throws: `DataError` for a file that is none of webMUSHRA's, ``WorkflowError`` where it lacks the anchor or
  ///   the reference that a rule needs, or where fewer than two listeners are left.
  public func run(monitor: some WorkMonitor = QuietMonitor()) throws -> ListeningReport {
    let ratings = try ListeningResults.read(path, listenerColumn: listenerColumn)
    guard ratings.listeners.count > 1 else {
      throw WorkflowError(
        .wrongContents, "\(path) has one listener alone, whom nobody can be compared with: wait for others.")
    }
    guard ratings.stimuli.count > 1 else {
      throw WorkflowError(
        .wrongContents, "\(path) has ratings of \(ratings.stimuli[0]) alone: there is nothing to compare.")
    }
    let screening = ListenerScreening(of: ratings, by: rules, roles: try roles(in: ratings, monitor))
    let kept = ratings.keeping(screening.kept)
    guard kept.listeners.count > 1 else {
      throw WorkflowError(
        .tooFewListeners,
        "Screening leaves \(kept.listeners.count) of the \(ratings.listeners.count) listeners of \(path), and a "
          + "comparison needs two: wait for others, or do without rules.")
    }
    return ListeningReport(
      ratings, screening, try ListeningSummary(of: kept, level: level, seed: seed), rules: rules, level: level)
  }

  private var rules: ListenerScreening.Rules {
    appliesPaperRules ? (appliesRecommendation ? .both : .paper) : (appliesRecommendation ? .bs1534 : .none)
  }

  /// The stimuli that rules look at, if they are there; those that a rule needs must be.
  private func roles(in ratings: ListeningRatings, _ monitor: some WorkMonitor) throws -> ListenerScreening.Roles {
    func present(_ name: String, isNeeded: Bool, _ role: String) throws -> String? {
      if ratings.stimuli.contains(name) { return name }
      guard isNeeded else { return nil }
      throw WorkflowError(
        .missingRole,
        "\(path) has no ratings of \(name), the \(role) of the rules for listeners: name another of "
          + "\(ratings.stimuli.joined(separator: ", ")), or do without these rules.")
    }
    let roles = ListenerScreening.Roles(
      anchor: try present(anchor, isNeeded: appliesPaperRules, "anchor"),
      reference: try present(reference, isNeeded: appliesRecommendation, "hidden reference"),
      midAnchor: try present(midAnchor, isNeeded: false, "mid-range anchor"))
    if appliesRecommendation, roles.midAnchor == nil {
      monitor.message(
        "\(path) has no ratings of \(midAnchor): the rule of BS.1534 about the mid-range anchor is left out.")
    }
    return roles
  }
}
