public import FXParams
import Inference
import PriorKit

/// A style transfer under a prior of presets of varying shape: the most probable patterns are optimised one after
/// another, each over the chain that it leaves, and the best is kept.
///
/// Patterns are told apart by the log-likelihood of what was found plus alpha times its preference
/// (`Prior.preference(for:at:)`), which is the same measure whatever the number of parameters.
public struct PatternTransfer: Sendable {
  /// The transfer of complete presets; its prior knows patterns.
  public var transfer: StyleTransfer
  /// Most patterns that are tried.
  public var limit: Int
  /// The share of all presets from which on no further pattern is tried.
  public var coverage = 0.95

  /// One pattern that was tried.
  public struct Trial: Sendable {
    /// In canonical form.
    public let pattern: ChainPattern
    /// Under the prior.
    public let probability: Double
    /// Log-likelihood plus alpha times the preference, in nats; the highest is the best.
    public let merit: Double
    /// Of the best point, in nats.
    public let logLikelihood: Double
    /// Evaluations that were made from the start that won.
    public let stepCount: Int
  }

  /// What was found.
  public struct Outcome: Sendable {
    /// Of the pattern that won, over its chain; its presets are of the whole chain.
    public let result: TransferResult
    /// The problem that it solves.
    public let problem: StyleProblem
    /// In the order in which they were tried, the most probable first.
    public let trials: [Trial]
    /// States that were kept: as many starts in all.
    public let stateCount: Int
  }

  /// - Precondition: a positive limit.
  public init(_ transfer: StyleTransfer, limit: Int) {
    precondition(limit > 0, "No pattern to try")
    (self.transfer, self.limit) = (transfer, limit)
  }

  /// The patterns that are tried: the most probable, until they cover ``coverage``.
  ///
  /// - Throws: `PatternError.oneShape` for a prior that knows no patterns.
  public func candidates() throws -> [(pattern: ChainPattern, probability: Double)] {
    guard let patterns = transfer.problem.prior.patterns else { throw PatternError.oneShape }
    var covered = 0.0
    var chosen: [(ChainPattern, Double)] = []
    for (pattern, probability) in zip(patterns.patterns, patterns.probabilities) {
      guard chosen.count < limit, covered < coverage, probability > 0 else { break }
      chosen.append((pattern, probability))
      covered += probability
    }
    return chosen
  }

  /// Tries the patterns and keeps the best; parameters and errors are those of
  /// ``StyleTransfer/run(states:monitor:)``, and those of `Prior.ofPattern(_:)`.
  public func run(
    states: TransferStates? = nil, monitor: some WorkMonitor = QuietMonitor()
  ) throws -> Outcome {
    let (prior, candidates) = (transfer.problem.prior, try candidates())
    var trials: [Trial] = []
    var best: (merit: Double, result: TransferResult, problem: StyleProblem)?
    for (index, (pattern, probability)) in candidates.enumerated() {
      let words = prior.chain.words(for: pattern)
      let share = NumberText.short(100 * probability, digits: 3)
      monitor.message("pattern \(index + 1) of \(candidates.count): \(words), \(share) % of presets")
      var own = transfer
      own.problem = try transfer.problem.replacing(prior: prior.ofPattern(pattern))
      let positions = prior.chain.variant(pattern).positions
      own.start = transfer.start.map { start in positions.map { start[$0] } }
      var result = try own.run(states: states?.numbered(from: index * transfer.starts, of: words), monitor: monitor)
      let merit =
        result.point.evaluation.logLikelihood
        + transfer.problem.settings.alpha * (try prior.preference(for: pattern, at: result.point.theta))
      trials.append(
        Trial(
          pattern: pattern, probability: probability, merit: merit,
          logLikelihood: result.point.evaluation.logLikelihood, stepCount: result.stepCount))
      guard best.map({ merit > $0.merit }) ?? true else { continue }
      result.whole = TransferResult.Whole(chain: prior.chain, pattern: pattern, positions: positions)
      best = (merit, result, own.problem)
    }
    guard let best else { throw PatternError.impossible }
    return Outcome(
      result: best.result, problem: best.problem, trials: trials, stateCount: candidates.count * transfer.starts)
  }
}
