/// A search for the orders of a point's bands under which an ``OrderedTerm`` is large.
///
/// Depth first, slot by slot, the nearest band first. A branch ends where even a perfect fit of the remaining slots
/// would leave it below the threshold, so that what is found is all there is above it.
package final class OrderSearch {
  private let term: OrderedTerm
  private let tables: SlotTables
  private let sequence: [Int]
  /// Per group, bit b: band b fills a slot.
  private var used: [UInt64]
  /// The band of each slot of the layout.
  private var order: [Int]
  private var threshold = -Double.infinity
  private var keepsBestOnly = true
  private var steps = 0
  private var mostSteps = Int.max
  private var found: [Int] = []
  private var foundValues: [Double] = []
  private var bestValue = -Double.infinity

  /// - Precondition: at most 64 bands in a group.
  package init(_ term: OrderedTerm, values: BandValues, point: [Double]) {
    self.term = term
    sequence = term.sequence
    tables = SlotTables(term, values: values, point: point)
    used = Array(repeating: 0, count: term.layout.groups.count)
    order = term.layout.identity
  }

  /// How a search ended.
  package enum Outcome {
    /// One value for the best order; nil where none is above the threshold.
    case best(order: [Int], value: Double)
    case none
    /// After the most steps allowed.
    case unfinished
  }

  /// The order of the largest value above a threshold.
  ///
  /// - Parameters:
  ///   - threshold: of the log of the term with log |det| of the order.
  ///   - steps: the most slots to fill on the way.
  package func best(above threshold: Double = -.infinity, steps: Int = .max) -> Outcome {
    run(threshold: threshold, steps: steps, keepsBestOnly: true)
    guard self.steps <= steps else { return .unfinished }
    return found.isEmpty ? .none : .best(order: found, value: bestValue)
  }

  /// The best order, or the best one found within some steps, with its value; nil where none was found.
  package func goodOrder(steps: Int) -> (order: [Int], value: Double)? {
    run(threshold: -.infinity, steps: steps, keepsBestOnly: true)
    return found.isEmpty ? nil : (found, bestValue)
  }

  /// An order, and better ones by exchanges of two bands of a group until none helps.
  package func improved(_ start: [Int]) -> (order: [Int], value: Double) {
    let slots = term.layout.slots
    var best = (order: start, value: value(of: start) ?? -.infinity)
    var isSettled = false
    while !isSettled {
      isSettled = true
      for first in slots.indices {
        for second in first + 1..<max(slots.count, first + 1) where slots[first].group == slots[second].group {
          var order = best.order
          order.swapAt(first, second)
          guard let value = value(of: order), value > best.value + 1e-12 else { continue }
          best = (order, value)
          isSettled = false
        }
      }
    }
    return best
  }

  /// The value of one order; nil where slots cannot hold it.
  package func value(of order: [Int]) -> Double? {
    var used = [UInt64](repeating: 0, count: term.layout.groups.count)
    var (distance, determinant) = (tables.restDistance, 0.0)
    for (place, slot) in term.sequence.enumerated() {
      let entry = place * tables.bandCount + order[slot]
      let group = term.layout.slots[slot].group
      guard tables.determinants[entry] > -.infinity else { return nil }
      _ = tables.rank(place, used: used[group])
      distance += tables.distances[entry]
      determinant += tables.determinants[entry]
      tables.fill(place, with: order[slot])
      used[group] |= 1 << UInt64(order[slot])
    }
    return term.logConstant + term.radial(distance) + determinant
  }

  /// All orders of at least a value, one after another, slot after slot, with their values; nil if that takes more
  /// than `steps`.
  package func orders(above threshold: Double, steps: Int = .max) -> (orders: [Int], values: [Double])? {
    run(threshold: threshold, steps: steps, keepsBestOnly: false)
    return self.steps <= steps ? (found, foundValues) : nil
  }

  private func run(threshold: Double, steps: Int, keepsBestOnly: Bool) {
    self.threshold = threshold
    mostSteps = steps
    self.keepsBestOnly = keepsBestOnly
    (self.steps, found, foundValues, bestValue) = (0, [], [], -.infinity)
    visit(0, distance: tables.restDistance, determinant: 0)
  }

  /// The value of a branch if the slots from one on fit perfectly.
  private func bound(_ distance: Double, _ determinant: Double, _ place: Int) -> Double {
    term.logConstant + term.radial(distance) + determinant + tables.bestDeterminants[place]
  }

  private func visit(_ place: Int, distance: Double, determinant: Double) {
    guard place < tables.slotCount else { return finish(bound(distance, determinant, place)) }
    steps += 1
    guard steps <= mostSteps else { return }
    let slot = sequence[place]
    let group = tables.groups[place]
    let row = place * tables.bandCount
    for rank in 0..<tables.rank(place, used: used[group]) {
      let band = tables.ranking[row + rank]
      let next = distance + tables.distances[row + band]
      // Bands come in order of distance: behind one that is too far even with the best determinant, all are.
      guard bound(next, determinant, place) >= threshold else { break }
      let determinant = determinant + tables.determinants[row + band]
      guard bound(next, determinant, place + 1) >= threshold else { continue }
      tables.fill(place, with: band)
      used[group] |= 1 << UInt64(band)
      order[slot] = band
      visit(place + 1, distance: next, determinant: determinant)
      used[group] &= ~(1 << UInt64(band))
    }
  }

  private func finish(_ value: Double) {
    if !keepsBestOnly {
      found += order
      foundValues.append(value)
    } else if value > bestValue {
      bestValue = value
      threshold = max(threshold, value)
      found = order
    }
  }
}
