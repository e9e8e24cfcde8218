public import FXParams
import Foundation
public import NumericCore

/// A density summed over the copies that each point has under a finite group:
///
/// log p(x) = log 1/|G(x)| sum over g in G(x) of q(g x) |det dg/dx|,
///
/// with G(x) the elements that apply at x. It is a density on all of logit space, has the symmetry of the group,
/// and compares with any other density there: that of a prior fitted to canonical presets with that of one fitted
/// to raw ones. Divided by 1/|G(x)| it would be the density of the orbit, on the quotient: log |G(x)| higher, for
/// every prior alike. Continuous symmetries (gauges) are left out.
public struct OrbitSum: Distribution {
  public static let family = "orbit-sum"
  /// q.
  public let base: any Distribution
  /// G, with coordinates of q as positions.
  public let group: FiniteSymmetryGroup
  private let elements: [Symmetry]

  /// - Throws: `SymmetryError` for a group too large to enumerate.
  /// - Precondition: the group acts on coordinates of the distribution.
  public init(_ base: any Distribution, over group: FiniteSymmetryGroup) throws {
    precondition(group.touched.allSatisfy { (0..<base.dimension).contains($0) }, "A group of other coordinates")
    self.base = base
    self.group = group
    elements = try group.elements()
  }

  public var dimension: Int { base.dimension }

  /// The mean of q. The expected value lies between the copies, where no preset is.
  public var mean: [Double] { base.mean }

  // MARK: - Density

  /// By log-sum-exp over one batch of copies; copies that carry less than 1e-18 of the sum are left out of the
  /// score.
  public func logDensity(at point: [Double], score: inout [Double]) -> Double {
    let (used, terms) = self.terms(at: point)
    let total = logSumExp(terms)
    for index in score.indices { score[index] = 0 }
    var inner = [Double](repeating: 0, count: dimension)
    for (element, term) in zip(used, terms) where term - total > -41.5 {
      guard let image = element.image(of: point) else { continue }
      _ = base.logDensity(at: image.theta, score: &inner)
      let pulled = element.pullback(inner, at: point)
      let share = exp(term - total)
      for index in score.indices { score[index] += share * pulled[index] }
    }
    return total - log(Double(used.count))
  }

  /// Without the scores of the copies, which cost more than their log densities.
  public func logDensity(at point: [Double]) -> Double {
    let terms = terms(at: point).terms
    return logSumExp(terms) - log(Double(terms.count))
  }

  public func logDensities(ofRows points: Matrix) -> [Double] {
    (0..<points.rows).map { logDensity(at: points.row($0)) }
  }

  /// log q(g x) + log |det| of every element that applies.
  private func terms(at point: [Double]) -> (elements: [Symmetry], terms: [Double]) {
    var values: [Double] = []
    values.reserveCapacity(elements.count * dimension)
    var (used, determinants): ([Symmetry], [Double]) = ([], [])
    for element in elements {
      guard let image = element.image(of: point) else { continue }
      values += image.theta
      used.append(element)
      determinants.append(image.logDeterminant)
    }
    let densities = base.logDensities(ofRows: Matrix(rows: used.count, columns: dimension, values: values))
    return (used, zip(densities, determinants).map(+))
  }

  /// The smallest distance of a copy.
  public func squaredMahalanobisDistanceIfDefined(to point: [Double]) -> Double? {
    elements.compactMap { element in
      element.image(of: point).flatMap { base.squaredMahalanobisDistanceIfDefined(to: $0.theta) }
    }.min()
  }

  /// A draw of q, moved by an element drawn among those that apply to it.
  public func sample(using source: inout RandomSource) -> [Double] {
    let draw = base.sample(using: &source)
    let images = elements.compactMap { $0.image(of: draw)?.theta }
    return images[min(Int(source.nextUniform() * Double(images.count)), images.count - 1)]
  }

  // MARK: - Parts

  /// - Throws: ``DistributionError/splitsSymmetry(index:)`` for coordinates that hold a part of what a factor of
  ///   the group moves.
  public func marginalDistribution(over indices: [Int]) throws -> any Distribution {
    let kept = try factors { touched in
      let inside = touched.filter(Set(indices).contains)
      if inside.isEmpty { return false }
      guard inside.count == touched.count else { throw DistributionError.splitsSymmetry(index: inside[0]) }
      return true
    }
    let part = try base.marginalDistribution(over: indices)
    return kept.isEmpty ? part : try OrbitSum(part, over: try reindexed(kept, to: indices))
  }

  /// - Throws: ``DistributionError/splitsSymmetry(index:)`` where a given coordinate is moved by the group: the
  ///   conditional is then a mixture over the copies of what is given.
  public func conditionalDistribution(given indices: [Int], values: [Double]) throws -> any Distribution {
    _ = try factors { touched in
      if let shared = touched.first(where: Set(indices).contains) {
        throw DistributionError.splitsSymmetry(index: shared)
      }
      return true
    }
    let known = Set(indices)
    let part = try base.conditionalDistribution(given: indices, values: values)
    return try OrbitSum(
      part, over: try reindexed(group.factors, to: (0..<dimension).filter { !known.contains($0) }))
  }

  private func factors(where isKept: ([Int]) throws -> Bool) rethrows -> [FiniteSymmetryGroup.Factor] {
    try group.factors.filter { try isKept($0.touched) }
  }

  private func reindexed(_ factors: [FiniteSymmetryGroup.Factor], to indices: [Int]) throws -> FiniteSymmetryGroup {
    let positions = Dictionary(indices.enumerated().map { ($1, $0) }) { first, _ in first }
    return try FiniteSymmetryGroup(factors.map { $0.reindexed(by: positions) })
  }

  // MARK: - Storage

  public var storedDistributions: [any Distribution] { [base] }

  public func encode(into archive: inout DistributionArchive) {
    var part = DistributionArchive()
    base.encode(into: &part)
    archive.set(part, under: "base")
    archive.texts["base_family"] = type(of: base).family
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    // A group is names, numbers and bounds: it always has a JSON.
    archive.texts["group"] = (try? encoder.encode(group)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  /// - Throws: ``ArchiveError`` naming what is missing or unknown.
  public init(from archive: DistributionArchive) throws {
    let family = try archive.text("base_family")
    guard let base = try archive.distribution(family, under: "base") else {
      throw ArchiveError.unknown("base_family", text: family)
    }
    let text = try archive.text("group")
    guard let group = try? JSONDecoder().decode(FiniteSymmetryGroup.self, from: Data(text.utf8)),
      group.touched.allSatisfy({ (0..<base.dimension).contains($0) })
    else { throw ArchiveError.unknown("group", text: String(text.prefix(40))) }
    try self.init(base, over: group)
  }
}

/// log of the sum of exponentials; minus infinity where all terms are.
package func logSumExp(_ terms: [Double]) -> Double {
  let largest = terms.max() ?? -.infinity
  guard largest > -.infinity else { return largest }
  return largest + log(terms.reduce(0) { $0 + exp($1 - largest) })
}
