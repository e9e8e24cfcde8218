import FXParams
import Foundation
public import NumericCore

extension OrbitSum {
  // MARK: - Density

  /// By log-sum-exp over one batch of copies; copies that carry less than 1e-18 of the sum are left out of the
  /// score.
  public func logDensity(at point: [Double], score: inout [Double]) -> Double {
    if case .search(let search) = method, let slots = search.independentSlots(at: point) {
      let own = slots.score
      for index in score.indices { score[index] = own[index] }
      return slots.logSum - search.logCount(at: point)
    }
    let sum = OrbitTerms(self, at: point)
    let total = logSumExp(sum.terms)
    for index in score.indices { score[index] = 0 }
    var inner = [Double](repeating: 0, count: dimension)
    for (place, term) in sum.terms.enumerated() where term - total > -41.5 {
      _ = base.logDensity(at: sum.image(place), score: &inner)
      let pulled = sum.pullback(inner, place)
      let share = exp(term - total)
      for index in score.indices { score[index] += share * pulled[index] }
    }
    return total - sum.logCount
  }

  /// Without the scores of the copies, which cost more than their log densities.
  public func logDensity(at point: [Double]) -> Double {
    if case .search(let search) = method, let slots = search.independentSlots(at: point) {
      return slots.logSum - search.logCount(at: point)
    }
    let sum = OrbitTerms(self, at: point)
    return logSumExp(sum.terms) - sum.logCount
  }

  public func logDensities(ofRows points: Matrix) -> [Double] {
    (0..<points.rows).map { logDensity(at: points.row($0)) }
  }

  /// An estimate of the log density from random copies, by importance sampling.
  ///
  /// - Parameters:
  ///   - point: the coordinates [D].
  ///   - draws: how many copies, at least 2.
  ///   - seed: of the draws.
  /// - Returns: the log density in nats with its standard error, which is that of the mean of the weights relative
  ///   to it; nil for groups without bands, which are enumerated.
  public func estimate(
    at point: [Double], draws: Int = OrbitSum.draws, seed: UInt64 = 0
  ) throws -> (logDensity: Double, standardError: Double)? {
    precondition(draws >= 2, "\(draws) draws")
    guard !group.bandGroups.isEmpty else { return nil }
    let search: OrbitSearch
    if case .search(let own) = method { search = own } else { search = try OrbitSearch(base, over: group) }
    guard !search.isExact else {
      let (logs, logCount) = search.logWeights(draws, at: point, seed: seed)
      let total = logSumExp(logs)
      guard total > -.infinity else { return (-.infinity, .infinity) }
      let count = Double(draws)
      let squares = logs.reduce(0) { $0 + exp(2 * ($1 - total)) }
      // The relative variance of a weight, from draws.
      let variance = max(squares * count - 1, 0) * count / (count - 1)
      return (total - log(count) - logCount, (variance / count).squareRoot())
    }
    let (copies, multiplicities) = search.draws(draws, at: point, seed: seed)
    let terms = zip(base.logDensities(ofRows: copies.images), copies.copies).map { $0 + $1.logWeight }
    let total = logSumExp(terms)
    // A term is the sum of its draws' weights over the number of draws.
    let count = Double(draws)
    let squares = zip(terms, multiplicities).reduce(0) { sum, term in
      let weight = exp(term.0 - total) * count / Double(term.1)
      return sum + Double(term.1) * weight * weight
    }
    let variance = max(squares / count - 1, 0) * count / (count - 1)
    return (total - search.logCount(at: point), (variance / count).squareRoot())
  }

  /// The smallest distance of a copy.
  public func squaredMahalanobisDistanceIfDefined(to point: [Double]) -> Double? {
    let images: [[Double]]
    switch method {
    case .enumeration(let elements): images = elements.compactMap { $0.image(of: point)?.theta }
    case .search(let search): images = search.nearestImages(of: point)
    }
    return images.compactMap { base.squaredMahalanobisDistanceIfDefined(to: $0) }.min()
  }

  /// A draw of q, moved by an element drawn among those that apply to it.
  public func sample(using source: inout RandomSource) -> [Double] {
    let draw = base.sample(using: &source)
    switch method {
    case .enumeration(let elements):
      let images = elements.compactMap { $0.image(of: draw)?.theta }
      return images[min(Int(source.nextUniform() * Double(images.count)), images.count - 1)]
    case .search(let search): return search.randomImage(of: draw, using: &source)
    }
  }
}

/// The copies of one point with the logs of their terms: log q(g x) + log |det|.
private struct OrbitTerms {
  let terms: [Double]
  /// log of the number of elements that apply.
  let logCount: Double
  private let images: Matrix
  private let moves: Moves
  private let point: [Double]

  private enum Moves {
    case elements([Symmetry])
    case copies([OrbitCopies.Copy], OrbitSearch)
  }

  init(_ sum: OrbitSum, at point: [Double]) {
    self.point = point
    switch sum.method {
    case .enumeration(let elements):
      var values: [Double] = []
      values.reserveCapacity(elements.count * point.count)
      var (used, determinants): ([Symmetry], [Double]) = ([], [])
      for element in elements {
        guard let image = element.image(of: point) else { continue }
        values += image.theta
        used.append(element)
        determinants.append(image.logDeterminant)
      }
      images = Matrix(rows: used.count, columns: point.count, values: values)
      terms = zip(sum.base.logDensities(ofRows: images), determinants).map(+)
      logCount = log(Double(used.count))
      moves = .elements(used)
    case .search(let search):
      let found =
        (search.isExact ? search.copies(of: point) : nil)
        ?? search.draws(OrbitSum.draws, at: point, seed: 0).copies
      images = found.images
      terms = zip(sum.base.logDensities(ofRows: images), found.copies).map { $0 + $1.logWeight }
      logCount = search.logCount(at: point)
      moves = .copies(found.copies, search)
    }
  }

  func image(_ place: Int) -> [Double] { images.row(place) }

  /// The gradient of a term with respect to the point, given that of the base at the image.
  func pullback(_ gradient: [Double], _ place: Int) -> [Double] {
    switch moves {
    case .elements(let elements): return elements[place].pullback(gradient, at: point)
    case .copies(let copies, let search):
      let involution = search.involutions[copies[place].involution]
      let between = involution.image(of: point)?.theta ?? point
      return involution.pullback(
        search.layout.pullback(gradient, copies[place].order, at: between), at: point)
    }
  }
}
