import Distributions
import Foundation
public import NumericCore

/// How far a conditional prior has to be spread about its mean for its regions of highest density to hold as many
/// presets of a test as they say.
///
/// For each pair the smallest factor is found at which the 90 % region holds the truth; the factor is the 90 %
/// quantile of these, with the correction of split conformal prediction for few pairs (Vovk, Gammerman
/// and Shafer, "Algorithmic learning in a random world", 2005): a further pair like these is then inside with at
/// least that probability.
public struct RegionWidening: Sendable {
  /// What ``ConditionalPrior/spread`` becomes.
  public let spread: Double

  /// Factors are looked for within this range.
  private static let range = 1e-2...1e3

  /// - Parameters:
  ///   - prior: the conditional prior; its own spread is multiplied.
  ///   - parameters: the truths, logits [N, D].
  ///   - features: what they are to be inferred from [N, F].
  ///   - draws: draws per pair that the regions are told by.
  ///   - seed: of the draws; pair i has stream i of it.
  ///   - threads: most threads to use; the result does not depend on their number.
  ///   - progress: called after each pair, one at a time; what it throws ends the work.
  /// - Throws: what ``ConditionalPrior/prior(given:)`` throws.
  public init(
    of prior: ConditionalPrior, parameters: Matrix, features: Matrix, draws: Int, seed: UInt64, threads: Int,
    progress: @escaping @Sendable () throws -> Void = {}
  ) throws {
    precondition(parameters.rows == features.rows && parameters.rows > 0, "\(parameters.rows) pairs")
    precondition(draws > 0, "\(draws) draws")
    let level = CalibrationVerdict.level
    nonisolated(unsafe) var factors: [Double] = []
    try ParallelBlocks.runInOrder(count: parameters.rows, threads: threads) {
      1.0
    } process: { row, factor in
      var source = RandomSource(seed: seed, stream: UInt64(row))
      let posterior = try prior.prior(given: features.row(row))
      let points = Matrix(rows: (0..<draws).map { _ in posterior.sample(using: &source) })
      let densities = posterior.logDensities(ofRows: points).sorted(by: >)
      factor = Self.factor(
        of: posterior, holding: parameters.row(row), above: densities[Self.position(of: level, among: draws)])
    } deliver: { _, factor in
      factors.append(factor)
      try progress()
    }
    factors.sort()
    spread = prior.spread * factors[Self.position(of: level, among: factors.count)]
  }

  /// Of the quantile among sorted values, so that a further one lies below it with at least this probability.
  private static func position(of level: Double, among count: Int) -> Int {
    min(Int((level * Double(count + 1)).rounded(.up)), count) - 1
  }

  /// The smallest factor about the mean at which a region of highest density holds a point.
  private static func factor(of posterior: Prior, holding truth: [Double], above density: Double) -> Double {
    let mean = posterior.mean
    func isHeld(_ factor: Double) -> Bool {
      posterior.logDensity(at: truth.spread(about: mean, by: 1 / factor)) >= density
    }
    // By halving in the logarithm: the density falls along the way out from the mean.
    var (low, high) = (log(range.lowerBound), log(range.upperBound))
    while high - low > 1e-4 {
      let middle = (low + high) / 2
      if isHeld(exp(middle)) { high = middle } else { low = middle }
    }
    return exp(high)
  }
}
