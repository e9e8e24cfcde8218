import NumericCore
public import PresetStore
public import PriorKit

/// Whether a conditional prior is as sure as it should be: ranks of the truth among its draws (arXiv 1804.06788),
/// and expected coverage (arXiv 2110.06581).
public struct CalibrationRun: Sendable {
  /// The prior to check.
  public var prior: ConditionalPrior
  /// Draws for each pair.
  public var draws = Self.usualDraws
  /// Of the draws: pair i has stream i of it.
  public var seed: UInt64 = 0
  /// Most threads to use; the result does not depend on them.
  public var threads = 1

  /// L, one less than a number with many divisors: ranks fall into equal bins.
  public static let usualDraws = 99
  /// The fewest pairs that a test of ranks makes sense of.
  public static let leastPairs = 20

  /// A check with the ``usualDraws`` for each pair.
  public init(of prior: ConditionalPrior) { self.prior = prior }

  /// Checks the prior on pairs that it was not fitted to.
  ///
  /// - Parameters:
  ///   - pairs: presets of the prior's chain with the features that the prior was fitted with.
  ///   - path: of the pairs, for errors.
  ///   - monitor: is told of every pair.
  /// - Throws: ``WorkflowError`` for fewer than ``leastPairs``, `ConditionalError` for other features,
  ///   ``InterruptedError``, and what the prior throws.
  public func run(
    on pairs: PresetCollection, path: String, monitor: some WorkMonitor = QuietMonitor()
  ) throws -> Calibration {
    let features = try features(of: pairs, path: path)
    return try run(count: pairs.count, monitor) { progress in
      try Calibration(
        of: prior, parameters: pairs.theta, features: features, draws: draws, seed: seed, threads: threads,
        progress: progress)
    }
  }

  /// Checks the prior on pairs that its joint distribution draws.
  ///
  /// - Parameters:
  ///   - count: how many pairs, at least ``leastPairs``.
  ///   - monitor: is told of every pair.
  /// - Throws: ``InterruptedError``, and what the prior throws.
  public func run(ownSimulations count: Int, monitor: some WorkMonitor = QuietMonitor()) throws -> Calibration {
    precondition(count >= Self.leastPairs, "A test of ranks with \(count) pairs")
    return try run(count: count, monitor) { progress in
      try Calibration(
        ofOwnSimulations: count, of: prior, draws: draws, seed: seed, threads: threads, progress: progress)
    }
  }

  /// The prior spread about its mean, so that 90 % regions hold 90 % of pairs like these.
  ///
  /// - Parameters, throws: as of ``run(on:path:monitor:)``.
  public func widened(
    on pairs: PresetCollection, path: String, monitor: some WorkMonitor = QuietMonitor()
  ) throws -> ConditionalPrior {
    let features = try features(of: pairs, path: path)
    var widened = prior
    widened.spread = try run(count: pairs.count, monitor) { progress in
      try RegionWidening(
        of: prior, parameters: pairs.theta, features: features, draws: draws, seed: seed, threads: threads,
        progress: progress)
    }.spread
    return widened
  }

  private func features(of pairs: PresetCollection, path: String) throws -> Matrix {
    let features = try pairs.features(matching: prior, path: path)
    guard pairs.count >= Self.leastPairs else {
      throw WorkflowError(
        .wrongContents,
        "\(path) has \(pairs.count) pairs but a test of ranks needs at least \(Self.leastPairs): add some.")
    }
    return features
  }

  private func run<Result>(
    count: Int, _ monitor: some WorkMonitor, _ body: (@escaping @Sendable () throws -> Void) throws -> Result
  ) throws -> Result {
    let progress = monitor.progress("calibrate", total: count)
    defer { progress.finish() }
    return try monitor.cancellable {
      try body {
        try monitor.requireNotCancelled()
        progress.advance()
      }
    }
  }
}
