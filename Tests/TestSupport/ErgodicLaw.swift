public import Inference
import NumericCore
public import Testing

/// Long chains find a density from far away: means, variances and quartiles within `limit` Monte Carlo errors,
/// estimated from the means of batches. Coordinates of no variance must not move.
///
/// With 4 chains an error has 63 degrees of freedom, and Student's t exceeds 5.5 at a rate of 8e-7.
public func checkErgodicAverages<Method: Sampler>(
  of sampler: Method, on density: some SampledDensity & Sendable, coordinates: WhiteCoordinates, warmUp: Int = 500,
  draws: Int = 2000, chains: Int = 4, limit: Double = 5.5, seed: UInt64 = 3,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let sampling = MarkovChainSampling(
    sampler: sampler, chains: chains, warmUp: warmUp, draws: draws, seed: seed, threads: 1)
  let offset = density.variance.map { 2 * $0.squareRoot() }
  let histories = try sampling.run(
    coordinates: coordinates,
    start: { source in
      zip(density.mean, offset).map { mean, width in mean + (source.nextUniform() < 0.5 ? -width : width) }
    }, makeDensity: { density })
  let points = histories.map { $0.draws(warmUp..<warmUp + draws, coordinates: coordinates).logits }
  // Quartiles of the exact distribution by its own draws, many more than those of the chains are worth.
  let exactCount = density.dimension > 20 ? 15_000 : 100_000
  var source = RandomSource(seed: seed, stream: 99)
  let exact = (0..<exactCount).map { _ in density.sample(using: &source) }
  for coordinate in 0..<density.dimension {
    let sorted = exact.map { $0[coordinate] }.sorted()
    let mean = density.mean[coordinate]
    let variance = density.variance[coordinate]
    guard variance > 0 else {
      #expect(points.allSatisfy { $0.column(coordinate).allSatisfy { $0 == mean } }, sourceLocation: sourceLocation)
      continue
    }
    var checks: [(name: String, expected: Double, function: (Double) -> Double)] = [
      ("mean", mean, { $0 }), ("variance", variance, { ($0 - mean) * ($0 - mean) }),
    ]
    for share in [0.25, 0.5, 0.75] {
      let quantile = sorted[Int(share * Double(exactCount))]
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
