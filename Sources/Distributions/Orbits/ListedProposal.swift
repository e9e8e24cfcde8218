import FXParams
import Foundation
import NumericCore

/// Random orders of the bands of a point under one term where groups are too large for a ``LookaheadProposal``:
/// half of the draws among the best orders, in proportion to the term, half slot by slot, which may reach any
/// order.
///
/// Slot by slot alone, a band that a first slot takes may be missing later, and the best order come up once in a
/// thousand draws.
final class ListedProposal: OrderProposal {
  private let search: OrderSearch
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
    self.search = search
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

  func draw(using source: inout RandomSource, into order: inout [Int]) -> OrderDraw? {
    if source.nextUniform() < 0.5 {
      guard let own = sampler.draw(using: &source)?.order else { return nil }
      order = own
    } else {
      order = listed[source.nextIndex(weights: shares)]
    }
    return weight(of: order)
  }

  func weight(of order: [Int]) -> OrderDraw? {
    guard let value = search.value(of: order) else { return nil }
    let slotwise = Self.logHalf + sampler.logProbability(of: order)
    let probability = places[order].map { logSumExp([slotwise, Self.logHalf + logShares[$0]]) } ?? slotwise
    return OrderDraw(logProbability: probability, value: value)
  }
}
