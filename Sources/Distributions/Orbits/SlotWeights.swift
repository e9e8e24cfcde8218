import FXParams
import Foundation

/// The bands in each slot as if slots did not depend on one another, and what is left of them once a set is used.
struct SlotWeights {
  private(set) var lookahead: [[Double]] = []
  private(set) var sortedBands: [[Int]] = []

  /// - Parameters:
  ///   - distances: of the bands in the slots.
  ///   - power: to which densities are raised.
  ///   - least: the smallest weight of a band that a slot can hold; the largest is 1.
  init(_ term: OrderedTerm, values: BandValues, _ distances: SlotDistances, power: Double, least: Double) {
    let layout = term.layout
    var weights = [[Double]](repeating: [], count: layout.slots.count)
    for (place, slot) in term.sequence.enumerated() {
      let count = layout.groups[layout.slots[slot].group].count
      let logs = (0..<count).map { band -> Double in
        guard values.accepts(slot: slot, band: band) else { return -.infinity }
        return values.logDeterminant(slot: slot, band: band)
          - 0.5 * power * distances.values[place * values.bandCount + band]
      }
      let largest = logs.max() ?? 0
      guard largest > -.infinity else {
        weights[place] = Array(repeating: 0, count: count)
        continue
      }
      weights[place] = logs.map { $0 > -.infinity ? max(exp($0 - largest), least) : 0 }
    }
    for group in layout.groups.indices {
      let places = term.sequence.indices.filter { layout.slots[term.sequence[$0]].group == group }
      let count = layout.groups[group].count
      var left = [Double](repeating: 0, count: 1 << count)
      left[(1 << count) - 1] = 1
      for set in stride(from: (1 << count) - 2, through: 0, by: -1) {
        let own = weights[places[set.nonzeroBitCount]]
        var sum = 0.0
        for band in 0..<count where set >> band & 1 == 0 { sum += own[band] * left[set | 1 << band] }
        left[set] = sum
      }
      lookahead.append(left)
      // Bands alike in the first slot are told apart by the next.
      let keys = (0..<count).map { band in places.map { weights[$0][band] } }
      sortedBands.append((0..<count).sorted { keys[$1].lexicographicallyPrecedes(keys[$0]) })
    }
  }
}

/// The squared distances of all bands in all slots, given the coordinates outside the slots alone.
struct SlotDistances {
  /// [place, band]; infinity where the slot cannot hold the band.
  let values: [Double]

  init(_ term: OrderedTerm, values: BandValues, rest: [Double]) {
    self.values = term.sequence.enumerated().flatMap { place, slot in
      (0..<values.bandCount).map { band in
        values.accepts(slot: slot, band: band)
          ? term.ownDistance(place, values, slot: slot, band: band, rest: rest) : .infinity
      }
    }
  }
}
