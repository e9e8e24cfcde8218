import Distributions
public import FXParams

extension Prior {
  /// The prior summed over the copies of each preset; one that is summed already stays as it is.
  ///
  /// Where parameters are pinned, symmetries that would move them are left out.
  ///
  /// - Throws: `SymmetryError` for symmetries that the chain lacks or that are too many;
  ///   ``PatternError/severalShapes`` for a prior of presets of varying shape.
  public func summedOverOrbits(_ families: [SymmetryFamily]? = nil) throws -> Prior {
    guard patterns == nil else { throw PatternError.severalShapes }
    let pinned = distribution as? PinnedDistribution
    let base = pinned?.free ?? distribution
    guard !(base is OrbitSum) else { return self }
    let symmetries = chain.symmetries
    let group = try families.map { try symmetries.group($0) } ?? symmetries.exactGroup()
    guard let pinned else {
      return try Prior(chain: chain, distribution: try OrbitSum(base, over: group), record: record)
    }
    let factors = group.factors(leaving: pinned.pinnedPositions)
    guard !factors.isEmpty else { return self }
    let positions = Dictionary(uniqueKeysWithValues: pinned.freePositions.enumerated().map { ($1, $0) })
    let summed = try OrbitSum(base, over: FiniteSymmetryGroup(factors.map { $0.reindexed(by: positions) }))
    return try Prior(
      chain: chain,
      distribution: PinnedDistribution(
        positions: pinned.pinnedPositions, values: pinned.pinnedValues, free: summed),
      record: record)
  }
}

extension FiniteSymmetryGroup {
  /// The factors, or what is left of them, that move none of some coordinates.
  fileprivate func factors(leaving coordinates: [Int]) -> [Factor] {
    let known = Set(coordinates)
    return factors.compactMap { factor in
      guard case .involutions(let generators) = factor else {
        return known.isDisjoint(with: factor.touched) ? factor : nil
      }
      let kept = generators.filter { known.isDisjoint(with: $0.touched) }
      return kept.isEmpty ? nil : .involutions(kept)
    }
  }
}
