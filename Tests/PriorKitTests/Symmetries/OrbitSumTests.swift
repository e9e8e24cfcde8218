import Distributions
import FXParams
import Foundation
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

@Suite("Densities over orbits")
struct OrbitSumTests {
  /// Two peaks of different ranges and a lookahead that may be left out.
  static let smallChain = ChainDescription(
    series: [
      .biquad(.init(name: "a", response: .peak, frequencyHz: .init(30, 4000), q: .init(0.2, 20))),
      .biquad(.init(name: "b", response: .peak, frequencyHz: .init(200, 9000), q: .init(0.1, 10))),
      .compressorExpander(.init()),
    ], sends: [], hasDirectPan: false)

  private func normal(_ dimension: Int, seed: UInt64) throws -> MultivariateNormal {
    var source = RandomSource(seed: seed)
    let values = (0..<3 * dimension * dimension).map { _ in source.nextNormal() }
    let covariance = Matrix(rows: 3 * dimension, columns: dimension, values: values)
      .gram(scale: 1 / Double(3 * dimension))
    return try MultivariateNormal(
      mean: (0..<dimension).map { _ in 0.4 * source.nextNormal() }, covariance: covariance)
  }

  @Test("keeps the laws of densities under signs")
  func lawsUnderSigns() throws {
    // The sign of the third coordinate; the first two are free.
    let sign = Symmetry(
      name: "sign", kind: .exact, entries: [.init(target: 2, source: 2, map: LogitMap([.scaled(by: -1)]))])
    let group = try FiniteSymmetryGroup([.involutions([sign])])
    try checkPrior(try OrbitSum(try normal(3, seed: 1), over: group), hasMean: false)
  }

  @Test("is one density for all copies, with its gradient, and integrates as the base does")
  func invariance() throws {
    let chain = Self.smallChain
    let group = try chain.symmetries.exactGroup()
    #expect(group.count == 4)
    let base = try normal(chain.parameterSpace.count, seed: 2)
    let density = try OrbitSum(base, over: group)
    checkScore(DensityUnderTest(of: density))
    var source = RandomSource(seed: 3)
    var exchanged = 0
    for _ in 0..<50 {
      let theta = density.sample(using: &source)
      let value = density.logDensity(at: theta)
      var terms: [Double] = []
      for element in try group.elements() {
        guard let image = element.image(of: theta) else { continue }
        if element.kind == .domainLimited { exchanged += 1 }
        // Densities of copies differ by the determinant of the map between them, and by nothing else.
        #expect(abs(density.logDensity(at: image.theta) + image.logDeterminant - value) < 1e-9)
        terms.append(exp(base.logDensity(at: image.theta) + image.logDeterminant))
      }
      #expect(abs(log(terms.reduce(0, +) / Double(terms.count)) - value) < 1e-9)
    }
    #expect(exchanged > 20)
  }

  @Test("integrates to 1 where exchanges are limited by ranges")
  func integral() throws {
    // Frequencies alone: two coordinates under the exchange through values.
    let chain = ChainDescription(
      series: [
        .biquad(.init(name: "a", response: .peak, frequencyHz: .init(30, 4000), q: .init(0.2, 20))),
        .biquad(.init(name: "b", response: .peak, frequencyHz: .init(200, 9000), q: .init(0.2, 20))),
      ], sends: [], hasDirectPan: false)
    // The gains and Qs are exchanged as they are; the base does not couple them with the frequencies.
    let group = try chain.symmetries.exactGroup()
    let base = try MultivariateNormal(mean: [0, 0.3, 0, 0, -0.4, 0], covariance: .identity(6))
    let density = try OrbitSum(base, over: group)
    // Given gains and Qs of zero, the density of the frequencies is that of the slice over the base's own.
    let slice = DensityUnderTest(
      dimension: 2,
      logDensityAndScore: { point, _ in
        density.logDensity(at: [0, point[0], 0, 0, point[1], 0]) + 2 * log(2 * Double.pi)
      }, sample: { _ in [0, 0] })
    // The density jumps where the ranges end, which costs the rule an order.
    checkIntegratesToOne(slice, box: [-9...9, -9...9], points: 400, tolerance: 8e-3)
  }

  @Test("marginals keep whole factors, and refuse parts of one")
  func parts() throws {
    let chain = Self.smallChain
    let names = chain.parameterSpace.names
    let density = try OrbitSum(try normal(names.count, seed: 4), over: try chain.symmetries.exactGroup())
    let bands = Array(0..<6)
    let marginal = try density.marginalDistribution(over: bands)
    #expect((marginal as? OrbitSum)?.group.count == 2)
    let rest = try density.marginalDistribution(over: [6, 7])
    #expect(rest is MultivariateNormal)
    #expect(throws: DistributionError.splitsSymmetry(index: 0)) { try density.marginalDistribution(over: [0, 6]) }
    #expect(throws: DistributionError.splitsSymmetry(index: 1)) {
      try density.conditionalDistribution(given: [1], values: [0])
    }
    let point = density.mean
    let conditional = try density.conditionalDistribution(given: [6], values: [point[6]])
    let remaining = point.indices.filter { $0 != 6 }.map { point[$0] }
    let product =
      try density.marginalDistribution(over: [6]).logDensity(at: [point[6]]) + conditional.logDensity(at: remaining)
    #expect(abs(product - density.logDensity(at: point)) < 1e-9)
  }

  @Test("prior files hold it, and summing twice is summing once")
  func file() throws {
    let scratch = try Scratch()
    let presets = randomPresets(.diffVox, count: 200)
    let prior = try RidgeEstimator().fit(presets)
    let summed = try prior.summedOverOrbits()
    let path = scratch.file("prior.h5")
    try PriorFile.write(summed, to: path, provenance: try Provenance(arguments: ["priorkit"]), overwrite: false)
    let read = try PriorFile.read(path)
    let theta = presets.theta.row(3)
    #expect(read.logDensity(at: theta) == summed.logDensity(at: theta))
    #expect(read.mean == prior.mean)
    #expect(try read.summedOverOrbits().logDensity(at: theta) == summed.logDensity(at: theta))
    var source = RandomSource(seed: 1)
    #expect(read.sample(using: &source).count == 130)
    #expect(
      read.squaredMahalanobisDistance(to: theta) ?? .infinity <= prior.squaredMahalanobisDistance(to: theta) ?? 0)
  }
}

@Suite("Distances over orbits")
struct QuotientDistanceTests {
  @Test("copies are at no distance, and no copy is nearer than the nearest")
  func nearestCopy() throws {
    let chain = ChainDescription.diffVox
    let quotient = QuotientDistance(chain)
    let presets = randomPresets(chain, count: 12)
    let group = try chain.symmetries.exactGroup()
    let network = try #require(chain.symmetries.networks.first)
    var source = RandomSource(seed: 8)
    for row in 0..<presets.count {
      let theta = presets.theta.row(row)
      guard let moved = group.randomElement(using: &source).image(of: theta)?.theta else { continue }
      let copy = network.gauge(2).raised(to: source.nextNormal()).image(of: moved)?.theta ?? moved
      #expect(quotient.meanSquaredError(copy, theta) < 1e-12)
      let other = presets.theta.row((row + 1) % presets.count)
      let nearest = quotient.nearestCopy(of: theta, to: other)
      func distance(_ copy: [Double]) -> Double {
        zip(copy, other).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / 130
      }
      let copies = try group.elements().compactMap { $0.image(of: theta)?.theta }
      let best = copies.map(distance).min() ?? 0
      #expect(nearest.meanSquaredError <= best + 1e-12)
      // It is a copy: the way back is at no distance.
      #expect(quotient.meanSquaredError(nearest.theta, theta) < 1e-12)
    }
    let neighbours = quotient.nearestNeighbours(of: presets.theta.row(4), in: presets, count: 3)
    #expect(neighbours.count == 3 && neighbours[0].row == 4 && neighbours[0].meanSquaredError < 1e-12)
  }

  @Test("the mirror image counts where asked")
  func mirror() throws {
    let chain = ChainDescription.diffVox
    let theta = randomPresets(chain, count: 1).theta.row(0)
    let image = try #require(chain.symmetries.mirror?.image(of: theta)).theta
    #expect(QuotientDistance(chain, includesMirror: true).meanSquaredError(image, theta) < 1e-12)
    #expect(QuotientDistance(chain).meanSquaredError(image, theta) > 0.01)
  }
}
