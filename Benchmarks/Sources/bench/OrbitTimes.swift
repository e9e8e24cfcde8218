import Distributions
import FXParams
import NumericCore
import PresetStore
import PriorKit

private let (bandCount, pointCount) = (8, 20)

/// The density of presets of eight bands, summed over all 40320 orders: by the search, by 128 and 512 random
/// orders, and by its bound, which is the product of all images with the inverse factor by BLAS, and their
/// exponentials.
func orbitTimes() throws -> Contest {
  let (chain, normal) = try subjectBands()
  let group = try chain.symmetries.exactGroup()
  let density = try OrbitSum(normal, over: group)
  let mixed = GaussianMixture(weights: [0.5, 0.5], components: [normal, try subjectBands(seed: 2).normal])
  let mixture = try OrbitSum(mixed, over: group)
  var source = RandomSource(seed: 5)
  let points = (0..<pointCount).map { _ in density.sample(using: &source) }
  let elements = try group.elements()
  var contest = Contest("orbits", "\(pointCount) densities summed over the orders of \(bandCount) bands")
  contest.add("search, Gaussian") { for point in points { _ = density.logDensity(at: point) } }
  var gradient = [Double](repeating: 0, count: density.dimension)
  contest.add("search, Gaussian, with gradient") {
    for point in points { _ = density.logDensity(at: point, score: &gradient) }
  }
  contest.add("search, mixture of two") { for point in points { _ = mixture.logDensity(at: point) } }
  contest.add("128 random orders") { for point in points { _ = try? density.estimate(at: point, draws: 128) } }
  contest.add("512 random orders") { for point in points { _ = try? density.estimate(at: point, draws: 512) } }
  // Images are made once: they would take longer than the product.
  let images = points.prefix(2).map { point in
    Matrix(rows: elements.compactMap { $0.image(of: point)?.theta })
  }
  contest.add("all orders by BLAS, a tenth of the points", .bound) {
    for image in images { _ = normal.logDensities(ofRows: image) }
  }
  return contest
}

/// Presets of eight bands in slots that overlap, put into slots that are learned from them.
func slotTimes() throws -> Contest {
  let (chain, normal) = try subjectBands()
  let density = try OrbitSum(normal, over: chain.symmetries.exactGroup())
  var source = RandomSource(seed: 6)
  let presets = PresetCollection(
    chain: chain, theta: Matrix(rows: (0..<2000).map { _ in density.sample(using: &source) }))
  var contest = Contest("slots", "2000 presets of \(bandCount) bands put into learned slots, one thread")
  contest.add("learning and placing") {
    _ = try? Canonicalisation(of: presets, by: Canonicaliser(chain, bandRule: .slots))
  }
  let canonical = try? Canonicalisation(of: presets, by: Canonicaliser(chain, bandRule: .slots))
  if let slots = canonical?.canonicaliser.slots {
    contest.add("placing alone") {
      _ = try? Canonicalisation(of: presets, by: Canonicaliser(chain, bandRule: .slots, slots: slots))
    }
  }
  contest.add("by frequency", .bound) { _ = try? Canonicalisation(of: presets, by: Canonicaliser(chain)) }
  return contest
}

/// A chain of eight peaks of one range, and a density with couplings and distinct slots.
private func subjectBands(seed: UInt64 = 1) throws -> (chain: ChainDescription, normal: MultivariateNormal) {
  let chain = ChainDescription(
    series: (1...bandCount).map {
      .biquad(.init(name: "peak\($0)", response: .peak, frequencyHz: .init(20, 18000), q: .init(0.1, 20)))
    }, sends: [], hasDirectPan: false)
  let dimension = chain.parameterSpace.count
  var source = RandomSource(seed: seed)
  let loadings = Matrix(
    rows: 5, columns: dimension, values: (0..<5 * dimension).map { _ in 0.5 * source.nextNormal() })
  var covariance = loadings.gram()
  for index in 0..<dimension { covariance[index, index] += 0.4 }
  var mean = [Double](repeating: 0, count: dimension)
  for index in 0..<dimension {
    // Frequencies tell the slots apart.
    mean[index] = index % 3 == 1 ? 0.8 * Double(index / 3) - 3 : source.nextNormal()
  }
  return (chain, try MultivariateNormal(mean: mean, covariance: covariance))
}
