import Foundation
package import NumericCore

/// Random orders of a point's bands, slot by slot in proportion to the density of each band given those before:
/// proposals for importance sampling, and starts for searches that would take too long.
package struct OrderSampler {
  private let term: OrderedTerm
  private let tables: SlotTables

  package init(_ term: OrderedTerm, values: BandValues, point: [Double]) {
    self.term = term
    tables = SlotTables(term, values: values, point: point)
  }

  /// An order; nil where the bands drawn left none for a slot.
  ///
  /// Proposals are wider than the term by a factor of 2 in variance, so that weights of heavier tails stay bounded.
  package func draw(using source: inout RandomSource) -> (order: [Int], logProbability: Double)? {
    var order = term.layout.identity
    let logProbability = walk { place, terms in
      let total = logSumExp(terms)
      let rank = source.nextIndex(weights: terms.map { exp($0 - total) })
      order[term.sequence[place]] = tables.ranking[place * tables.bandCount + rank]
      return rank
    }
    return logProbability.map { (order, $0) }
  }

  /// The log of the probability of drawing an order; minus infinity for one that slots cannot hold.
  package func logProbability(of order: [Int]) -> Double {
    let probability = walk { place, terms in
      let row = place * tables.bandCount
      return terms.indices.first { tables.ranking[row + $0] == order[term.sequence[place]] }
    }
    return probability ?? -.infinity
  }

  /// Fills the slots in turn with the bands of the ranks that `choose` gives, and adds up the log probabilities.
  ///
  /// - Parameter choose: given the number of the slot in the sequence and the log weights of the bands by rank.
  private func walk(_ choose: (Int, [Double]) -> Int?) -> Double? {
    var used = [UInt64](repeating: 0, count: term.layout.groups.count)
    var logProbability = 0.0
    for (place, slot) in term.sequence.enumerated() {
      let group = term.layout.slots[slot].group
      let row = place * tables.bandCount
      let terms = (0..<tables.rank(place, used: used[group])).map { rank in
        let band = tables.ranking[row + rank]
        return -0.25 * tables.distances[row + band] + tables.determinants[row + band]
      }
      guard !terms.isEmpty, let rank = choose(place, terms) else { return nil }
      logProbability += terms[rank] - logSumExp(terms)
      let band = tables.ranking[row + rank]
      tables.fill(place, with: band)
      used[group] |= 1 << UInt64(band)
    }
    return logProbability
  }
}
