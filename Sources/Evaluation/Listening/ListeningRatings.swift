/// What a listener gave a stimulus in a trial of a listening test.
public struct ListeningRating: Sendable, Hashable {
  /// Whoever listened, by the name of the session.
  public let listener: String
  /// The page of the test.
  public let trial: String
  /// The method, the anchor or the hidden reference.
  public let stimulus: String
  /// From 0, bad, to 100, excellent.
  public let score: Double

  public init(listener: String, trial: String, stimulus: String, score: Double) {
    self.listener = listener
    self.trial = trial
    self.stimulus = stimulus
    self.score = score
  }
}

/// The ratings of a listening test.
public struct ListeningRatings: Sendable, Hashable {
  /// Every rating, in the order given.
  public let ratings: [ListeningRating]
  /// Whoever listened, in the order of their first ratings.
  public let listeners: [String]
  /// The pages, sorted.
  public let trials: [String]
  /// What was rated, sorted.
  public let stimuli: [String]
  /// Scores by listener and stimulus.
  private let scores: [String: [String: [Double]]]

  /// - Parameter ratings: of each listener, trial and stimulus one at most; finite.
  public init(_ ratings: [ListeningRating]) {
    self.ratings = ratings
    var seen = Set<String>()
    listeners = ratings.map(\.listener).filter { seen.insert($0).inserted }
    trials = Set(ratings.map(\.trial)).sorted()
    stimuli = Set(ratings.map(\.stimulus)).sorted()
    var scores: [String: [String: [Double]]] = [:]
    for rating in ratings {
      scores[rating.listener, default: [:]][rating.stimulus, default: []].append(rating.score)
    }
    self.scores = scores
  }

  /// What a listener gave a stimulus, one score a trial; empty where there is none.
  public func scores(by listener: String, of stimulus: String) -> [Double] { scores[listener]?[stimulus] ?? [] }

  /// The mean of ``scores(by:of:)``; nil where there is none.
  public func mean(by listener: String, of stimulus: String) -> Double? {
    let scores = scores(by: listener, of: stimulus)
    return scores.isEmpty ? nil : scores.reduce(0, +) / Double(scores.count)
  }

  /// The ratings of some listeners alone.
  public func keeping(_ listeners: some Sequence<String>) -> ListeningRatings {
    let kept = Set(listeners)
    return ListeningRatings(ratings.filter { kept.contains($0.listener) })
  }
}
