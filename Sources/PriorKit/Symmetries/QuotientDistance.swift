import Distributions
public import FXParams
import Foundation
import NumericCore
public import PresetStore

/// Distances between presets that are blind to symmetries: the smallest over the copies of one of them.
///
/// The copies are those of the exact symmetries: all sign patterns of a network each with its best gauge, all
/// orders of like bands that the ranges allow, all logits of a folded parameter; and the mirror image where asked.
public struct QuotientDistance: Sendable {
  /// Those of the chain.
  public let symmetries: ChainSymmetries
  /// Whether mirror images have distance 0.
  public let includesMirror: Bool
  private let orderings: [BandOrdering]

  /// - Parameters:
  ///   - chain: of the presets.
  ///   - includesMirror: whether mirror images have distance 0.
  public init(_ chain: ChainDescription, includesMirror: Bool = false) {
    symmetries = chain.symmetries
    self.includesMirror = includesMirror
    orderings = symmetries.bandGroups.map { BandOrdering($0) }
  }

  /// The copy of a preset with the smallest mean squared difference of the logits to another, and that difference.
  ///
  /// Signs, orders and folds act on different logits, so that each is minimised by itself, exactly; the gauge to
  /// the tolerance of a golden-section search, for every sign pattern that could still win.
  public func nearestCopy(of theta: [Double], to other: [Double]) -> (theta: [Double], meanSquaredError: Double) {
    let images = [theta] + (includesMirror ? symmetries.mirror?.image(of: theta).map { [$0.theta] } ?? [] : [])
    let copies = images.map { image in
      let copy = nearest(image, to: other)
      return (theta: copy, meanSquaredError: Self.meanSquaredError(copy, other))
    }
    return copies.min { $0.meanSquaredError < $1.meanSquaredError } ?? (theta, Self.meanSquaredError(theta, other))
  }

  /// The smallest mean squared difference of the logits over the copies of the first preset.
  public func meanSquaredError(_ first: [Double], _ second: [Double]) -> Double {
    nearestCopy(of: first, to: second).meanSquaredError
  }

  /// The rows of a collection nearest to a preset, nearest first.
  public func nearestNeighbours(
    of theta: [Double], in presets: PresetCollection, count: Int
  ) -> [(row: Int, meanSquaredError: Double)] {
    let all = (0..<presets.count).map {
      (row: $0, meanSquaredError: meanSquaredError(presets.theta.row($0), theta))
    }
    return Array(all.sorted { ($0.meanSquaredError, $0.row) < ($1.meanSquaredError, $1.row) }.prefix(count))
  }

  private static func meanSquaredError(_ first: [Double], _ second: [Double]) -> Double {
    zip(first, second).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / Double(max(first.count, 1))
  }

  private func nearest(_ theta: [Double], to other: [Double]) -> [Double] {
    var result = theta
    for (group, ordering) in zip(symmetries.bandGroups, orderings) {
      // The squares add up over the slots: an assignment problem.
      let layout = BandLayout([group], dimension: theta.count)
      let values = layout.values(at: result)
      let order = ordering.assigned(result) { slot, band in
        values.squaredDistance(slot: slot, band: band, to: group.indices[slot].map { other[$0] })
      }
      _ = layout.apply(order, values, to: &result)
    }
    for folded in symmetries.foldedParameters {
      result[folded.index] = folded.copy(of: result[folded.index], nearestTo: other[folded.index])
    }
    for network in symmetries.networks { align(&result, network, to: other) }
    return result
  }

  /// Signs and gauge of a network: the smallest of B k^2 - 2 P k + C / k^2 - 2 Q / k - 2 R over gauges k and
  /// patterns, with B, C the squares of b and c, P, Q, R their products with the reference's and those of W under
  /// the signs.
  private func align(_ theta: inout [Double], _ network: NetworkSymmetries, to other: [Double]) {
    let unit = [Double](repeating: 1, count: other.count)
    let alignment = SignAlignment(network, reference: other, scale: unit)
    let squares = [network.inputGains, network.outputGains].map { $0.reduce(0) { $0 + theta[$1] * theta[$1] } }
    let pairs = alignment.couplings(of: theta).pairs
    let products = (0..<network.lineCount).map { line in
      (0..<2).reduce((b: 0.0, c: 0.0)) { sum, channel in
        let (b, c) = (network.b(line, channel), network.c(channel, line))
        return (sum.b + theta[b] * other[b], sum.c + theta[c] * other[c])
      }
    }
    var pairSum = 0.0
    for line in 0..<network.lineCount {
      let row = line * network.lineCount
      pairSum += pairs[row + line + 1..<row + network.lineCount].reduce(0, +)
    }
    var best = (cost: Double.infinity, pattern: UInt(0), gauge: 1.0)
    let lines = [Double](repeating: 0, count: network.lineCount)
    SignAlignment.forEachPattern(lines, pairs) { pattern, gain in
      var (p, q) = (0.0, 0.0)
      for line in products.indices {
        let sign: Double = pattern >> UInt(line) & 1 == 1 ? -1 : 1
        p += sign * products[line].b
        q += sign * products[line].c
      }
      let rest = -2 * (pairSum + gain)
      // B k^2 - 2 P k is at least -P^2 / B, and likewise for c: most patterns cannot win whatever the gauge.
      let bound = rest - Self.relief(p, squares[0]) - Self.relief(q, squares[1])
      guard bound < best.cost else { return }
      let found = Self.bestGauge(b: squares[0], c: squares[1], p: p, q: q)
      if found.cost + rest < best.cost { best = (found.cost + rest, pattern, found.gauge) }
    }
    SignAlignment.turn(&theta, network, pattern: best.pattern)
    for index in network.inputGains { theta[index] *= best.gauge }
    for index in network.outputGains { theta[index] /= best.gauge }
  }

  private static func relief(_ product: Double, _ square: Double) -> Double {
    product > 0 && square > 0 ? product * product / square : 0
  }

  /// The gauge of least cost within a factor of e^4 either way: a grid, then golden sections about its best point,
  /// and the present gauge where it is as good.
  private static func bestGauge(b: Double, c: Double, p: Double, q: Double) -> (gauge: Double, cost: Double) {
    func cost(_ logarithm: Double) -> Double {
      let k = exp(logarithm)
      return b * k * k - 2 * p * k + c / (k * k) - 2 * q / k
    }
    let step = 0.25
    let grid = (-16...16).map { Double($0) * step }
    let start = grid.min { cost($0) < cost($1) } ?? 0
    let found = GoldenSection.minimum(of: cost, in: start - step...start + step)
    return cost(found) < cost(0) ? (exp(found), cost(found)) : (1, cost(0))
  }
}

extension Prior {
  /// The smallest (theta' - mean)^T scatter^-1 (theta' - mean) over the copies of a preset under a finite group;
  /// nil for families without one scatter matrix.
  public func squaredMahalanobisDistance(to theta: [Double], over elements: [Symmetry]) -> Double? {
    elements.compactMap { element in
      element.image(of: theta).flatMap { squaredMahalanobisDistance(to: $0.theta) }
    }.min()
  }
}
