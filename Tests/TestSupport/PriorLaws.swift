import Foundation
public import NumericCore
public import PriorKit
public import Testing

/// Every law of a density family, on one instance of it: the entry for all families of priors.
///
/// - The score is the gradient of the log density, and the batch has the same log densities.
/// - Marginals of one and of two coordinates integrate to 1.
/// - Draws have the mean and, where it is given, the covariance claimed, and the quantiles of the marginals.
/// - Marginal times conditional is the joint, whatever the order of the coordinates.
/// - The archive gives the same density, score and draws to the last bit, through ``DensityFamilies`` too if
///   the family is registered.
///
/// - Parameters:
///   - covariance: that of the density, where it has one and it is known.
///   - isRegistered: whether prior files hold the family.
///   - draws: for moments and quantiles; the tolerances follow from it.
public func checkPrior(
  _ density: some Density, covariance: Matrix? = nil, hasMean: Bool = true, hasConditional: Bool = true,
  isRegistered: Bool = true, draws: Int = 20_000, deviations: Double = 5, scoreTolerance: Double = 1e-6,
  integralTolerance: Double = 1e-6, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let subject = DensityUnderTest(of: density)
  var source = RandomSource(seed: 31)
  let points = Matrix(rows: (0..<draws).map { _ in density.sample(using: &source) })

  checkScore(subject, tolerance: scoreTolerance, sourceLocation: sourceLocation)
  checkBatch(density, points: points, sourceLocation: sourceLocation)
  if let covariance {
    try checkMoments(
      subject, mean: density.mean, covariance: covariance, draws: draws, deviations: deviations,
      sourceLocation: sourceLocation)
  } else if hasMean {
    checkMean(density, points: points, deviations: deviations, sourceLocation: sourceLocation)
  }
  try checkMarginals(density, points: points, tolerance: integralTolerance, sourceLocation: sourceLocation)
  if density.dimension > 1 {
    try checkParts(density, points: points, hasConditional: hasConditional, sourceLocation: sourceLocation)
  }
  try checkArchive(density, points: points, isRegistered: isRegistered, sourceLocation: sourceLocation)
}

extension DensityUnderTest {
  public init(of density: some Density) {
    self.init(
      dimension: density.dimension, logDensityAndScore: { density.logDensity(at: $0, gradient: &$1) },
      sample: { density.sample(using: &$0) })
  }
}

// MARK: - Values

private func checkBatch(_ density: some Density, points: Matrix, sourceLocation: SourceLocation) {
  let few = points.selecting(rows: Array(0..<min(20, points.rows)))
  let batch = density.logDensities(ofRows: few)
  #expect(batch.count == few.rows, sourceLocation: sourceLocation)
  for (row, value) in batch.enumerated() {
    let single = density.logDensity(at: few.row(row))
    #expect(
      (value - single).magnitude <= 1e-10 * (1 + single.magnitude), "batch \(value), one by one \(single)",
      sourceLocation: sourceLocation)
  }
}

/// Means of draws against the claim, in standard errors of the draws themselves.
private func checkMean(_ density: some Density, points: Matrix, deviations: Double, sourceLocation: SourceLocation)
{
  for (column, claimed) in density.mean.enumerated() {
    let values = points.column(column)
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    #expect(
      (mean - claimed).magnitude <= deviations * (variance / Double(values.count)).squareRoot(),
      "mean \(column): \(mean) against \(claimed)", sourceLocation: sourceLocation)
  }
}

// MARK: - Marginals

/// Integrals of one- and two-dimensional marginals, and quantiles of draws against those of the former.
private func checkMarginals(
  _ density: some Density, points: Matrix, tolerance: Double, sourceLocation: SourceLocation
) throws {
  let quadratures = (0..<density.dimension).map { RealLineQuadrature(draws: points.column($0)) }
  let first = Array(0..<min(3, density.dimension))
  for column in first {
    let marginal = try density.marginal(over: [column])
    let (integral, statistic) = quadratures[column].integralAndKolmogorovStatistic(
      of: { marginal.logDensity(at: [$0]) }, draws: points.column(column))
    #expect(
      (integral - 1).magnitude <= tolerance, "marginal \(column) integrates to \(integral)",
      sourceLocation: sourceLocation)
    // Kolmogorov's limit law: exceeded once in 10^5 by the draws of the density itself.
    #expect(
      statistic * Double(points.rows).squareRoot() <= 2.5,
      "draws of coordinate \(column) are \(statistic) from their distribution function",
      sourceLocation: sourceLocation)
  }
  guard density.dimension > 1 else { return }
  let pair = try density.marginal(over: [1, 0])
  let integral = quadratures[1].nodes.reduce(0) { sum, outer in
    sum + outer.weight
      * quadratures[0].nodes.reduce(0) { $0 + $1.weight * exp(pair.logDensity(at: [outer.x, $1.x])) }
  }
  #expect(
    (integral - 1).magnitude <= 10 * tolerance, "the marginal of two coordinates integrates to \(integral)",
    sourceLocation: sourceLocation)
}

// MARK: - Parts

private func checkParts(
  _ density: some Density, points: Matrix, hasConditional: Bool, sourceLocation: SourceLocation
) throws {
  let all = Array(0..<density.dimension)
  let reversed = try density.marginal(over: all.reversed())
  let given = all.filter { $0 % 2 == 1 }
  let remaining = all.filter { $0 % 2 == 0 }
  let marginal = try density.marginal(over: given)
  for row in 0..<min(5, points.rows) {
    let point = points.row(row)
    let joint = density.logDensity(at: point)
    let tolerance = 1e-8 * (1 + joint.magnitude)
    let turned = reversed.logDensity(at: point.reversed())
    #expect(
      (turned - joint).magnitude <= tolerance, "coordinates reversed: \(turned) against \(joint)",
      sourceLocation: sourceLocation)
    guard hasConditional else { continue }
    let values = given.map { point[$0] }
    let conditional = try density.conditional(given: given, values: values)
    let product = marginal.logDensity(at: values) + conditional.logDensity(at: remaining.map { point[$0] })
    #expect(
      (product - joint).magnitude <= tolerance, "marginal times conditional: \(product) against \(joint)",
      sourceLocation: sourceLocation)
  }
}

// MARK: - Archive

private func checkArchive<Family: Density>(
  _ density: Family, points: Matrix, isRegistered: Bool, sourceLocation: SourceLocation
) throws {
  var archive = DensityArchive()
  density.encode(into: &archive)
  var copies: [any Density] = [try Family(from: archive)]
  if isRegistered {
    let decoded = try DensityFamilies.decode(Family.family, from: archive)
    copies.append(try #require(decoded, "\(Family.family) is not registered", sourceLocation: sourceLocation))
  }
  for copy in copies {
    #expect(
      copy.dimension == density.dimension && copy.mean == density.mean, "moments after the archive",
      sourceLocation: sourceLocation)
    var again = DensityArchive()
    copy.encode(into: &again)
    #expect(again == archive, "the archive of the copy differs", sourceLocation: sourceLocation)
    for row in 0..<min(5, points.rows) {
      var scores = [[Double]](repeating: Array(repeating: 0, count: density.dimension), count: 2)
      let value = density.logDensity(at: points.row(row), gradient: &scores[0])
      let copied = copy.logDensity(at: points.row(row), gradient: &scores[1])
      #expect(
        value == copied && scores[0] == scores[1], "log density \(value) and \(copied) after the archive",
        sourceLocation: sourceLocation)
    }
    var sources = [RandomSource(seed: 5), RandomSource(seed: 5)]
    #expect(
      density.sample(using: &sources[0]) == copy.sample(using: &sources[1]), "draws after the archive",
      sourceLocation: sourceLocation)
  }
}
