import FXParams
import Foundation
import NumericCore

/// What a proposal knows of an order.
struct OrderDraw {
  /// Of drawing the order; minus infinity for one that it never draws.
  let logProbability: Double
  /// The log of the term with log |det| of the order.
  let value: Double
  /// log |det|.
  var logDeterminant = 0.0
}

/// A way to draw orders of a point's bands under one term. One caller at a time.
protocol OrderProposal: AnyObject {
  /// Draws an order; nil where the bands drawn left none for a slot.
  func draw(using source: inout RandomSource, into order: inout [Int]) -> OrderDraw?

  /// The same of a given order; nil for one that is never drawn, or that slots cannot hold.
  func weight(of order: [Int]) -> OrderDraw?
}

/// The proposals of all images of a point under all terms, as one.
struct OrderProposals {
  private let proposals: [(image: Int, proposal: any OrderProposal, logShare: Double)]
  private let shares: [Double]
  private let determinants: [Double]

  /// Images and terms that fit an order; 0 at points so far out that distances overflow.
  var count: Int { proposals.count }

  /// - Parameters:
  ///   - search: the terms.
  ///   - images: of one point.
  ///   - values: of each image.
  init(_ search: OrbitSearch, images: [Symmetry.Image], values: [BandValues]) {
    var found: [(image: Int, proposal: any OrderProposal)] = []
    for (index, image) in images.enumerated() {
      for term in search.terms {
        let proposal: (any OrderProposal)? =
          LookaheadProposal(term, values: values[index], point: image.theta)
          ?? ListedProposal(term, values: values[index], point: image.theta)
        guard let proposal else { continue }
        found.append((index, proposal))
      }
    }
    let shares = Self.shares(found.map { (proposal: $0.proposal, raise: images[$0.image].logDeterminant) }, search)
    proposals = zip(found, shares).map { ($0.image, $0.proposal, log($1)) }
    self.shares = shares
    determinants = images.map(\.logDeterminant)
  }

  /// Draws that tell how much each proposal carries, and the share of all draws that is divided evenly, lest one
  /// that carries much is not drawn at all.
  private static let (pilots, evenShare) = (16, 0.2)

  /// In proportion to what the proposals carry, by draws of their own: what those decide is independent of others.
  private static func shares(
    _ proposals: [(proposal: any OrderProposal, raise: Double)], _ search: OrbitSearch
  ) -> [Double] {
    guard proposals.count > 1 else { return proposals.map { _ in 1 } }
    var order = search.layout.identity
    let logs = proposals.enumerated().map { index, own in
      var source = RandomSource(seed: UInt64(index), stream: .max)
      let weights = (0..<pilots).map { _ in
        own.proposal.draw(using: &source, into: &order).map { $0.value - $0.logProbability } ?? -.infinity
      }
      return own.raise + logSumExp(weights)
    }
    let total = logSumExp(logs)
    let even = evenShare / Double(proposals.count)
    return logs.map { total > -.infinity ? even + (1 - evenShare) * exp($0 - total) : 1 / Double(logs.count) }
  }

  /// An image and, in place, an order of its bands, with the probability of drawing both and the sum of the terms.
  func draw(using source: inout RandomSource, into order: inout [Int]) -> (image: Int, draw: OrderDraw)? {
    let (image, proposal, _) = proposals[shares.count == 1 ? 0 : source.nextIndex(weights: shares)]
    guard let draw = proposal.draw(using: &source, into: &order) else { return nil }
    guard proposals.count > 1 else {
      return (image, OrderDraw(logProbability: draw.logProbability, value: draw.value + determinants[image]))
    }
    return (image, weigh(order, image: image))
  }

  /// The same of a given order: any of the terms may have proposed it.
  func weigh(_ order: [Int], image: Int) -> OrderDraw {
    var (probabilities, values): ([Double], [Double]) = ([], [])
    for (own, proposal, logShare) in proposals where own == image {
      guard let draw = proposal.weight(of: order) else { continue }
      probabilities.append(logShare + draw.logProbability)
      values.append(draw.value + determinants[image])
    }
    return OrderDraw(logProbability: logSumExp(probabilities), value: logSumExp(values))
  }
}
