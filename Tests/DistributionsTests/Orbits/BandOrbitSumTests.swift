import Distributions
import FXParams
import Foundation
import NumericCore
import TestSupport
import Testing

@Suite("Densities over many orders of bands")
struct BandOrbitSumTests {
  /// The sum by its definition.
  private func enumerated(
    _ base: any Distribution, _ elements: [Symmetry], at point: [Double]
  ) -> Double {
    let images = elements.compactMap { $0.image(of: point) }
    let terms = zip(base.logDensities(ofRows: Matrix(rows: images.map(\.theta))), images).map {
      $0 + $1.logDeterminant
    }
    let largest = terms.max() ?? 0
    return largest + log(terms.reduce(0) { $0 + exp($1 - largest) }) - log(Double(terms.count))
  }

  private func families(_ dimension: Int) throws -> [any Distribution] {
    let normal = try coupledNormal(dimension, seed: 1)
    return [
      normal,
      StudentT(
        try MultivariateStudentT(location: normal.mean, scatter: normal.covariance, degreesOfFreedom: 5)),
      GaussianMixture(
        weights: [0.3, 0.7], components: [normal, try coupledNormal(dimension, seed: 2)]),
    ]
  }

  @Test("are those of all orders, with their gradients", arguments: [false, true])
  func searched(mixesRanges: Bool) throws {
    let chain = peakChain(7, mixesRanges: mixesRanges)
    let group = try chain.symmetries.exactGroup()
    #expect(group.count == 5040)
    let elements = try group.elements()
    for base in try families(chain.parameterSpace.count) {
      let density = try OrbitSum(base, over: group)
      var source = RandomSource(seed: 4)
      for _ in 0..<3 {
        let point = density.sample(using: &source)
        let exact = enumerated(base, elements, at: point)
        #expect(abs(density.logDensity(at: point) - exact) < 1e-7)
        // Every copy has the same density, but for the determinant of the map to it.
        guard let copy = group.randomElement(using: &source).image(of: point) else { continue }
        #expect(
          abs(density.logDensity(at: copy.theta) + copy.logDeterminant - density.logDensity(at: point)) < 1e-9)
      }
      checkScore(DensityUnderTest(of: density), draws: 2)
    }
  }

  @Test("of slots that are independent are sums over sets", arguments: [false, true])
  func independentSlots(mixesRanges: Bool) throws {
    let chain = peakChain(7, mixesRanges: mixesRanges)
    let group = try chain.symmetries.exactGroup()
    let dimension = chain.parameterSpace.count
    let normal = try coupledNormal(dimension, seed: 6)
    // The shelf is coupled with all bands, settings of a band with each other, bands given the shelf not.
    var precision = normal.cholesky.inverse()
    let slots = try #require(group.bandGroups.first).indices
    for first in slots {
      for second in slots where second != first {
        for row in first { for column in second { precision[row, column] = 0 } }
      }
    }
    for index in 0..<dimension { precision[index, index] *= 1.5 }
    let base = try MultivariateNormal(mean: normal.mean, covariance: try Cholesky(precision).inverse())
    for base in [try MultivariateNormal(mean: base.mean, covariance: .diagonal(base.covariance.diagonal)), base] {
      let density = try OrbitSum(base, over: group)
      let elements = try group.elements()
      var source = RandomSource(seed: 7)
      for _ in 0..<3 {
        let point = density.sample(using: &source)
        #expect(abs(density.logDensity(at: point) - enumerated(base, elements, at: point)) < 1e-8)
      }
      checkScore(DensityUnderTest(of: density), draws: 2)
    }
  }

  @Test("are estimated from random orders within the stated error")
  func sampled() throws {
    let chain = peakChain(7)
    let group = try chain.symmetries.exactGroup()
    for base in try families(chain.parameterSpace.count) {
      let density = try OrbitSum(base, over: group)
      var source = RandomSource(seed: 8)
      var (scores, errors): ([Double], [Double]) = ([], [])
      for round in 0..<40 {
        let point = density.sample(using: &source)
        let estimate = try #require(try density.estimate(at: point, draws: 400, seed: UInt64(round)))
        errors.append(estimate.standardError)
        scores.append((estimate.logDensity - density.logDensity(at: point)) / max(estimate.standardError, 1e-9))
      }
      let square = scores.reduce(0) { $0 + $1 * $1 } / Double(scores.count)
      #expect(square < 2.5, "z scores of mean square \(square)")
      let error = errors.reduce(0, +) / Double(errors.count)
      #expect(error < 0.2 && errors.allSatisfy { $0 < 1 }, "errors of \(error) on average")
    }
  }

  /// Bands of different ranges, symmetries beside them, and few draws.
  @Test("are estimated without bias, whatever the ranges", arguments: [false, true])
  func unbiased(mixesRanges: Bool) throws {
    let chain = peakChain(5, mixesRanges: mixesRanges)
    let group = try chain.symmetries.exactGroup()
    let elements = try group.elements()
    for base in try families(chain.parameterSpace.count) {
      let density = try OrbitSum(base, over: group)
      var source = RandomSource(seed: 21)
      for _ in 0..<3 {
        let point = density.sample(using: &source)
        let exact = enumerated(base, elements, at: point)
        // The mean of the estimates of the density, not of its logarithm.
        let count = 400
        let ratios = try (0..<count).map { seed in
          exp(try #require(try density.estimate(at: point, draws: 32, seed: UInt64(seed))).logDensity - exact)
        }
        let mean = ratios.reduce(0, +) / Double(count)
        let variance = ratios.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)
        let error = (variance / Double(count)).squareRoot()
        #expect(abs(mean - 1) < 4.5 * error + 1e-9, "mean \(mean) ± \(error)")
      }
    }
  }

  @Test("are estimated alike in every order of the bands")
  func estimatesAreInvariant() throws {
    let chain = peakChain(7)
    let group = try chain.symmetries.exactGroup()
    for base in try families(chain.parameterSpace.count) {
      let density = try OrbitSum(base, over: group)
      var source = RandomSource(seed: 22)
      let point = density.sample(using: &source)
      let estimate = try #require(try density.estimate(at: point, draws: 64, seed: 1))
      for _ in 0..<5 {
        let copy = try #require(group.randomElement(using: &source).image(of: point))
        let other = try #require(try density.estimate(at: copy.theta, draws: 64, seed: 1))
        #expect(abs(other.logDensity - estimate.logDensity) < 1e-9)
      }
    }
  }

  @Test("of more bands than a table of sets holds are estimated from lists")
  func listedProposals() throws {
    let chain = peakChain(17)
    let group = try chain.symmetries.exactGroup()
    let density = try OrbitSum(try coupledNormal(chain.parameterSpace.count, seed: 9, coupling: 0.2), over: group)
    var source = RandomSource(seed: 23)
    let point = density.sample(using: &source)
    let first = try #require(try density.estimate(at: point, draws: 400, seed: 1))
    let second = try #require(try density.estimate(at: point, draws: 400, seed: 2))
    let error = (first.standardError * first.standardError + second.standardError * second.standardError)
      .squareRoot()
    #expect(abs(first.logDensity - second.logDensity) < 5 * error + 0.01)
  }

  @Test("of twelve bands need no enumeration")
  func twelveBands() throws {
    let chain = peakChain(12)
    let group = try chain.symmetries.exactGroup()
    #expect(throws: SymmetryError.self) { try group.elements() }
    let density = try OrbitSum(try coupledNormal(chain.parameterSpace.count, seed: 9, coupling: 0.3), over: group)
    var source = RandomSource(seed: 10)
    let point = density.sample(using: &source)
    let value = density.logDensity(at: point)
    for _ in 0..<5 {
      let copy = try #require(group.randomElement(using: &source).image(of: point))
      #expect(abs(density.logDensity(at: copy.theta) - value) < 1e-9)
    }
  }

  @Test("are sampled with every order alike, and stored whole")
  func samplesAndStorage() throws {
    let chain = peakChain(7)
    let group = try chain.symmetries.exactGroup()
    let density = try OrbitSum(try coupledNormal(chain.parameterSpace.count, seed: 11), over: group)
    var source = RandomSource(seed: 12)
    let gains = try #require(group.bandGroups.first).indices.map { $0[0] }
    var sums = [Double](repeating: 0, count: gains.count)
    var squares = sums
    let count = 20_000
    for _ in 0..<count {
      let draw = density.sample(using: &source)
      for (band, position) in gains.enumerated() {
        sums[band] += draw[position]
        squares[band] += draw[position] * draw[position]
      }
    }
    let means = sums.map { $0 / Double(count) }
    let spread = (squares[0] / Double(count)).squareRoot() / Double(count).squareRoot()
    for mean in means { #expect(abs(mean - means[0]) < 6 * spread) }
    var archive = DistributionArchive()
    density.encode(into: &archive)
    let again = try #require(try DistributionFamilies.standard.decode(OrbitSum.family, from: archive))
    let point = density.sample(using: &source)
    #expect(again.logDensity(at: point) == density.logDensity(at: point))
  }
}
