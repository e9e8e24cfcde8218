public import Distributions
import Foundation
public import NumericCore
public import Testing

/// Every law of a density family, on one instance of it: the entry for all families of priors.
///
/// - The score is the gradient of the log density, and the batch has the same log densities.
/// - Marginals of one and of two coordinates integrate to 1, and so does the joint, by importance weights of its
///   draws.
/// - Draws have the mean and, where it is given, the covariance claimed, the quantiles of the marginals, and the
///   dependence of the first pair of coordinates (a covariance of bounded functions, which heavy tails have too).
/// - Marginal times conditional is the joint, whatever the order of the coordinates.
/// - The archive gives the same density, score and draws to the last bit, through ``DistributionFamilies`` too if
///   the family is registered.
///
/// - Parameters:
///   - covariance: that of the density, where it has one and it is known.
///   - units: groups of coordinates that marginals and conditionals keep whole; by default each for itself.
///   - isRegistered: whether prior files hold the family.
///   - draws: for moments and quantiles; the tolerances follow from it.
public func checkPrior(
  _ distribution: some Distribution, covariance: Matrix? = nil, hasMean: Bool = true, hasConditional: Bool = true,
  units: [[Int]]? = nil, isRegistered: Bool = true, draws: Int = 20_000, deviations: Double = 5,
  scoreTolerance: Double = 1e-6, scoreStep: Double = 1e-3, integralTolerance: Double = 1e-6,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let units = units ?? (0..<distribution.dimension).map { [$0] }
  let subject = DensityUnderTest(of: distribution)
  var source = RandomSource(seed: 31)
  let points = Matrix(rows: (0..<draws).map { _ in distribution.sample(using: &source) })

  checkScore(subject, tolerance: scoreTolerance, step: scoreStep, sourceLocation: sourceLocation)
  checkBatch(distribution, points: points, sourceLocation: sourceLocation)
  if let covariance {
    try checkMoments(
      subject, mean: distribution.mean, covariance: covariance, draws: draws, deviations: deviations,
      sourceLocation: sourceLocation)
  } else if hasMean {
    checkMean(distribution, points: points, deviations: deviations, sourceLocation: sourceLocation)
  }
  try checkNormalisation(distribution, points: points, deviations: deviations, sourceLocation: sourceLocation)
  let singles = units.filter { $0.count == 1 }.map { $0[0] }
  try checkMarginals(
    distribution, over: singles, points: points, tolerance: integralTolerance, sourceLocation: sourceLocation)
  if singles.count > 1 {
    try checkPair(
      distribution, singles[1], singles[0], points: points, tolerance: 10 * integralTolerance,
      deviations: deviations,
      sourceLocation: sourceLocation)
  }
  if units.count > 1 {
    try checkParts(
      distribution, units: units, points: points, hasConditional: hasConditional, sourceLocation: sourceLocation)
  }
  try checkArchive(distribution, points: points, isRegistered: isRegistered, sourceLocation: sourceLocation)
}

extension DensityUnderTest {
  public init(of distribution: some Distribution) {
    self.init(
      dimension: distribution.dimension, logDensityAndScore: { distribution.logDensity(at: $0, score: &$1) },
      sample: { distribution.sample(using: &$0) })
  }
}

// MARK: - Values

private func checkBatch(_ distribution: some Distribution, points: Matrix, sourceLocation: SourceLocation) {
  let few = points.selecting(rows: Array(0..<min(20, points.rows)))
  let batch = distribution.logDensities(ofRows: few)
  #expect(batch.count == few.rows, sourceLocation: sourceLocation)
  for (row, value) in batch.enumerated() {
    let single = distribution.logDensity(at: few.row(row))
    #expect(
      (value - single).magnitude <= 1e-10 * (1 + single.magnitude), "batch \(value), one by one \(single)",
      sourceLocation: sourceLocation)
  }
}

/// Means of draws against the claim, in standard errors of the draws themselves.
private func checkMean(
  _ distribution: some Distribution, points: Matrix, deviations: Double, sourceLocation: SourceLocation
) {
  for (column, claimed) in distribution.mean.enumerated() {
    let values = points.column(column)
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    #expect(
      (mean - claimed).magnitude <= deviations * (variance / Double(values.count)).squareRoot(),
      "mean \(column): \(mean) against \(claimed)", sourceLocation: sourceLocation)
  }
}

// MARK: - Integrals

/// E_p[q / p] = 1 for a normal q inside p: the joint integrates to 1 and its draws are its own.
private func checkNormalisation(
  _ distribution: some Distribution, points: Matrix, deviations: Double, sourceLocation: SourceLocation
) throws {
  // Centre and widths by quantiles, which far draws do not move.
  let columns = (0..<points.columns).map { points.column($0).sorted() }
  let centre = columns.map { $0[$0.count / 2] }
  let widths = columns.map { max(0.5 * ($0[$0.count * 3 / 4] - $0[$0.count / 4]), 1e-12) }
  let normal = try MultivariateNormal(
    mean: centre, covariance: .diagonal(widths.map { 0.25 * $0 * $0 }))
  let ratios = (0..<points.rows).map { row in
    exp(normal.logDensity(at: points.row(row)) - distribution.logDensity(at: points.row(row)))
  }
  let (mean, error) = meanAndError(ratios)
  #expect(
    (mean - 1).magnitude <= deviations * error, "the joint integrates to 1 / \(mean), with an error of \(error)",
    sourceLocation: sourceLocation)
}

private func meanAndError(_ values: [Double]) -> (mean: Double, error: Double) {
  let count = Double(values.count)
  let mean = values.reduce(0, +) / count
  let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
  return (mean, (variance / count).squareRoot())
}

/// Integrals of one-dimensional marginals, and quantiles of draws against theirs.
private func checkMarginals(
  _ distribution: some Distribution, over columns: [Int], points: Matrix, tolerance: Double,
  sourceLocation: SourceLocation
) throws {
  for column in columns.prefix(3) {
    let marginal = try distribution.marginalDistribution(over: [column])
    let draws = points.column(column)
    let (integral, statistic) = RealLineQuadrature(draws: draws).integralAndKolmogorovStatistic(
      of: { marginal.logDensity(at: [$0]) }, draws: draws)
    #expect(
      (integral - 1).magnitude <= tolerance, "marginal \(column) integrates to \(integral)",
      sourceLocation: sourceLocation)
    // Kolmogorov's limit law: exceeded once in 10^5 by the draws of the density itself.
    #expect(
      statistic * Double(points.rows).squareRoot() <= 2.5,
      "draws of coordinate \(column) are \(statistic) from their distribution function",
      sourceLocation: sourceLocation)
  }
}

/// The integral of a two-dimensional marginal, and the dependence in it against that of draws.
private func checkPair(
  _ distribution: some Distribution, _ outer: Int, _ inner: Int, points: Matrix, tolerance: Double,
  deviations: Double,
  sourceLocation: SourceLocation
) throws {
  let pair = try distribution.marginalDistribution(over: [outer, inner])
  let axes = [outer, inner].map { BoundedAxis(draws: points.column($0)) }
  var (integral, product) = (0.0, 0.0)
  for first in axes[0].nodes {
    for second in axes[1].nodes {
      let mass = first.weight * second.weight * exp(pair.logDensity(at: [first.x, second.x]))
      integral += mass
      product += mass * first.value * second.value
    }
  }
  #expect(
    (integral - 1).magnitude <= tolerance, "the marginal of two coordinates integrates to \(integral)",
    sourceLocation: sourceLocation)
  let (mean, error) = meanAndError(
    (0..<points.rows).map { axes[0].value(points[$0, outer]) * axes[1].value(points[$0, inner]) })
  #expect(
    (mean - product).magnitude <= deviations * error,
    "draws of coordinates \(outer) and \(inner) depend by \(mean), their density by \(product)",
    sourceLocation: sourceLocation)
}

/// A coordinate with a bounded increasing function of it, tanh of its distance from the median in half
/// interquartile ranges.
private struct BoundedAxis {
  private let centre: Double
  private let scale: Double
  private(set) var nodes: [(x: Double, weight: Double, value: Double)] = []

  init(draws: [Double]) {
    let sorted = draws.sorted()
    centre = sorted[sorted.count / 2]
    scale = max((sorted[sorted.count * 3 / 4] - sorted[sorted.count / 4]) / 2, 1e-12)
    nodes = RealLineQuadrature(draws: draws).nodes.map { ($0.x, $0.weight, value($0.x)) }
  }

  func value(_ x: Double) -> Double { tanh((x - centre) / scale) }
}

// MARK: - Parts

private func checkParts(
  _ distribution: some Distribution, units: [[Int]], points: Matrix, hasConditional: Bool,
  sourceLocation: SourceLocation
) throws {
  let all = Array(0..<distribution.dimension)
  let reversed = try distribution.marginalDistribution(over: all.reversed())
  let given = units.indices.filter { $0 % 2 == 1 }.flatMap { units[$0] }.sorted()
  let remaining = all.filter { !given.contains($0) }
  let marginal = try distribution.marginalDistribution(over: given)
  for row in 0..<min(5, points.rows) {
    let point = points.row(row)
    let joint = distribution.logDensity(at: point)
    let tolerance = 1e-8 * (1 + joint.magnitude)
    let turned = reversed.logDensity(at: point.reversed())
    #expect(
      (turned - joint).magnitude <= tolerance, "coordinates reversed: \(turned) against \(joint)",
      sourceLocation: sourceLocation)
    guard hasConditional else { continue }
    let values = given.map { point[$0] }
    let conditional = try distribution.conditionalDistribution(given: given, values: values)
    let product = marginal.logDensity(at: values) + conditional.logDensity(at: remaining.map { point[$0] })
    #expect(
      (product - joint).magnitude <= tolerance, "marginal times conditional: \(product) against \(joint)",
      sourceLocation: sourceLocation)
  }
}

// MARK: - Archive

private func checkArchive<Family: Distribution>(
  _ distribution: Family, points: Matrix, isRegistered: Bool, sourceLocation: SourceLocation
) throws {
  var archive = DistributionArchive()
  distribution.encode(into: &archive)
  let families = isRegistered ? DistributionFamilies.standard : .standard.adding(Family.self)
  let decoded = try families.decode(Family.family, from: archive)
  for copy in [try #require(decoded, "\(Family.family) is not registered", sourceLocation: sourceLocation)] {
    #expect(
      copy.dimension == distribution.dimension && copy.mean == distribution.mean, "moments after the archive",
      sourceLocation: sourceLocation)
    var again = DistributionArchive()
    copy.encode(into: &again)
    #expect(again == archive, "the archive of the copy differs", sourceLocation: sourceLocation)
    for row in 0..<min(5, points.rows) {
      var scores = [[Double]](repeating: Array(repeating: 0, count: distribution.dimension), count: 2)
      let value = distribution.logDensity(at: points.row(row), score: &scores[0])
      let copied = copy.logDensity(at: points.row(row), score: &scores[1])
      #expect(
        value == copied && scores[0] == scores[1], "log density \(value) and \(copied) after the archive",
        sourceLocation: sourceLocation)
    }
    var sources = [RandomSource(seed: 5), RandomSource(seed: 5)]
    #expect(
      distribution.sample(using: &sources[0]) == copy.sample(using: &sources[1]), "draws after the archive",
      sourceLocation: sourceLocation)
  }
}
