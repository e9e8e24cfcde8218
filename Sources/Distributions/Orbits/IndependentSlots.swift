import FXParams
import Foundation
import NumericCore

/// The orbit sum of a normal density whose slots do not depend on one another, given the other coordinates: a
/// product of permanents, one for each group (``SubsetRecursion``), in place of a sum over all orders.
struct IndependentSlots {
  private let term: OrderedTerm
  private let values: BandValues
  private let point: [Double]
  private let rest: [Double]
  private let recursions: [SubsetRecursion]

  /// Nil for terms that the recursion does not take: Student-t ones, slots that depend on others, too many bands.
  init?(_ term: OrderedTerm, values: BandValues, point: [Double]) {
    guard term.degreesOfFreedom == .infinity, term.hasIndependentSlots,
      term.layout.groups.allSatisfy({ $0.count <= SubsetRecursion.maximumCount })
    else { return nil }
    self.term = term
    self.values = values
    self.point = point
    let rest = term.whitenedRest(of: point)
    self.rest = rest
    let slots = term.layout.slots
    var logs = slots.map { [Double](repeating: -.infinity, count: term.layout.groups[$0.group].count) }
    for (place, slot) in term.sequence.enumerated() {
      for band in logs[slot].indices {
        guard let logits = values.logits(slot: slot, band: band) else { continue }
        let whitened = Self.whitened(logits, place, term, rest)
        logs[slot][band] =
          values.determinants[slot * values.bandCount + band] - 0.5 * whitened.reduce(0) { $0 + $1 * $1 }
      }
    }
    recursions = term.layout.groups.indices.map { group in
      SubsetRecursion(slots.indices.filter { slots[$0].group == group }.map { logs[$0] })
    }
  }

  /// log of the sum over all orders of the term times |det|.
  var logSum: Double {
    term.logConstant - 0.5 * rest.reduce(0) { $0 + $1 * $1 } + recursions.reduce(0) { $0 + $1.logSum }
  }

  /// The gradient of ``logSum`` with respect to the point.
  var score: [Double] {
    var result = [Double](repeating: 0, count: point.count)
    let shares = recursions.map(\.shares)
    var restSlope = rest
    for (place, slot) in term.sequence.enumerated() {
      let layout = term.layout
      let (start, fields) = (term.starts[place], layout.slots[slot].positions.count)
      var mean = [Double](repeating: 0, count: fields)
      for band in 0..<layout.groups[layout.slots[slot].group].count {
        let share = shares[layout.slots[slot].group][layout.slots[slot].index][band]
        guard share > 0, let logits = values.logits(slot: slot, band: band) else { continue }
        let slope = Self.backSubstituted(Self.whitened(logits, place, term, rest), start, term)
        for field in 0..<fields { mean[field] += share * slope[field] }
        // The gradient of one band in one slot, brought back to the band's own coordinates.
        var own = [Double](repeating: 0, count: point.count)
        for (position, value) in zip(layout.slots[slot].positions, slope) { own[position] = -value }
        layout.addPullback(own, slot: slot, band: band, share: share, at: point, to: &result)
      }
      for column in rest.indices {
        for field in 0..<fields { restSlope[column] -= term.factor[start + field, column] * mean[field] }
      }
    }
    for row in rest.indices.reversed() {
      for later in row + 1..<max(rest.count, row + 1) {
        restSlope[row] -= term.factor[later, row] * restSlope[later]
      }
      restSlope[row] /= term.factor[row, row]
    }
    for (position, value) in zip(term.layout.rest, restSlope) { result[position] = -value }
    return result
  }

  private static func whitened(_ logits: [Double], _ place: Int, _ term: OrderedTerm, _ rest: [Double]) -> [Double]
  {
    let start = term.starts[place]
    var result = logits
    for field in result.indices {
      let row = start + field
      result[field] -= term.location[row] + rest.indices.reduce(0) { $0 + term.factor[row, $1] * rest[$1] }
      for other in 0..<field { result[field] -= term.factor[row, start + other] * result[other] }
      result[field] /= term.factor[row, row]
    }
    return result
  }

  /// L_ss^-T z.
  private static func backSubstituted(_ whitened: [Double], _ start: Int, _ term: OrderedTerm) -> [Double] {
    var result = whitened
    for field in result.indices.reversed() {
      for later in field + 1..<max(result.count, field + 1) {
        result[field] -= term.factor[start + later, start + field] * result[later]
      }
      result[field] /= term.factor[start + field, start + field]
    }
    return result
  }
}
