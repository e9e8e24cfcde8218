import Distributions
import FXParams
import Foundation
import NumericCore
import PresetStore
import PriorKit
import TestSupport
import Testing

/// Presets whose bands were drawn in slots and then shuffled.
struct ShuffledPresets {
  let chain: ChainDescription
  /// With bands in the slots that they were drawn in.
  let standing: Matrix
  let shuffled: Matrix

  /// - Parameters:
  ///   - bands: how many.
  ///   - count: presets.
  ///   - seed: of the draws.
  ///   - inactive: the chance that a band of an odd slot has no gain.
  init(bands: Int, count: Int, seed: UInt64 = 1, inactive: Double = 0, mixesRanges: Bool = false) throws {
    chain = peakChain(bands, mixesRanges: mixesRanges)
    var source = RandomSource(seed: seed)
    let group = chain.symmetries.bandGroups[0]
    let dimension = chain.parameterSpace.count
    // Slots differ in frequency, gain and Q, overlap in each, and the shelf goes with the first two.
    var covariance = Matrix.identity(dimension)
    var mean = [Double](repeating: 0, count: dimension)
    for (slot, indices) in group.indices.enumerated() {
      mean[indices[0]] = slot % 2 == 0 ? 4 : -4
      mean[indices[1]] = -5 + 1.1 * Double(slot)
      mean[indices[2]] = slot % 3 == 0 ? -1.5 : 0.5
      covariance[indices[1], indices[1]] = 0.5
      covariance[indices[2], indices[2]] = 0.3
    }
    for slot in 0..<2 {
      let position = group.indices[slot][0]
      covariance[0, position] = 0.6
      covariance[position, 0] = 0.6
    }
    let normal = try MultivariateNormal(mean: mean, covariance: covariance)
    var (standing, shuffled): ([[Double]], [[Double]]) = ([], [])
    for _ in 0..<count {
      var theta = normal.sample(using: &source)
      for (slot, indices) in group.indices.enumerated() where slot % 2 == 1 && source.nextUniform() < inactive {
        theta[indices[0]] = 0
        theta[indices[1]] = 2 * source.nextNormal()
      }
      standing.append(theta)
      let order = Array(0..<bands).shuffled(using: &source)
      shuffled.append(group.permutation(order).image(of: theta)?.theta ?? theta)
    }
    self.standing = Matrix(rows: standing)
    self.shuffled = Matrix(rows: shuffled)
  }

  func reshuffled(seed: UInt64) -> Matrix {
    var source = RandomSource(seed: seed)
    let group = chain.symmetries.bandGroups[0]
    return Matrix(
      rows: (0..<shuffled.rows).map { row in
        let order = Array(0..<group.count).shuffled(using: &source)
        return group.permutation(order).image(of: shuffled.row(row))?.theta ?? shuffled.row(row)
      })
  }
}

@Suite("Learned slots")
struct SlotModelTests {
  private func canonical(_ theta: Matrix, _ chain: ChainDescription, threads: Int = 1) throws -> Canonicalisation {
    try Canonicalisation(
      of: PresetCollection(chain: chain, theta: theta), by: Canonicaliser(chain, bandRule: .slots),
      threads: threads)
  }

  private func largestDifference(_ first: Matrix, _ second: Matrix) -> Double {
    zip(first.values, second.values).map { abs($0 - $1) }.max() ?? 0
  }

  @Test("find the slots that bands were drawn in")
  func recovery() throws {
    let presets = try ShuffledPresets(bands: 6, count: 600)
    let result = try canonical(presets.shuffled, presets.chain)
    // Slots may be numbered in another order, the same for all presets.
    let group = presets.chain.symmetries.bandGroups[0]
    var votes: [[Int]: Int] = [:]
    for row in 0..<presets.standing.rows {
      let own = group.indices.map { indices in result.presets.theta.row(row)[indices[1]] }
      let truth = group.indices.map { indices in presets.standing.row(row)[indices[1]] }
      votes[own.map { value in truth.firstIndex { abs($0 - value) < 1e-9 } ?? -1 }, default: 0] += 1
    }
    let agreeing = votes.values.max() ?? 0
    #expect(agreeing > 540, "\(agreeing) of 600 presets in one order")
    // Frequency alone confuses neighbours.
    let sorted = try Canonicalisation(
      of: PresetCollection(chain: presets.chain, theta: presets.shuffled), by: Canonicaliser(presets.chain))
    let right = (0..<600).count {
      largestDifference(
        Matrix(rows: [sorted.presets.theta.row($0)]), Matrix(rows: [presets.standing.row($0)])) < 1e-9
    }
    #expect(right < 400, "\(right) of 600 presets are right by frequency")
  }

  @Test("do not depend on the order in the input, and are their own canonical form", arguments: [false, true])
  func invariance(mixesRanges: Bool) throws {
    let presets = try ShuffledPresets(bands: 5, count: 200, inactive: 0.2, mixesRanges: mixesRanges)
    let result = try canonical(presets.shuffled, presets.chain, threads: 2)
    let again = try canonical(result.presets.theta, presets.chain)
    #expect(largestDifference(again.presets.theta, result.presets.theta) < 1e-9)
    let other = try canonical(presets.reshuffled(seed: 9), presets.chain)
    #expect(largestDifference(other.presets.theta, result.presets.theta) < 1e-9)
    // New presets go to the slots of old ones.
    let slots = try SlotModel(of: result.presets)
    let aligned = Canonicaliser(presets.chain, bandRule: .slots, slots: slots)
    for row in 0..<50 {
      let first = aligned.canonical(presets.shuffled.row(row)).theta
      let second = aligned.canonical(presets.reshuffled(seed: 3).row(row)).theta
      #expect(zip(first, second).allSatisfy { abs($0 - $1) < 1e-9 })
    }
  }

  @Test("stay empty as often as bands have no gain")
  func emptySlots() throws {
    let presets = try ShuffledPresets(bands: 6, count: 800, seed: 4, inactive: 0.3)
    let result = try canonical(presets.shuffled, presets.chain)
    let names = try #require(result.canonicaliser.slots).descriptions
    let shares = names.map(\.emptyShare)
    // Three slots are empty in 30 % of the presets, three never.
    let sorted = shares.sorted()
    #expect(
      sorted.prefix(3).allSatisfy { $0 < 0.08 } && sorted.suffix(3).allSatisfy { abs($0 - 0.3) < 0.1 },
      "\(shares)")
  }

  @Test("are named by frequency, gain and how often they are empty")
  func names() throws {
    let presets = try ShuffledPresets(bands: 4, count: 300)
    let slots = try SlotModel(of: PresetCollection(chain: presets.chain, theta: presets.standing))
    let descriptions = slots.descriptions
    #expect(descriptions.count == 4 && descriptions[0].slot == "peak1")
    #expect(descriptions[0].name.hasSuffix("Hz boost") && descriptions[1].name.hasSuffix("dip"))
    #expect(abs((descriptions[0].gainDB?.mean ?? 0) - 4) < 0.5)
  }

  @Test("need two presets")
  func tooFew() throws {
    let presets = try ShuffledPresets(bands: 3, count: 1)
    #expect(throws: PriorError.tooFewPresets(count: 1)) { try canonical(presets.shuffled, presets.chain) }
  }

  @Test("of equal bands, and of bands that are all without gain, are found without a trap")
  func degenerate() throws {
    var presets = try ShuffledPresets(bands: 4, count: 40).shuffled
    let chain = peakChain(4)
    let indices = chain.symmetries.bandGroups[0].indices
    for row in 0..<10 {
      for (first, second) in zip(indices[0], indices[1]) { presets[row, second] = presets[row, first] }
    }
    for row in 10..<20 { for band in indices { presets[row, band[0]] = 0 } }
    let result = try canonical(presets, chain)
    #expect(result.presets.theta.values.allSatisfy { $0.isFinite })
    for row in 0..<presets.rows { for band in indices { presets[row, band[0]] = 0 } }
    #expect(try canonical(presets, chain).presets.theta.values.allSatisfy { $0.isFinite })
  }
}
