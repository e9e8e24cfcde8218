import FXParams
import NumericCore

/// What a search over orders needs of one point: the bands in every slot, and room for its steps.
///
/// Slots are numbered in the sequence of the term; "fields" are the settings of a band. All is in one stretch of
/// memory, since a search looks at hundreds of bands.
final class SlotTables {
  let slotCount: Int
  /// The most bands of a group.
  let bandCount: Int
  /// |L_RR^-1 (x_R - m_R)|^2.
  let restDistance: Double
  /// The most that the slots from one on can add in log |det|.
  let bestDeterminants: UnsafeMutablePointer<Double>
  /// log |det| [slot, band]; minus infinity where the slot cannot hold the band.
  let determinants: UnsafeMutablePointer<Double>
  /// What a band adds to the squared distance [slot, band].
  let distances: UnsafeMutablePointer<Double>
  /// The bands that are free, the nearest first [slot, rank].
  let ranking: UnsafeMutablePointer<Int>
  /// The group of each slot.
  let groups: UnsafeMutablePointer<Int>

  /// The most settings of a band.
  private let width: Int
  private let storage: UnsafeMutablePointer<Double>
  /// The expected logits of each slot given the rest [slot, field].
  private let centres: UnsafeMutablePointer<Double>
  /// The same given the slots filled before, too.
  private let shifted: UnsafeMutablePointer<Double>
  /// Logits of each band in each slot [slot, band, field].
  private let logits: UnsafeMutablePointer<Double>
  /// The same, whitened [slot, band, field].
  private let whitened: UnsafeMutablePointer<Double>
  /// Whitened coordinates of the slots that are filled, one after another.
  private let filled: UnsafeMutablePointer<Double>
  /// The rows and columns of the slots in the factor [slot coordinates, slot coordinates].
  private let factor: UnsafeMutablePointer<Double>
  private let order: Int
  /// The first coordinate of each slot, the number of its fields, and the number of bands of its group.
  private let (starts, fields, counts):
    (UnsafeMutablePointer<Int>, UnsafeMutablePointer<Int>, UnsafeMutablePointer<Int>)

  init(_ term: OrderedTerm, values: BandValues, point: [Double]) {
    let layout = term.layout
    let slotCount = layout.slots.count
    let width = values.width
    let bandCount = values.bandCount
    precondition(bandCount <= 64, "\(bandCount) bands in a group")
    (self.slotCount, self.width, self.bandCount) = (slotCount, width, bandCount)
    let rest = term.whitenedRest(of: point)
    restDistance = rest.reduce(0) { $0 + $1 * $1 }
    let first = term.starts.first ?? 0
    order = term.factor.columns - first
    let sizes = [
      slotCount + 1, slotCount * bandCount, slotCount * bandCount, slotCount * width, slotCount * width,
      slotCount * bandCount * width, slotCount * bandCount * width, slotCount * width, order * order,
    ]
    storage = .allocate(capacity: sizes.reduce(1, +))
    var next = storage
    let parts = sizes.map { size in
      defer { next += size }
      return next
    }
    (bestDeterminants, determinants, distances) = (parts[0], parts[1], parts[2])
    (centres, shifted, logits, whitened) = (parts[3], parts[4], parts[5], parts[6])
    (filled, factor) = (parts[7], parts[8])
    ranking = .allocate(capacity: slotCount * bandCount + 4 * slotCount + 1)
    groups = ranking + slotCount * bandCount
    (starts, fields, counts) = (groups + slotCount, groups + 2 * slotCount, groups + 3 * slotCount)

    let columns = term.factor.columns
    term.factor.values.withUnsafeBufferPointer { all in
      for row in 0..<order {
        for column in 0...row { factor[row * order + column] = all[(first + row) * columns + first + column] }
      }
    }
    bestDeterminants[slotCount] = 0
    for place in stride(from: slotCount - 1, through: 0, by: -1) {
      let slot = layout.slots[term.sequence[place]]
      starts[place] = term.starts[place] - first
      fields[place] = slot.positions.count
      groups[place] = slot.group
      counts[place] = layout.groups[slot.group].count
      for field in slot.positions.indices {
        let row = term.starts[place] + field
        var centre = term.location[row]
        for column in rest.indices { centre += term.factor.values[row * columns + column] * rest[column] }
        centres[place * width + field] = centre
      }
      var best = -Double.infinity
      let source = term.sequence[place] * bandCount
      for band in 0..<bandCount {
        let determinant = values.determinants[source + band]
        determinants[place * bandCount + band] = determinant
        best = max(best, determinant)
        for field in 0..<width {
          logits[(place * bandCount + band) * width + field] = values.logits[(source + band) * width + field]
        }
      }
      bestDeterminants[place] = bestDeterminants[place + 1] + best
    }
  }

  deinit {
    storage.deallocate()
    ranking.deallocate()
  }

  /// Ranks the free bands for a slot, given those that fill the slots before, and returns how many there are.
  ///
  /// - Parameter used: bit b: band b of the group of the slot fills another.
  func rank(_ place: Int, used: UInt64) -> Int {
    let (start, fieldCount) = (starts[place], fields[place])
    let shift = shifted + place * width
    for field in 0..<fieldCount {
      let row = factor + (start + field) * order
      var value = centres[place * width + field]
      for column in 0..<start { value += row[column] * filled[column] }
      shift[field] = value
    }
    let triangle = factor + start * order + start
    var count = 0
    for band in 0..<counts[place] where used >> UInt64(band) & 1 == 0 {
      let entry = place * bandCount + band
      guard determinants[entry] > -.infinity else { continue }
      let image = whitened + entry * width
      var sum = 0.0
      for field in 0..<fieldCount {
        let row = triangle + field * order
        var value = logits[entry * width + field] - shift[field]
        for other in 0..<field { value -= row[other] * image[other] }
        value /= row[field]
        image[field] = value
        sum += value * value
      }
      distances[entry] = sum
      // Sorted by insertion; equal distances stay in the order of the bands.
      let ranks = ranking + place * bandCount
      var rank = count
      while rank > 0, distances[place * bandCount + ranks[rank - 1]] > sum {
        ranks[rank] = ranks[rank - 1]
        rank -= 1
      }
      ranks[rank] = band
      count += 1
    }
    return count
  }

  /// Fills a slot with one of the bands ranked last.
  func fill(_ place: Int, with band: Int) {
    let image = whitened + (place * bandCount + band) * width
    for field in 0..<fields[place] { filled[starts[place] + field] = image[field] }
  }
}
