public import FXParams
import Foundation

/// A density summed over the copies that each point has under a finite group:
///
/// log p(x) = log 1/|G(x)| sum over g in G(x) of q(g x) |det dg/dx|,
///
/// with G(x) the elements that apply at x. It is a density on all of logit space, has the symmetry of the group,
/// and compares with any other density there: that of a prior fitted to canonical presets with that of one fitted
/// to raw ones. Divided by 1/|G(x)| it would be the density of the orbit, on the quotient: log |G(x)| higher, for
/// every prior alike. Continuous symmetries (gauges) are left out.
///
/// Small groups are enumerated. Where bands are many, normal and Student-t densities and mixtures of these are
/// summed over the orders that a search finds to matter, exactly but for 1e-7 nats at most, and slots that do not
/// depend on one another by a recursion. Other families are enumerated as far as that is possible. What is beyond
/// all of these is summed over ``draws`` random orders, whose error ``estimate(at:draws:seed:)`` tells.
public struct OrbitSum: Distribution {
  public static let family = "orbit-sum"
  /// q.
  public let base: any Distribution
  /// G, with coordinates of q as positions.
  public let group: FiniteSymmetryGroup
  let method: Method

  /// How the copies of a point are found.
  enum Method: Sendable {
    case enumeration([Symmetry])
    case search(OrbitSearch)
  }

  /// Random orders in a sum that neither enumeration nor search can take.
  public static let draws = 512
  /// The largest group that is enumerated where a search would do.
  private static let mostEnumerated = 1024

  /// - Throws: `SymmetryError` for a group too large to enumerate or search; `LinearAlgebraError` for a base whose
  ///   draws have no covariance.
  /// - Precondition: the group acts on coordinates of the distribution.
  public init(_ base: any Distribution, over group: FiniteSymmetryGroup) throws {
    precondition(group.touched.allSatisfy { (0..<base.dimension).contains($0) }, "A group of other coordinates")
    self.base = base
    self.group = group
    let isSmall = group.count <= Self.mostEnumerated || group.bandGroups.isEmpty
    // Families that a search cannot bound are enumerated as long as that is possible.
    let isEnumerable =
      group.count <= FiniteSymmetryGroup.maximumCount
      && group.bandGroups.allSatisfy { $0.count <= BandGroup.maximumCount }
    method =
      isSmall || (isEnumerable && !(base is any EllipticalMixture))
      ? .enumeration(try group.elements()) : .search(try OrbitSearch(base, over: group))
  }

  public var dimension: Int { base.dimension }

  /// The mean of q. The expected value lies between the copies, where no preset is.
  public var mean: [Double] { base.mean }

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
