package import FXParams
import Foundation

/// The slots of some groups of like bands among the coordinates of a density.
///
/// An order gives each slot a band of its own group. It is stored slot after slot, the groups one after another.
package struct BandLayout: Sendable {
  /// One place for a band.
  package struct Slot: Sendable {
    /// Index in ``groups``.
    let group: Int
    /// Number of the slot in its group.
    let index: Int
    /// The first slot of its group.
    let firstOfGroup: Int
    /// The coordinates of its settings.
    let positions: [Int]
  }

  package let groups: [BandGroup]
  package let slots: [Slot]
  /// The other coordinates, ascending.
  package let rest: [Int]
  /// For each group, whether all its slots have the same ranges, so that logits move unchanged.
  private let hasOneRange: [Bool]

  /// - Precondition: the groups have no coordinate in common, and all lie below the dimension.
  package init(_ groups: [BandGroup], dimension: Int) {
    self.groups = groups
    var slots: [Slot] = []
    for (number, group) in groups.enumerated() {
      let first = slots.count
      slots += group.indices.enumerated().map {
        Slot(group: number, index: $0, firstOfGroup: first, positions: $1)
      }
    }
    self.slots = slots
    let touched = Set(slots.flatMap(\.positions))
    rest = (0..<dimension).filter { !touched.contains($0) }
    hasOneRange = groups.map(\.hasOneRange)
  }

  /// Number of slots of all groups.
  package var slotCount: Int { slots.count }

  /// The first slot of a group.
  package func firstSlot(ofGroup group: Int) -> Int { slots.firstIndex { $0.group == group } ?? slots.count }

  /// The first slot of the group that a slot belongs to.
  package func firstSlot(ofGroupAt slot: Int) -> Int { slots[slot].firstOfGroup }

  /// The coordinates of the settings in a slot.
  package func positions(ofSlot slot: Int) -> [Int] { slots[slot].positions }

  /// The order that moves nothing.
  package var identity: [Int] { slots.map(\.index) }

  /// - Parameter point: the coordinates of the density.
  package func values(at point: [Double]) -> BandValues {
    var values = BandValues(
      slotCount: slots.count, bandCount: groups.map(\.count).max() ?? 1,
      width: slots.map(\.positions.count).max() ?? 1)
    for (place, slot) in slots.enumerated() {
      let group = groups[slot.group]
      for band in group.indices.indices {
        if hasOneRange[slot.group] {
          values.set(slot: place, band: band, logDeterminant: 0, fields: slot.positions.count) {
            point[group.indices[band][$0]]
          }
          continue
        }
        let images = group.indices[band].indices.map { field in
          group.revaluation(field, from: band, to: slot.index).image(of: point[group.indices[band][field]])
        }
        guard images.allSatisfy({ $0 != nil }) else { continue }
        let determinant = images.reduce(0) { $0 + ($1?.logDerivative ?? 0) }
        values.set(slot: place, band: band, logDeterminant: determinant, fields: images.count) {
          images[$0]?.value ?? 0
        }
      }
    }
    values.fieldCounts = slots.map(\.positions.count)
    values.firsts = slots.map(\.firstOfGroup)
    return values
  }

  /// Puts the bands of a point into an order.
  ///
  /// - Parameters:
  ///   - order: a band for each slot, each of which can be held.
  ///   - values: of the point.
  ///   - point: changed in place.
  /// - Returns: log |det| of the map.
  package func apply(_ order: some Collection<Int>, _ values: BandValues, to point: inout [Double]) -> Double {
    var determinant = 0.0
    for (place, band) in order.enumerated() {
      precondition(values.accepts(slot: place, band: band), "Slot \(place) cannot hold band \(band)")
      let start = (place * values.bandCount + band) * values.width
      for (field, position) in slots[place].positions.enumerated() {
        point[position] = values.logits[start + field]
      }
      determinant += values.determinants[place * values.bandCount + band]
    }
    return determinant
  }

  /// The gradient with respect to a point of f(image) + log |det|, given that of f at the image under an order.
  package func pullback(_ gradient: [Double], _ order: some Collection<Int>, at point: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: gradient.count)
    for position in rest { result[position] = gradient[position] }
    for (slot, band) in order.enumerated() {
      addPullback(gradient, slot: slot, band: band, share: 1, at: point, to: &result)
    }
    return result
  }

  /// Adds what one slot with one band contributes to a pullback, times a share.
  func addPullback(
    _ gradient: [Double], slot: Int, band: Int, share: Double, at point: [Double], to result: inout [Double]
  ) {
    let group = groups[slots[slot].group]
    for (field, position) in slots[slot].positions.enumerated() {
      let source = group.indices[band][field]
      guard !hasOneRange[slots[slot].group] else {
        result[source] += share * gradient[position]
        continue
      }
      guard let image = group.revaluation(field, from: band, to: slots[slot].index).image(of: point[source]) else {
        preconditionFailure("Slot \(slot) cannot hold band \(band)")
      }
      result[source] += share * (gradient[position] * image.derivative + image.logDerivativeSlope)
    }
  }

  /// log of the number of orders whose settings all lie in the ranges of their slots.
  package func logOrderCount(_ values: BandValues) -> Double {
    groups.indices.reduce(0) { sum, group in
      let count = groups[group].count
      if hasOneRange[group] { return sum + lgamma(Double(count) + 1) }
      let first = slots.firstIndex { $0.group == group } ?? 0
      let terms = (0..<count).map { slot in
        (0..<count).map { values.accepts(slot: first + slot, band: $0) ? 0 : -Double.infinity }
      }
      return sum + SubsetRecursion(terms).logSum
    }
  }
}
