import FXParams
import Foundation
public import NumericCore
import Statistics

/// The calibration of a conditional prior: the ranks of the true parameters among its draws.
///
/// If pairs (theta, features) come from the model, the rank of theta_i among L draws from p(theta_i | features) is
/// uniform on 0 ... L for every parameter (simulation-based calibration: Talts et al. 2018, arXiv 1804.06788), and
/// so is the share of draws that are less plausible than theta (expected coverage of regions of highest density:
/// Hermans et al. 2022, arXiv 2110.06581).
public struct Calibration: Sendable {
  /// In flat order: the columns of ``ranks``.
  public let parameterNames: [String]
  /// L.
  public let drawCount: Int
  /// Number of draws below the truth, [pairs][parameters].
  public let ranks: [[Int]]
  /// The share of draws that are more plausible than the truth, for each pair: the level of the smallest region of
  /// highest density that holds it.
  public let levels: [Double]
  /// The mean over parameters of the squared error of the conditional mean (PMSE), for each pair.
  public let squaredErrors: [Double]
  /// log p(truth | features) of each pair, in nats.
  public let logDensities: [Double]
  /// The truths [pairs, parameters].
  public let truths: Matrix

  // MARK: - Making

  /// Ranks of given pairs.
  ///
  /// - Parameters:
  ///   - prior: the conditional prior to check.
  ///   - parameters: the truths, logits [N, D].
  ///   - features: what they are to be inferred from [N, F].
  ///   - draws: L, the draws per pair, positive.
  ///   - seed: of the draws; pair i has stream i of it.
  ///   - threads: most threads to use; the result does not depend on their number.
  ///   - progress: called after each pair, one at a time; what it throws ends the work.
  /// - Throws: what ``ConditionalPrior/prior(given:)`` throws.
  public init(
    of prior: ConditionalPrior, parameters: Matrix, features: Matrix, draws: Int, seed: UInt64, threads: Int,
    progress: @escaping @Sendable () throws -> Void = {}
  ) throws {
    precondition(parameters.rows == features.rows && draws > 0, "\(parameters.rows) and \(features.rows) pairs")
    try self.init(prior, count: parameters.rows, draws: draws, seed: seed, threads: threads, progress: progress) {
      row, _ in
      (parameters.row(row), try prior.components(of: features.row(row)))
    }
  }

  /// Ranks of pairs that the fitted joint distribution draws itself: a check of its conditionals, whatever the
  /// data.
  public init(
    ofOwnSimulations count: Int, of prior: ConditionalPrior, draws: Int, seed: UInt64, threads: Int,
    progress: @escaping @Sendable () throws -> Void = {}
  ) throws {
    precondition(count > 0 && draws > 0, "\(count) pairs, \(draws) draws")
    try self.init(prior, count: count, draws: draws, seed: seed, threads: threads, progress: progress) {
      _, source in
      try prior.sampleJoint(using: &source)
    }
  }

  private init(
    _ prior: ConditionalPrior, count: Int, draws: Int, seed: UInt64, threads: Int,
    progress: @escaping @Sendable () throws -> Void,
    pair: @escaping @Sendable (Int, inout RandomSource) throws -> (parameters: [Double], components: [Double])
  ) throws {
    nonisolated(unsafe) var collected: [Pair] = []
    try ParallelBlocks.runInOrder(count: count, threads: threads) {
      Pair()
    } process: { row, result in
      var source = RandomSource(seed: seed, stream: UInt64(row))
      let (truth, components) = try pair(row, &source)
      let posterior = try prior.prior(givenComponents: components)
      let points = Matrix(rows: (0..<draws).map { _ in posterior.sample(using: &source) })
      let density = posterior.logDensity(at: truth)
      let more = Self.rank(of: -density, among: posterior.logDensities(ofRows: points).map { -$0 }, using: &source)
      let below = truth.indices.map { column in
        Self.rank(of: truth[column], among: points.column(column), using: &source)
      }
      result = Pair(
        truth: truth, ranks: below, level: Double(more) / Double(draws),
        squaredError: Self.squaredError(of: posterior.mean, truth), logDensity: density)
    } deliver: { _, result in
      // One at a time, in order.
      collected.append(result)
      try progress()
    }
    parameterNames = prior.space.names
    drawCount = draws
    ranks = collected.map(\.ranks)
    levels = collected.map(\.level)
    squaredErrors = collected.map(\.squaredError)
    logDensities = collected.map(\.logDensity)
    truths = Matrix(rows: collected.map(\.truth))
  }

  /// How many values are below, of equal ones a random number: draws of a finite number of points repeat.
  private static func rank(of truth: Double, among values: [Double], using source: inout RandomSource) -> Int {
    let equal = values.count { $0 == truth }
    return values.count { $0 < truth } + (equal > 0 ? Int.random(in: 0...equal, using: &source) : 0)
  }

  private struct Pair: Sendable {
    var truth: [Double] = []
    var ranks: [Int] = []
    var level = 0.0
    var squaredError = 0.0
    var logDensity = 0.0
  }

  /// The mean over parameters of the squared difference of a guess from a truth.
  static func squaredError(of guess: [Double], _ truth: [Double]) -> Double {
    zip(guess, truth).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / Double(truth.count)
  }

  // MARK: - Ranks

  /// p-value of a chi-squared test that the ranks of a parameter are uniform.
  ///
  /// Ranks fall into equal bins. Their number is the largest divisor of L + 1 that leaves 5 pairs per bin, at most
  /// 20.
  public func uniformity(ofParameter index: Int) -> (statistic: Double, probability: Double) {
    let bins = binCount
    let expected = Double(ranks.count) / Double(bins)
    var counts = [Double](repeating: 0, count: bins)
    for rank in ranks { counts[rank[index] * bins / (drawCount + 1)] += 1 }
    let statistic = counts.reduce(0) { $0 + ($1 - expected) * ($1 - expected) / expected }
    return (statistic, TailProbability.chiSquared(statistic, degreesOfFreedom: Double(bins - 1)))
  }

  /// Bins of the ranks, at least 2; see ``uniformity(ofParameter:)``.
  public var binCount: Int {
    let most = max(2, min(20, ranks.count / 5, drawCount + 1))
    return (2...most).reversed().first { (drawCount + 1) % $0 == 0 } ?? most
  }

  /// The share of parameters whose ranks pass the test at a level.
  public func passingShare(at level: Double = 0.01) -> Double {
    let passing = parameterNames.indices.count { uniformity(ofParameter: $0).probability >= level }
    return Double(passing) / Double(parameterNames.count)
  }

  /// Difference of the distribution function of a parameter's ranks from the uniform one, at the ends of the bins.
  public func rankDeviation(ofParameter index: Int) -> [Double] {
    let bins = binCount
    return (1...bins).map { bin in
      let below = ranks.count { $0[index] * bins / (drawCount + 1) < bin }
      return Double(below) / Double(ranks.count) - Double(bin) / Double(bins)
    }
  }

  // MARK: - Coverage

  /// The share of pairs whose truth lies in the region of highest density of a level: the level itself if
  /// calibrated.
  public func coverage(at level: Double) -> Double {
    Double(levels.count { $0 < level }) / Double(levels.count)
  }

  /// Standard error of the coverage at a level, if calibrated.
  public func coverageError(at level: Double) -> Double {
    (level * (1 - level) / Double(levels.count)).squareRoot()
  }
}
