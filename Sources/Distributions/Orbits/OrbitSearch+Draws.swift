import FXParams
import Foundation
import NumericCore

extension OrbitSearch {
  /// Copies drawn at random, with weights under which their sum estimates the sum over all.
  ///
  /// Draws of one order become one copy. An image under an involution and a term are drawn in proportion to what
  /// its proposal expects of it; then the order by ``OrderProposal``. Bands are drawn by their distances, not their
  /// numbers: every order of the bands of a point gives the same draws.
  ///
  /// - Returns: the copies, and how often each was drawn.
  func draws(_ count: Int, at point: [Double], seed: UInt64) -> (copies: OrbitCopies, multiplicities: [Int]) {
    var source = RandomSource(seed: seed)
    let moved = images(of: point)
    let values = moved.map { layout.values(at: $0.image.theta) }
    let proposals = OrderProposals(self, images: moved.map(\.image), values: values)
    guard proposals.count > 0 else {
      // No order was found: at points so far out that distances overflow.
      return (OrbitCopies(copies: [], images: Matrix(rows: 0, columns: point.count)), [])
    }
    var places: [[Int]: Int] = [:]
    var (drawn, multiplicities): ([(image: Int, order: [Int])], [Int]) = ([], [])
    var order = layout.identity
    for _ in 0..<count {
      guard let (image, _) = proposals.draw(using: &source, into: &order) else { continue }
      let key = [image] + order
      if let place = places[key] {
        multiplicities[place] += 1
      } else {
        places[key] = drawn.count
        drawn.append((image, order))
        multiplicities.append(1)
      }
    }
    var (copies, images): ([OrbitCopies.Copy], [Double]) = ([], [])
    for (place, (image, order)) in drawn.enumerated() {
      var theta = moved[image].image.theta
      let determinant = layout.apply(order, values[image], to: &theta) + moved[image].image.logDeterminant
      let logProbability = proposals.weigh(order, image: image).logProbability
      copies.append(
        .init(
          involution: moved[image].involution, order: order,
          logWeight: determinant + log(Double(multiplicities[place]) / Double(count)) - logProbability))
      images += theta
    }
    return (
      OrbitCopies(copies: copies, images: Matrix(rows: copies.count, columns: point.count, values: images)),
      multiplicities
    )
  }

  /// The logs of the weights of draws, log density with log |det| less log probability; and the log of the number
  /// of copies.
  ///
  /// What a walk through the slots adds up is the term itself, so that no image is made.
  /// - Precondition: ``isExact``.
  func logWeights(_ count: Int, at point: [Double], seed: UInt64) -> (weights: [Double], logCount: Double) {
    var source = RandomSource(seed: seed)
    let moved = images(of: point)
    let values = moved.map { layout.values(at: $0.image.theta) }
    let logCount = log(Double(moved.count)) + (values.first.map { layout.logOrderCount($0) } ?? 0)
    let proposals = OrderProposals(self, images: moved.map(\.image), values: values)
    guard proposals.count > 0 else { return ([], logCount) }
    var order = layout.identity
    let weights = (0..<count).map { _ in
      guard let (_, draw) = proposals.draw(using: &source, into: &order) else { return -Double.infinity }
      return draw.value - draw.logProbability
    }
    return (weights, logCount)
  }
}
