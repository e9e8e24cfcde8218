import FXParams
import Foundation
import NumericCore

/// Random orders of a point's bands under one term, for importance sampling: slot by slot, each band in proportion
/// to its density given those before, times what is left for the slots that follow.
///
/// What is left is the sum over all ways to fill the other slots if they did not depend on one another, by the
/// recursion over sets of bands: without it a first slot takes the band that a later one cannot do without, and
/// the best order comes up once in a thousand draws. Both factors are wider than a normal term, and as wide as a
/// Student-t one near its best order; far from it such a term falls off more slowly than its draws do. Setting up
/// takes n^2 m^2 products and n 2^n steps, a draw n^2 of either.
///
/// One caller at a time.
final class LookaheadProposal: OrderProposal {
  /// The largest group: a table of 65536 sets.
  static let mostBands = 16
  /// The power to which densities are raised.
  private static let tempering = 0.75
  /// The same of this term: what is far from a Student-t falls off slowly, as a normal of a larger scatter.
  private var power = tempering
  /// Of the best band of a slot; a band far from every slot can still be drawn.
  private static let leastShare = 1e-12

  private let term: OrderedTerm
  private let (slotCount, bandCount, width): (Int, Int, Int)
  private let restDistance: Double
  /// The whitened coordinates that slots would have if all logits of bands were 0 [place, field].
  private let centres: UnsafeMutablePointer<Double>
  /// What a band in a slot adds to the whitened coordinates of a slot [place, earlier place, band, field].
  private let shifts: UnsafeMutablePointer<Double>
  /// log |det| [place, band]; minus infinity where the slot cannot hold the band.
  private let determinants: UnsafeMutablePointer<Double>
  /// Of the slot at hand, by band.
  private let (distances, weights): (UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>)
  /// For each group, from ``starts`` on: what is left once a set of bands is used, by its bits.
  private let lookahead: UnsafeMutablePointer<Double>
  private let partial: UnsafeMutablePointer<Double>
  private let storage: UnsafeMutablePointer<Double>
  private let groupCount: Int
  private let integers: UnsafeMutablePointer<Int>
  /// By place: the group of the slot, its number of fields, the bands of its group, and the band that it has.
  private let (groups, fields, counts, chosen):
    (UnsafeMutablePointer<Int>, UnsafeMutablePointer<Int>, UnsafeMutablePointer<Int>, UnsafeMutablePointer<Int>)
  /// Of each group: bit b says that band b fills a slot; where its sets begin.
  private let (used, starts): (UnsafeMutablePointer<Int>, UnsafeMutablePointer<Int>)
  /// The bands of each group in an order that their numbers do not decide [group, rank].
  private let sortedBands: UnsafeMutablePointer<Int>

  /// Nil for groups of more than ``mostBands``, and where the bands fit no order.
  init?(_ term: OrderedTerm, values: BandValues, point: [Double]) {
    let layout = term.layout
    guard layout.groups.allSatisfy({ $0.count <= Self.mostBands }) else { return nil }
    self.term = term
    let (slots, bands, width) = (layout.slots.count, values.bandCount, values.width)
    (slotCount, bandCount, self.width, groupCount) = (slots, bands, width, layout.groups.count)
    let rest = term.whitenedRest(of: point)
    restDistance = rest.reduce(0) { $0 + $1 * $1 }
    let distances = SlotDistances(term, values: values, rest: rest)
    let table = SlotWeights(term, values: values, distances, power: Self.tempering, least: Self.leastShare)

    let sets = table.lookahead.reduce(0) { $0 + $1.count }
    let sizes = [slots * width, slots * slots * bands * width, slots * bands, bands, bands, width, sets]
    storage = .allocate(capacity: sizes.reduce(0, +))
    storage.initialize(repeating: 0, count: sizes.reduce(0, +))
    var next = storage
    let parts = sizes.map { size in
      defer { next += size }
      return next
    }
    (centres, shifts, determinants) = (parts[0], parts[1], parts[2])
    (self.distances, weights, partial, lookahead) = (parts[3], parts[4], parts[5], parts[6])
    integers = .allocate(capacity: 4 * slots + groupCount * (2 + bands))
    integers.initialize(repeating: 0, count: 4 * slots + groupCount * (2 + bands))
    (groups, fields) = (integers, integers + slots)
    (counts, chosen) = (integers + 2 * slots, integers + 3 * slots)
    (used, starts) = (integers + 4 * slots, integers + 4 * slots + groupCount)
    sortedBands = integers + 4 * slots + 2 * groupCount
    fill(values, rest)
    take(table)
    if term.degreesOfFreedom < .infinity {
      guard let nearest = walk({ place, _ in heaviest(place) }) else { return nil }
      power *= term.normalPower(atLogDensity: nearest.value - nearest.logDeterminant)
      take(SlotWeights(term, values: values, distances, power: power, least: Self.leastShare))
    }
    let isPossible = table.lookahead.allSatisfy { $0[0] > 0 }
    guard isPossible, restDistance < .infinity else { return nil }
  }

  deinit {
    storage.deallocate()
    integers.deallocate()
  }

  /// w = L^-1 (x - m), split into what the other coordinates, the means and each band add.
  private func fill(_ values: BandValues, _ rest: [Double]) {
    for (place, slot) in term.sequence.enumerated() {
      groups[place] = term.layout.slots[slot].group
      fields[place] = term.layout.slots[slot].positions.count
      counts[place] = term.layout.groups[groups[place]].count
    }
    let inverse = term.slotInverse
    let (first, order) = (term.starts.first ?? 0, inverse.rows)
    let means = (0..<order).map { column in
      rest.indices.reduce(term.location[first + column]) { $0 + term.factor[first + column, $1] * rest[$1] }
    }
    for place in 0..<slotCount {
      let source = term.sequence[place] * bandCount
      for band in 0..<bandCount {
        determinants[place * bandCount + band] = values.determinants[source + band]
      }
      for field in 0..<fields[place] {
        let row = term.starts[place] - first + field
        var centre = 0.0
        for column in 0...row { centre -= inverse[row, column] * means[column] }
        centres[place * width + field] = centre
      }
      for earlier in 0...place {
        let origin = term.sequence[earlier] * bandCount
        for band in 0..<bandCount where values.determinants[origin + band] > -.infinity {
          let target = shifts + ((place * slotCount + earlier) * bandCount + band) * width
          for field in 0..<fields[place] {
            let row = (term.starts[place] - first + field) * order + term.starts[earlier] - first
            var sum = 0.0
            for other in 0..<fields[earlier] {
              sum += inverse.values[row + other] * values.logits[(origin + band) * width + other]
            }
            target[field] = sum
          }
        }
      }
    }
  }

  private func take(_ table: SlotWeights) {
    var start = 0
    for (group, sets) in table.lookahead.enumerated() {
      starts[group] = start
      for (set, value) in sets.enumerated() { lookahead[start + set] = value }
      start += sets.count
      for (rank, band) in table.sortedBands[group].enumerated() { sortedBands[group * bandCount + rank] = band }
    }
  }

  func draw(using source: inout RandomSource, into order: inout [Int]) -> OrderDraw? {
    guard let draw = walk({ place, total in choose(place, source.nextUniform() * total) }) else { return nil }
    for place in 0..<slotCount { order[term.sequence[place]] = chosen[place] }
    return draw
  }

  func weight(of order: [Int]) -> OrderDraw? { walk { place, _ in order[term.sequence[place]] } }

  /// The band at which the weights of a slot's bands add up to a sum; the last one of any weight, where rounding
  /// leaves a little.
  private func choose(_ place: Int, _ sum: Double) -> Int {
    let bands = sortedBands + groups[place] * bandCount
    var (remaining, last) = (sum, bands[0])
    for index in 0..<counts[place] where weights[bands[index]] > 0 {
      last = bands[index]
      remaining -= weights[last]
      if remaining < 0 { break }
    }
    return last
  }

  private func heaviest(_ place: Int) -> Int {
    (0..<counts[place]).max { weights[$0] < weights[$1] } ?? 0
  }

  /// Fills the slots in turn with the bands that `choose` gives, from the number of the slot and the sum of the
  /// weights.
  @inline(__always)
  private func walk(_ choose: (Int, Double) -> Int) -> OrderDraw? {
    for group in 0..<groupCount { used[group] = 0 }
    var (distance, determinant, logProbability, probability) = (restDistance, 0.0, 0.0, 1.0)
    for place in 0..<slotCount {
      let total = weigh(place)
      guard total > 0 else { return nil }
      let band = choose(place, total)
      guard weights[band] > 0 else { return nil }
      probability *= weights[band] / total
      // One logarithm for all slots, as long as the product is a number.
      if probability < 1e-250 {
        logProbability += log(probability)
        probability = 1
      }
      distance += distances[band]
      determinant += determinants[place * bandCount + band]
      chosen[place] = band
      used[groups[place]] |= 1 << band
    }
    return OrderDraw(
      logProbability: logProbability + log(probability),
      value: term.logConstant + term.radial(distance) + determinant, logDeterminant: determinant)
  }

  /// Distances and weights of the bands that a slot may take, given those of the slots before; the sum of the
  /// weights, which have a common factor.
  private func weigh(_ place: Int) -> Double {
    let (count, base) = (fields[place], shifts + place * slotCount * bandCount * width)
    for field in 0..<count { partial[field] = centres[place * width + field] }
    for earlier in 0..<place {
      let shift = base + (earlier * bandCount + chosen[earlier]) * width
      for field in 0..<count { partial[field] += shift[field] }
    }
    let (own, bands) = (base + place * bandCount * width, counts[place])
    let (taken, logs) = (used[groups[place]], determinants + place * bandCount)
    var largest = -Double.infinity
    for band in 0..<bands {
      weights[band] = -.infinity
      guard taken >> band & 1 == 0, logs[band] > -.infinity else { continue }
      var sum = 0.0
      for field in 0..<count {
        let value = partial[field] + own[band * width + field]
        sum += value * value
      }
      distances[band] = sum
      weights[band] = logs[band] - 0.5 * power * sum
      largest = max(largest, weights[band])
    }
    let left = lookahead + starts[groups[place]]
    var total = 0.0
    for band in 0..<bands {
      weights[band] = weights[band] > -.infinity ? exp(weights[band] - largest) * left[taken | 1 << band] : 0
      total += weights[band]
    }
    return total
  }
}
