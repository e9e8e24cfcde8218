import Evaluation
import Statistics

/// What a listening test says. The property names are the keys of the command's JSON.
public struct ListeningReport: Encodable, Sendable, Hashable {
  /// Whoever listened, and what screening found. A number is nil where there is nothing to compute it from.
  public struct Listener: Encodable, Sendable, Hashable {
    /// As the results name the listener.
    public let name: String
    /// Why the ratings are left out; nil for those that count.
    public let fault: String?
    /// The share of pages on which the anchor has less than 20.
    public let lowAnchorShare: Double?
    /// The standard deviation of the anchor over pages, with the divisor n - 1.
    public let anchorDeviation: Double?
    /// The mean over the other stimuli of their standard deviations.
    public let otherDeviation: Double?
    /// The share of pages on which the hidden reference has less than 90.
    public let lowReferenceShare: Double?
    /// The share of pages on which the mid-range anchor has more than 90.
    public let highMidAnchorShare: Double?
  }

  /// A stimulus by the means of the listeners that count.
  public struct Stimulus: Encodable, Sendable, Hashable {
    /// As the results name it.
    public let name: String
    /// Of the listeners' means.
    public let median: Double
    /// The ends of the bootstrap interval of the median.
    public let medianInterval: [Double]
    /// The first and third quartile of the listeners' means.
    public let quartiles: [Double]
    /// Of the listeners' means.
    public let mean: Double
    /// A number per listener that counts, in the order of the listeners.
    public let listenerMeans: [Double]
  }

  /// Two stimuli, compared over listeners.
  public struct Pair: Encodable, Sendable, Hashable {
    /// The one with the higher median.
    public let first: String
    /// The other.
    public let second: String
    /// The median over listeners of first minus second.
    public let medianDifference: Double
    /// The ends of its bootstrap interval.
    public let differenceInterval: [Double]
    /// The matched-pairs rank-biserial correlation.
    public let rankBiserial: Double
    /// The two-sided p-value of Wilcoxon's signed-rank test.
    public let pValue: Double
    /// Whether it is exact.
    public let isExact: Bool
    /// The p-value after Holm's correction over all pairs.
    public let holmPValue: Double
  }

  /// The rules of screening: paper, bs1534, both or none.
  public let screening: String
  /// Pages, without those for practice.
  public let trials: Int
  /// What the intervals hold, as a share.
  public let level: Double
  /// All, in the order of the results.
  public let listeners: [Listener]
  /// By their medians, highest first.
  public let stimuli: [Stimulus]
  /// Each stimulus with those after it.
  public let pairs: [Pair]

  /// How many listeners count.
  public var keptCount: Int { listeners.count { $0.fault == nil } }

  /// A line per listener and stimulus: the mean over pages, and why it does not count.
  public let meansText: String

  private enum CodingKeys: CodingKey { case screening, trials, level, listeners, stimuli, pairs }

  init(
    _ ratings: ListeningRatings, _ screening: ListenerScreening, _ summary: ListeningSummary,
    rules: ListenerScreening.Rules, level: Double
  ) {
    self.screening = rules.rawValue
    self.level = level
    trials = ratings.trials.count
    listeners = screening.listeners.map {
      Listener(
        name: $0.name, fault: $0.fault?.rawValue, lowAnchorShare: $0.lowAnchorShare,
        anchorDeviation: $0.anchorDeviation, otherDeviation: $0.otherDeviation,
        lowReferenceShare: $0.lowReferenceShare, highMidAnchorShare: $0.highMidAnchorShare)
    }
    stimuli = summary.stimuli.map {
      Stimulus(
        name: $0.name, median: $0.median, medianInterval: [$0.interval.lowerBound, $0.interval.upperBound],
        quartiles: [$0.quartiles.lowerBound, $0.quartiles.upperBound], mean: $0.mean,
        listenerMeans: $0.listenerMeans)
    }
    pairs = summary.pairs.map {
      Pair(
        first: $0.first, second: $0.second, medianDifference: $0.medianDifference,
        differenceInterval: [$0.interval.lowerBound, $0.interval.upperBound], rankBiserial: $0.test.rankBiserial,
        pValue: $0.test.pValue, isExact: $0.test.isExact, holmPValue: $0.adjustedPValue)
    }
    var text = "listener,stimulus,trials,mean,fault\n"
    for listener in screening.listeners {
      for stimulus in ratings.stimuli {
        guard let mean = ratings.mean(by: listener.name, of: stimulus) else { continue }
        let count = ratings.scores(by: listener.name, of: stimulus).count
        let fields = [listener.name, stimulus, "\(count)", NumberText.full(mean), listener.fault?.rawValue ?? ""]
        text += fields.map(CSVText.field).joined(separator: ",") + "\n"
      }
    }
    meansText = text
  }
}
