import Foundation
public import NumericCore

/// A prior after a summary of a sound is known: p(theta) proportional to p_0(theta) p(u | theta) with a
/// ``SyntheticLikelihood``.
///
/// Its integral and its expected values are those of 16 384 draws of p_0, weighed by their likelihood; means hold
/// each coordinate of a draw within its 0.5 and 99.5 percentiles, and start from the mean of p_0. Draws are taken
/// from these, by weight (sampling importance resampling: Rubin 1988), so that some repeat. Marginals and
/// conditionals have no closed form.
///
/// Archive: `base/family` and p_0 under `base/density/`, the arrays of the likelihood under `likelihood/`,
/// `summary` [K].
public struct TiltedDistribution: Distribution {
  public static let family = "tilted"
  /// p_0.
  public let base: any Distribution
  /// Of the summary, given parameters.
  public let likelihood: SyntheticLikelihood
  /// u [K].
  public let summary: [Double]

  package let draws: BaseDraws
  /// Of the draws; they sum to 1.
  private let weights: [Double]
  private let cumulative: [Double]
  /// log of the integral of p_0 p(u | theta).
  private let logEvidence: Double
  /// The sum of weighted gradients of the log likelihood of draws with respect to u.
  let evidenceScore: [Double]

  /// - Throws: ``DistributionError/dimensionMismatch(what:expected:found:)`` if the parts do not fit each other.
  public init(_ base: any Distribution, likelihood: SyntheticLikelihood, summary: [Double]) throws {
    try self.init(WeighedDraws(BaseDraws(of: base), likelihood), summary: summary)
  }

  init(_ weighed: WeighedDraws, summary: [Double]) throws {
    let likelihood = weighed.likelihood
    try requireSize("likelihood", likelihood.dimension, weighed.draws.base.dimension)
    try requireSize("summary", summary.count, likelihood.summaryCount)
    (base, draws, self.likelihood, self.summary) = (weighed.draws.base, weighed.draws, likelihood, summary)
    let predictions = weighed.predictions
    let squares = Self.squaredDistances(of: summary, to: predictions)
    let logs = squares.map(likelihood.logDensity(squaredDistance:))
    let total = logSumExp(logs)
    guard total.isFinite else {
      throw DistributionError.notFinite(what: "likelihood of the sound", value: total)
    }
    logEvidence = total - log(Double(logs.count))
    weights = logs.map { exp($0 - total) }
    var sum = 0.0
    cumulative = weights.map { weight in
      sum += weight
      return sum
    }
    var score = [Double](repeating: 0, count: summary.count)
    for row in weights.indices {
      let pull = weights[row] * likelihood.pull(squaredDistance: squares[row])
      for column in score.indices { score[column] -= pull * (summary[column] - predictions[row, column]) }
    }
    evidenceScore = score
  }

  public var dimension: Int { base.dimension }
  public var pinnedPositions: [Int] { base.pinnedPositions }

  public var mean: [Double] {
    let held = draws.held
    let shifts = weights.map { $0 - 1 / Double(weights.count) }
    return zip(base.mean, held.transposed * shifts).map(+)
  }

  /// How many equally weighed draws tell as much (Kish): few where prior and sound contradict each other.
  public var effectiveDrawCount: Double { 1 / weights.reduce(0) { $0 + $1 * $1 } }

  // MARK: - Density

  public func logDensity(at point: [Double], score: inout [Double]) -> Double {
    let prior = base.logDensity(at: point, score: &score)
    return prior + likelihood.logDensity(of: summary, given: point, addingScoreTo: &score) - logEvidence
  }

  public func logDensities(ofRows points: Matrix) -> [Double] {
    let squares = Self.squaredDistances(of: summary, to: likelihood.predictions(of: points))
    return zip(base.logDensities(ofRows: points), squares).map { prior, square in
      prior + likelihood.logDensity(squaredDistance: square) - logEvidence
    }
  }

  /// Of a summary to each of some predictions [N, K]: one by one, as small ones matter.
  private static func squaredDistances(of summary: [Double], to predictions: Matrix) -> [Double] {
    (0..<predictions.rows).map { row in
      summary.indices.reduce(0) { sum, column in
        let rest = summary[column] - predictions[row, column]
        return sum + rest * rest
      }
    }
  }

  public func sample(using source: inout RandomSource) -> [Double] {
    let level = source.nextUniform() * (cumulative.last ?? 1)
    var (low, high) = (0, cumulative.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if cumulative[middle] > level { high = middle } else { low = middle + 1 }
    }
    return draws.draws.row(low)
  }

  // MARK: - Parts

  /// - Throws: ``DistributionError/noClosedForm(family:what:)``.
  public func marginalDistribution(over indices: [Int]) throws -> any Distribution {
    throw DistributionError.noClosedForm(family: Self.family, what: "marginal")
  }

  /// - Throws: ``DistributionError/noClosedForm(family:what:)``.
  public func conditionalDistribution(given indices: [Int], values: [Double]) throws -> any Distribution {
    throw DistributionError.noClosedForm(family: Self.family, what: "conditional")
  }

  // MARK: - Storage

  public var storedDistributions: [any Distribution] { [base] }

  public func encode(into archive: inout DistributionArchive) {
    archive.set(base, at: "base")
    var part = DistributionArchive()
    likelihood.encode(into: &part)
    archive.set(part, under: "likelihood")
    archive.set(summary, for: "summary")
  }

  /// - Throws: ``ArchiveError`` naming the array that is missing or unfit.
  public init(from archive: DistributionArchive) throws {
    let base = try archive.distribution(at: "base", as: (any Distribution).self)
    let likelihood = try SyntheticLikelihood(from: archive.part("likelihood"), dimension: base.dimension)
    try self.init(
      base, likelihood: likelihood, summary: archive.vector("summary", count: likelihood.summaryCount))
  }
}
