public import FXParams

extension EstimatorCatalogue {
  /// A density summed over the copies of a preset that sound the same, and what it is fitted to.
  private static let forms: [(suffix: String, form: OrbitSumEstimator.Form?)] =
    OrbitSumEstimator.Form.allCases.map { ("-canonical-by-\($0.rawValue)-orbit-sum", $0) } + [("-orbit-sum", nil)]

  /// The families that a chain with like bands has beside the others, by name, with a line for lists.
  public static let bandFamilies = [
    ("slot-gaussian", "Gaussian of bands in slots, orders unknown, summed over all"),
    ("slot-mixture-K", "mixture of K such Gaussians, as slot-mixture-4"),
    ("exchangeable-bands", "kinds of presets with types of bands, which have no order"),
    ("exchangeable-bands-K-T", "the same with K kinds and T types in place of 24 and 64"),
  ]

  /// The estimator of a name for presets of a chain: one of ``entries``, the same with `-orbit-sum` or
  /// `-canonical-by-FORM-orbit-sum` behind it (``OrbitSumEstimator``), or one of ``bandFamilies``.
  ///
  /// - Throws: ``PriorError/unknownFamily(name:known:)``; `SymmetryError` or ``EstimationError`` for a chain that a
  ///   family of bands is not made for.
  public func estimator(named name: String, of chain: ChainDescription) throws -> any DensityEstimator {
    if name == "slot-gaussian" { return try SlotMixtureEstimator(components: 1, of: chain) }
    if let (kinds, types) = exchangeableSizes(name) {
      return try ExchangeableBandsEstimator(kinds: kinds, types: types, of: chain)
    }
    let prefix = "slot-mixture-"
    if name.hasPrefix(prefix), let count = Int(name.dropFirst(prefix.count)), (1...64).contains(count) {
      return try SlotMixtureEstimator(components: count, of: chain)
    }
    for (suffix, form) in Self.forms where name.hasSuffix(suffix) {
      return try OrbitSumEstimator(
        entry(named: String(name.dropLast(suffix.count))).estimator, of: chain, form: form)
    }
    do {
      return try entry(named: name).estimator
    } catch PriorError.unknownFamily(let name, let known) {
      throw PriorError.unknownFamily(name: name, known: known + Self.bandFamilies.map(\.0))
    }
  }

  /// Kinds of presets and types of bands that `exchangeable-bands` or `exchangeable-bands-K-T` asks for.
  private func exchangeableSizes(_ name: String) -> (kinds: Int, types: Int)? {
    let plain = ExchangeableBandsEstimator.plainName
    if name == plain { return ExchangeableBandsEstimator.usual }
    guard name.hasPrefix(plain + "-") else { return nil }
    let sizes = name.dropFirst(plain.count + 1).split(separator: "-").map { Int($0) ?? 0 }
    guard sizes.count == 2, sizes.allSatisfy({ (1...1000).contains($0) }) else { return nil }
    return (sizes[0], sizes[1])
  }

  /// Families whose density is blind to symmetries, for a fair comparison: each one fitted to presets as they are,
  /// to their canonical forms by the rule and, where the chain has like bands, to bands in slots, summed over the
  /// copies; then the families of bands.
  ///
  /// - Throws: as ``estimator(named:of:)``.
  public func orbitSums(
    of families: [any DensityEstimator], for chain: ChainDescription
  ) throws -> [any DensityEstimator] {
    let hasBands = !chain.symmetries.bandGroups.isEmpty
    let forms: [OrbitSumEstimator.Form?] = [nil, .rule] + (hasBands ? [.slots] : [])
    return try families.flatMap { family -> [any DensityEstimator] in
      guard !(family is SlotMixtureEstimator || family is ExchangeableBandsEstimator || family is OrbitSumEstimator)
      else { return [family] }
      return try forms.map { try OrbitSumEstimator(family, of: chain, form: $0) }
    }
  }
}
