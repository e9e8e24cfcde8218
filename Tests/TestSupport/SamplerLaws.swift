import Foundation
public import Inference
import NumericCore
public import Testing

// Laws that every sampler keeps. Chains start at exact draws of the target or of a joint distribution, independent of
// one another: after any number of transitions they must be such draws again, and as they are independent the tests
// have the false-failure rate that they name, whatever the sampler's autocorrelation.

/// The rate at which one of these checks would fail by chance: with the fixed seeds of the tests it does or does not.
public let samplerFalseFailureRate = 1e-6

/// The sampler leaves a density invariant: points after `steps` transitions from exact draws, and fresh exact draws, are
/// alike in every coordinate and in their log density by the two-sample Kolmogorov-Smirnov test.
///
/// - Parameter memory: what the sampler has learned; it must not depend on the chain.
public func checkInvariance<Method: Sampler>(
  of sampler: Method, memory: Method.Memory, on density: some SampledDensity, coordinates: WhiteCoordinates,
  chains: Int = 3000, steps: Int = 4, seed: UInt64 = 1, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let target = SamplingTarget(density, coordinates: coordinates)
  var found: [[Double]] = []
  var expected: [[Double]] = []
  for chain in 0..<chains {
    var source = RandomSource(seed: seed, stream: UInt64(chain))
    let start = density.sample(using: &source)
    var point = try target.point(at: coordinates.white(start), withGradient: sampler.usesGradient)
    var memory = memory
    for _ in 0..<steps {
      let statistics = try sampler.step(
        &point, memory: &memory, isWarmUp: false, target: target, source: &source)
      guard statistics.count == sampler.statisticNames.count, point.isPossible else {
        Issue.record("\(sampler.name): \(statistics) at \(point.position)", sourceLocation: sourceLocation)
        return
      }
    }
    found.append(coordinates.theta(point.position) + [point.value])
    let fresh = density.sample(using: &source)
    expected.append(fresh + [try density.value(at: fresh)])
  }
  expectEqualDistributions(
    found, expected, "\(sampler.name) on \(density.name)", sourceLocation: sourceLocation)
}

/// Kolmogorov-Smirnov on every column, at ``samplerFalseFailureRate`` for all of them together.
public func expectEqualDistributions(
  _ found: [[Double]], _ expected: [[Double]], _ comment: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let columns = found[0].count
  let rate = samplerFalseFailureRate / Double(columns)
  let size = Double(found.count * expected.count) / Double(found.count + expected.count)
  let limit = (-log(rate / 2) / 2).squareRoot() / size.squareRoot()
  for column in 0..<columns {
    let distance = kolmogorovDistance(found.map { $0[column] }, expected.map { $0[column] })
    #expect(
      distance <= limit, "\(comment), column \(column): KS \(distance), limit \(limit)",
      sourceLocation: sourceLocation)
  }
}

/// The largest difference between two empirical distribution functions.
public func kolmogorovDistance(_ first: [Double], _ second: [Double]) -> Double {
  let (a, b) = (first.sorted(), second.sorted())
  var (i, j, distance) = (0, 0, 0.0)
  while i < a.count, j < b.count {
    let value = min(a[i], b[j])
    while i < a.count, a[i] == value { i += 1 }
    while j < b.count, b[j] == value { j += 1 }
    distance = max(distance, (Double(i) / Double(a.count) - Double(j) / Double(b.count)).magnitude)
  }
  return distance
}

/// Long chains find a density from far away: means, variances and quartiles within `limit` Monte Carlo errors, estimated
/// from the means of batches.
public func checkErgodicAverages<Method: Sampler>(
  of sampler: Method, on density: some SampledDensity & Sendable, coordinates: WhiteCoordinates, warmUp: Int = 500,
  draws: Int = 2000, chains: Int = 4, limit: Double = 5.5, seed: UInt64 = 3,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let sampling = ChainSampling(
    sampler: sampler, chains: chains, warmUp: warmUp, draws: draws, seed: seed, threads: 1)
  let offset = density.variance.map { 2 * $0.squareRoot() }
  let histories = try sampling.run(
    coordinates: coordinates,
    start: { source in
      zip(density.mean, offset).map { mean, width in mean + (source.nextUniform() < 0.5 ? -width : width) }
    }, makeDensity: { density })
  let points = histories.map { $0.draws(warmUp..<warmUp + draws, coordinates: coordinates).logits }
  // Quartiles of the exact distribution by its own draws, many enough for their error not to count.
  var source = RandomSource(seed: seed, stream: 99)
  let exact = (0..<100_000).map { _ in density.sample(using: &source) }
  for coordinate in 0..<density.dimension {
    let sorted = exact.map { $0[coordinate] }.sorted()
    let mean = density.mean[coordinate]
    let variance = density.variance[coordinate]
    var checks: [(name: String, expected: Double, function: (Double) -> Double)] = [
      ("mean", mean, { $0 }), ("variance", variance, { ($0 - mean) * ($0 - mean) }),
    ]
    for share in [0.25, 0.5, 0.75] {
      let quantile = sorted[Int(share * 100_000)]
      checks.append(("quantile \(share)", share, { $0 < quantile ? 1 : 0 }))
    }
    for check in checks {
      let (average, error) = batchMean(points.map { $0.column(coordinate).map(check.function) })
      #expect(
        abs(average - check.expected) <= limit * error + 1e-12,
        "\(sampler.name) on \(density.name), coordinate \(coordinate), \(check.name): \(average) not \(check.expected) +- \(error)",
        sourceLocation: sourceLocation)
    }
  }
}

/// The mean of several series and its standard error by the means of 16 batches of each.
private func batchMean(_ series: [[Double]]) -> (mean: Double, error: Double) {
  let means = series.flatMap { values in
    let size = values.count / 16
    return (0..<16).map { batch in values[batch * size..<(batch + 1) * size].reduce(0, +) / Double(size) }
  }
  let mean = means.reduce(0, +) / Double(means.count)
  let squares = means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  return (mean, (squares / Double(means.count - 1) / Double(means.count)).squareRoot())
}
