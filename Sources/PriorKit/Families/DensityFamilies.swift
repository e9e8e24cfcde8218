import NumericCore

/// Every family that a prior file may hold, by name.
public enum DensityFamilies {
  /// A new family is one line here.
  private static let types: [any Density.Type] = [
    MultivariateNormal.self, StudentT.self, GaussianMixture.self, Copula.self, OrbitSum.self, PinnedDensity.self,
  ]

  /// The names, in the order of the list.
  public static var names: [String] { types.map { $0.family } }

  /// The density that an archive of a family describes; nil for an unknown family.
  ///
  /// - Throws: ``ArchiveError`` for arrays that are absent or of the wrong shape, and what the family's own
  ///   initialiser throws.
  public static func decode(_ family: String, from archive: DensityArchive) throws -> (any Density)? {
    try types.first { $0.family == family }.map { try $0.init(from: archive) }
  }
}
