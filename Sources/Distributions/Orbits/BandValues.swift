/// The settings that every slot would have from every band of its group, at one point.
package struct BandValues: Sendable {
  /// The most bands of a group.
  let bandCount: Int
  /// The most settings of a band.
  let width: Int
  /// [slot, band, field].
  private(set) var logits: [Double]
  /// log |det| of the map [slot, band]; minus infinity where the slot cannot hold the band.
  private(set) var determinants: [Double]
  /// Settings of the bands of each slot.
  var fieldCounts: [Int] = []
  /// The first slot of the group of each slot.
  var firsts: [Int] = []

  init(slotCount: Int, bandCount: Int, width: Int) {
    (self.bandCount, self.width) = (bandCount, width)
    logits = Array(repeating: 0, count: slotCount * bandCount * width)
    determinants = Array(repeating: -.infinity, count: slotCount * bandCount)
  }

  /// Lets a slot hold a band.
  ///
  /// - Parameters:
  ///   - logDeterminant: of the map of the settings.
  ///   - fields: how many settings there are.
  ///   - logit: each of them, in the slot.
  mutating func set(slot: Int, band: Int, logDeterminant: Double, fields: Int, logit: (Int) -> Double) {
    let entry = slot * bandCount + band
    determinants[entry] = logDeterminant
    for field in 0..<fields { logits[entry * width + field] = logit(field) }
  }

  /// Whether the slot can hold the band.
  package func accepts(slot: Int, band: Int) -> Bool { determinants[slot * bandCount + band] > -.infinity }

  /// log |det| of the map of a band's settings to a slot; minus infinity where the slot cannot hold it.
  package func logDeterminant(slot: Int, band: Int) -> Double { determinants[slot * bandCount + band] }

  /// The settings of a band in a slot; nil where its ranges do not reach them.
  package func logits(slot: Int, band: Int) -> [Double]? {
    guard accepts(slot: slot, band: band) else { return nil }
    let start = (slot * bandCount + band) * width
    return Array(logits[start..<start + fieldCounts[slot]])
  }

  /// The same settings with maps that count for nothing: for distances, which have no determinants.
  var withoutDeterminants: BandValues {
    var result = self
    for index in determinants.indices where determinants[index] > -.infinity { result.determinants[index] = 0 }
    return result
  }

  /// The squared distance of a band in a slot to some logits; infinity where the slot cannot hold it.
  package func squaredDistance(slot: Int, band: Int, to other: [Double]) -> Double {
    guard accepts(slot: slot, band: band) else { return .infinity }
    let start = (slot * bandCount + band) * width
    return other.indices.reduce(0) { $0 + (logits[start + $1] - other[$1]) * (logits[start + $1] - other[$1]) }
  }

  /// The same, with bands that may only go to empty slots, and others that may not.
  ///
  /// - Parameters:
  ///   - isInactive: for each band, in the order of slots.
  ///   - isEmpty: for each slot; as many in a group as bands are inactive.
  package func separating(isInactive: [Bool], isEmpty: [Bool]) -> BandValues {
    var result = self
    for slot in firsts.indices {
      let count = firsts.count { $0 == firsts[slot] }
      for band in 0..<count where isInactive[firsts[slot] + band] != isEmpty[slot] {
        result.determinants[slot * bandCount + band] = -.infinity
      }
    }
    return result
  }
}
