import FXParams
import Foundation
import NumericCore

/// The copies of a point that carry its orbit sum: a few of a group's elements, each with the weight of its term.
struct OrbitCopies {
  /// One copy: a product of involutions, then an order of bands.
  struct Copy {
    /// Index of the product of involutions.
    let involution: Int
    /// The band of each slot.
    let order: [Int]
    /// What the log density at the image is raised by: log |det|, and for draws log (times drawn / probability).
    let logWeight: Double
  }

  let copies: [Copy]
  /// The images [copies, D].
  let images: Matrix
}

/// The search for the copies of points that matter, under one group and one density.
struct OrbitSearch: Sendable {
  /// All products of involutions.
  let involutions: [Symmetry]
  let layout: BandLayout
  /// The terms of the density, or of a normal that stands in for it.
  let terms: [OrderedTerm]
  /// Whether the terms are those of the density itself, so that what a search leaves out is known to be small.
  let isExact: Bool

  /// Copies whose terms are smaller than the largest by a factor of exp(-28) are left out, for more than 8 bands by
  /// one that is smaller as there are more orders than 8!: all together would then add less than 1e-7 nats.
  private static let leastWindow = 28.0
  /// Slots that a search fills at most before draws take its place.
  static let mostSteps = 2_000_000

  /// The copies that matter; nil where the search would take too long.
  func copies(of point: [Double]) -> OrbitCopies? {
    let moved = images(of: point)
    let values = moved.map { layout.values(at: $0.image.theta) }
    var best = -Double.infinity
    var searches: [(involution: Int, search: OrderSearch)] = []
    for (index, (_, image)) in moved.enumerated() {
      for term in terms {
        let search = OrderSearch(term, values: values[index], point: image.theta)
        searches.append((index, search))
        switch search.best(above: best - image.logDeterminant, steps: Self.mostSteps) {
        case .best(_, let value): best = value + image.logDeterminant
        case .none: break
        case .unfinished: return nil
        }
      }
    }
    let logCount = values.first.map { layout.logOrderCount($0) } ?? 0
    let window = Self.leastWindow + max(0, logCount + log(Double(max(moved.count, 1))) - lgamma(9))
    var seen: Set<[Int]> = []
    var (copies, images): ([OrbitCopies.Copy], [Double]) = ([], [])
    let slotCount = layout.slots.count
    for (index, search) in searches {
      let (involution, image) = moved[index]
      guard
        let orders = search.orders(above: best - window - image.logDeterminant, steps: Self.mostSteps)?.orders
      else { return nil }
      for start in stride(from: 0, to: orders.count, by: slotCount) {
        let order = Array(orders[start..<start + slotCount])
        if terms.count > 1, !seen.insert([index] + order).inserted { continue }
        var theta = image.theta
        let determinant = layout.apply(order, values[index], to: &theta)
        copies.append(
          .init(involution: involution, order: order, logWeight: image.logDeterminant + determinant))
        images += theta
      }
    }
    return OrbitCopies(
      copies: copies, images: Matrix(rows: copies.count, columns: point.count, values: images))
  }

  /// The images under the products of involutions that apply.
  func images(of point: [Double]) -> [(involution: Int, image: Symmetry.Image)] {
    involutions.enumerated().compactMap { index, element in element.image(of: point).map { (index, $0) } }
  }

  /// log of the number of elements that apply to a point.
  func logCount(at point: [Double]) -> Double {
    let moved = images(of: point)
    guard let first = moved.first else { return -.infinity }
    return log(Double(moved.count)) + layout.logOrderCount(layout.values(at: first.image.theta))
  }
}
