import NumericCore

/// The families that a prior file may hold, by name.
///
/// A value: a program that has a family of its own adds it to the ``standard`` ones and gives the sum to whatever
/// reads and writes files.
///
///     let families = DistributionFamilies.standard.adding(Logistic.self)
///     try PriorFile.write(prior, to: "prior.h5", families: families, provenance: provenance, overwrite: false)
///     let back = try PriorFile.read("prior.h5", families: families)
public struct DistributionFamilies: Sendable {
  private let types: [any Distribution.Type]

  init(types: [any Distribution.Type]) { self.types = types }

  /// These and one more, which takes the place of one that has its name.
  ///
  /// - Precondition: its name is not `gaussian`, which is that of `MultivariateNormal`.
  public func adding(_ type: any Distribution.Type) -> DistributionFamilies {
    precondition(
      type.family != MultivariateNormal.family || type == MultivariateNormal.self,
      "The name \(type.family) is that of MultivariateNormal")
    return DistributionFamilies(types: types.filter { $0.family != type.family } + [type])
  }

  /// The names, in the order in which the families were added.
  public var names: [String] { types.map { $0.family } }

  /// The distribution that an archive of a family describes; nil for an unknown family. Distributions inside it are
  /// decoded with the same families.
  ///
  /// - Parameters:
  ///   - family: its name in files.
  ///   - archive: evaluated for a known family only: the arrays of another may be anything.
  /// - Throws: ``ArchiveError`` for arrays that are absent or of the wrong shape, and what the family's own
  ///   initialiser throws.
  public func decode(
    _ family: String, from archive: @autoclosure () throws -> DistributionArchive
  ) throws -> (any Distribution)? {
    guard let type = types.first(where: { $0.family == family }) else { return nil }
    var archive = try archive()
    archive.families = self
    return try type.init(from: archive)
  }

  /// The first family of a distribution and of those inside it that is not among these.
  package func missing(for distribution: any Distribution) -> String? {
    let type = type(of: distribution)
    guard types.contains(where: { $0 == type }) else { return type.family }
    return distribution.storedDistributions.lazy.compactMap { missing(for: $0) }.first
  }

  /// The names as the clause of an error.
  package var list: String { "known are \(names.joined(separator: ", "))" }
}
