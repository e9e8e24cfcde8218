import FXParams
import Foundation
import NumericCore

extension OrbitSearch {
  /// Copies drawn at random, with weights under which their sum estimates the sum over all.
  ///
  /// Draws of one order become one copy. An image under an involution is drawn in proportion to its best order
  /// under the terms; then the order by ``OrderProposal``. Bands are drawn by their distances, not their numbers:
  /// every order of the bands of a point gives the same draws.
  ///
  /// - Returns: the copies, and how often each was drawn.
  func draws(_ count: Int, at point: [Double], seed: UInt64) -> (copies: OrbitCopies, multiplicities: [Int]) {
    var source = RandomSource(seed: seed)
    let moved = images(of: point)
    let values = moved.map { layout.values(at: $0.image.theta) }
    var proposals: [(image: Int, proposal: OrderProposal, logShare: Double)] = []
    for (index, (_, image)) in moved.enumerated() {
      for term in terms {
        guard let proposal = OrderProposal(term, values: values[index], point: image.theta) else { continue }
        proposals.append((index, proposal, proposal.bestValue + image.logDeterminant))
      }
    }
    guard !proposals.isEmpty else {
      // No order was found: at points so far out that distances overflow.
      return (OrbitCopies(copies: [], images: Matrix(rows: 0, columns: point.count)), [])
    }
    let total = logSumExp(proposals.map(\.logShare))
    let shares = proposals.map { exp($0.logShare - total) }
    var places: [[Int]: Int] = [:]
    var (drawn, multiplicities): ([(image: Int, order: [Int])], [Int]) = ([], [])
    for _ in 0..<count {
      let chosen = proposals[source.nextIndex(weights: shares)]
      guard let order = chosen.proposal.draw(using: &source) else { continue }
      let key = [chosen.image] + order
      if let place = places[key] {
        multiplicities[place] += 1
      } else {
        places[key] = drawn.count
        drawn.append((chosen.image, order))
        multiplicities.append(1)
      }
    }
    var (copies, images): ([OrbitCopies.Copy], [Double]) = ([], [])
    for (place, (image, order)) in drawn.enumerated() {
      var theta = moved[image].image.theta
      let determinant = layout.apply(order, values[image], to: &theta) + moved[image].image.logDeterminant
      // Any of the terms may have proposed it.
      let logProbability = logSumExp(
        proposals.filter { $0.image == image }.map { $0.logShare - total + $0.proposal.logProbability(of: order) })
      copies.append(
        .init(
          involution: moved[image].involution, order: order,
          logWeight: determinant + log(Double(multiplicities[place]) / Double(count)) - logProbability))
      images += theta
    }
    return (
      OrbitCopies(copies: copies, images: Matrix(rows: copies.count, columns: point.count, values: images)),
      multiplicities
    )
  }
}

/// Random orders of the bands of a point under one term: half of the draws among the best orders, in proportion
/// to the term, half slot by slot, which may reach any order.
///
/// Slot by slot alone, a band that a first slot takes may be missing later, and the best order come up once in a
/// thousand draws.
struct OrderProposal {
  let bestValue: Double
  private let sampler: OrderSampler
  /// Orders whose terms are within a window of the best, with the logs of their shares.
  private let listed: [[Int]]
  private let logShares: [Double]
  private let shares: [Double]
  private let places: [[Int]: Int]

  private static let (window, steps) = (6.0, 20_000)
  /// log of the share of either half.
  private static let logHalf = log(0.5)

  /// Nil where no order was found.
  init?(_ term: OrderedTerm, values: BandValues, point: [Double]) {
    let search = OrderSearch(term, values: values, point: point)
    // A search without an end has found a good order by then.
    guard let best = search.goodOrder(steps: Self.steps) else { return nil }
    bestValue = best.value
    sampler = OrderSampler(term, values: values, point: point)
    let found = search.orders(above: best.value - Self.window, steps: Self.steps)
    let slotCount = best.order.count
    listed =
      found.map { found in
        stride(from: 0, to: found.orders.count, by: slotCount).map { Array(found.orders[$0..<$0 + slotCount]) }
      } ?? [best.order]
    let values = found?.values ?? [best.value]
    let total = logSumExp(values)
    logShares = values.map { $0 - total }
    shares = logShares.map { exp($0) }
    places = Dictionary(uniqueKeysWithValues: listed.enumerated().map { ($1, $0) })
  }

  /// Nil where the bands drawn slot by slot left none for a slot.
  func draw(using source: inout RandomSource) -> [Int]? {
    guard source.nextUniform() < 0.5 else { return sampler.draw(using: &source)?.order }
    return listed[source.nextIndex(weights: shares)]
  }

  func logProbability(of order: [Int]) -> Double {
    let slotwise = Self.logHalf + sampler.logProbability(of: order)
    return places[order].map { logSumExp([slotwise, Self.logHalf + logShares[$0]]) } ?? slotwise
  }
}
