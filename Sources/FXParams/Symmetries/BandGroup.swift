import Foundation

/// Bands of one response that follow one another in an equaliser, perhaps with others between: linear filters in
/// series commute, so that their settings may change places wherever the ranges allow.
public struct BandGroup: Sendable, Hashable, Codable {
  /// As in `equaliser peak`, `reverb.tone peak`.
  public let name: String
  /// One per band, in series order.
  public let bandNames: [String]
  /// Positions in the flat order, one array per band in the band's own order: gain, frequency, Q.
  public let indices: [[Int]]
  /// The parameters at these positions.
  public let parameters: [[Parameter]]

  /// The largest group whose permutations are enumerated: 8! = 40320.
  public static let maximumCount = 8
  /// The largest group whose orders are searched, by bits of a word.
  package static let largestCount = 64

  /// Whether all bands have the same ranges, so that every place holds every band and logits move unchanged.
  public var hasOneRange: Bool {
    parameters.allSatisfy { $0.map(\.bijector) == parameters[0].map(\.bijector) }
  }
  /// Number of bands.
  public var count: Int { indices.count }
  /// All positions, ascending.
  public var touched: [Int] { indices.flatMap { $0 }.sorted() }

  /// The settings of two bands exchanged.
  public func exchange(_ first: Int, _ second: Int) -> Symmetry {
    var order = Array(0..<count)
    order.swapAt(first, second)
    return permutation(order)
  }

  /// Exchanges of neighbours, which generate all permutations.
  public var adjacentExchanges: [Symmetry] { (0..<max(count - 1, 0)).map { exchange($0, $0 + 1) } }

  /// Slot k takes the settings, in physical units, of band order[k].
  ///
  /// - Precondition: `order` is a permutation of 0 ..< count.
  public func permutation(_ order: [Int]) -> Symmetry {
    precondition(order.sorted() == Array(0..<count), "\(order) is no permutation of \(count) bands")
    let moved = order.indices.filter { order[$0] != $0 }
    let isExchange = moved.count == 2
    let name =
      moved.isEmpty
      ? "identity"
      : isExchange
        ? "\(self.name): exchange \(bandNames[moved[0]]) and \(bandNames[moved[1]])"
        : "\(self.name): \(order.map { bandNames[$0] }.joined(separator: ", ")) in this order"
    return Symmetry(
      name: name, kind: moved.isEmpty ? .exact : .domainLimited,
      entries: order.indices.flatMap { slot in
        indices[slot].indices.map { field in
          Symmetry.Entry(
            target: indices[slot][field], source: indices[order[slot]][field],
            map: revaluation(field, from: order[slot], to: slot))
        }
      })
  }

  /// The map of one setting (by its number in the own order of bands) from a band to a slot.
  package func revaluation(_ field: Int, from band: Int, to slot: Int) -> LogitMap {
    let (source, target) = (parameters[band][field].bijector, parameters[slot][field].bijector)
    return source == target ? LogitMap() : LogitMap([.revalued(from: source, to: target)])
  }

  /// Whether a slot can hold the settings of a band.
  public func slot(_ slot: Int, accepts band: Int, of theta: [Double]) -> Bool {
    indices[band].indices.allSatisfy {
      revaluation($0, from: band, to: slot).image(of: theta[indices[band][$0]]) != nil
    }
  }

  /// Every order of the bands, lexicographically: the one that leaves all in place comes first.
  ///
  /// - Throws: ``SymmetryError/tooManyBands(group:count:limit:)``.
  public func orders() throws(SymmetryError) -> [[Int]] {
    guard count <= Self.maximumCount else {
      throw .tooManyBands(group: name, count: count, limit: Self.maximumCount)
    }
    return Self.orders(of: Array(0..<count))
  }

  private static func orders(of items: [Int]) -> [[Int]] {
    guard items.count > 1 else { return [items] }
    return items.indices.flatMap { index in
      var rest = items
      let first = rest.remove(at: index)
      return orders(of: rest).map { [first] + $0 }
    }
  }
}

/// Requests that the symmetries of a chain cannot meet.
public enum SymmetryError: Error, Equatable, Sendable, CustomStringConvertible {
  case tooManyBands(group: String, count: Int, limit: Int)
  case tooManyElements(count: Int, limit: Int)
  case unknownFamily(name: String, known: [String])
  case absentFamily(name: String)

  public var description: String {
    switch self {
    case .tooManyBands(let group, let count, let limit):
      "The \(group) bands are \(count), more than the \(limit) whose orders can be taken here: leave the bands "
        + "out or describe the chain with fewer of one kind in series."
    case .tooManyElements(let count, let limit):
      "The symmetries make \(count) copies of every preset, more than the limit of \(limit): name fewer of them."
    case .unknownFamily(let name, let known):
      "There is no symmetry called \(name): name some of \(known.joined(separator: ", "))."
    case .absentFamily(let name):
      "The chain has no symmetry of the kind \(name): leave it out."
    }
  }
}
