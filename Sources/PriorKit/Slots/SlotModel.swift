import Distributions
import FXParams
import Foundation
import NumericCore
public import PresetStore

/// Slots for the bands of equalisers, learned from presets: which band goes where is decided by a density over all
/// settings of an equaliser, and so by frequency, gain, Q and what the other bands do together. The density is a
/// normal one, or that of a family with one location and one scatter.
///
/// Bands without gain are at home nowhere: they fill the slots that the others leave, each slot with a probability
/// of its own of being empty.
public struct SlotModel: Sendable {
  /// The slots of one equaliser, for all groups of like bands that it has.
  struct Part: Sendable {
    /// The logits of the equaliser, ascending.
    let positions: [Int]
    /// Which of the chain's band groups stand in it.
    let groups: [Int]
    /// The groups with places in ``positions`` as their positions.
    let layout: BandLayout
    /// For each slot, the place of the gain of a band in it; nil for bands without gain.
    let gains: [Int?]
    /// Over the logits of the equaliser with bands in their slots; normal where nu is infinite.
    let density: MultivariateStudentT
    /// For each slot, the share of presets that leave it empty.
    let emptyShares: [Double]
    /// ``density`` for searches, and for each slot by itself.
    let term: OrderedTerm
    let marginals: [MultivariateStudentT]

    init(
      positions: [Int], groups: [Int], layout: BandLayout, gains: [Int?], density: MultivariateStudentT,
      emptyShares: [Double]
    ) throws {
      (self.positions, self.groups, self.layout, self.gains) = (positions, groups, layout, gains)
      (self.density, self.emptyShares) = (density, emptyShares)
      term = try OrderedTerm(
        EllipticalTerm(
          location: density.location, scatter: density.scatter, degreesOfFreedom: density.degreesOfFreedom),
        layout: layout)
      marginals = try (0..<layout.slotCount).map { try density.marginal(over: layout.positions(ofSlot: $0)) }
    }
  }

  let parts: [Part]
  private let groupCount: Int

  /// Slots learned from presets (hard EM): a function of the presets' orbits, whatever the order of bands.
  ///
  /// - Parameters:
  ///   - presets: at least two.
  ///   - family: fits the density that slots are learned under; nil for a normal one with a weak prior on its
  ///     covariance, which any number of presets makes.
  ///   - threads: most threads to use; the result does not depend on their number.
  /// - Throws: ``PriorError`` for fewer than two presets; `SymmetryError` for more bands than a search takes;
  ///   `LinearAlgebraError` for logits that are not finite; ``EstimationError/notOneScatter(estimator:)`` and the
  ///   errors of the family.
  public init(
    learnedFrom presets: PresetCollection, under family: (any DensityEstimator)? = nil, threads: Int = 1
  ) throws {
    let theta = presets.theta
    guard theta.rows > 1 else { throw PriorError.tooFewPresets(count: theta.rows) }
    let symmetries = presets.chain.symmetries
    groupCount = symmetries.bandGroups.count
    parts = try Self.places(of: presets.chain).map { positions, groups in
      let fit = SlotFit(family, chain: presets.chain, positions: positions)
      return try SlotLearning(
        theta, positions: positions, groups: groups, symmetries: symmetries, fit: fit, threads: threads
      ).part
    }
  }

  /// The slots of presets that stand in them already, such as those that ``Canonicaliser`` has made canonical.
  ///
  /// - Parameters:
  ///   - canonical: at least two presets.
  ///   - family: as in ``init(learnedFrom:under:threads:)``, which throws the same errors.
  public init(of canonical: PresetCollection, under family: (any DensityEstimator)? = nil) throws {
    guard canonical.count > 1 else { throw PriorError.tooFewPresets(count: canonical.count) }
    let symmetries = canonical.chain.symmetries
    groupCount = symmetries.bandGroups.count
    parts = try Self.places(of: canonical.chain).map { positions, groups in
      try SlotLearning.part(
        ofCanonical: canonical.theta, positions: positions, groups: groups, symmetries: symmetries,
        fit: SlotFit(family, chain: canonical.chain, positions: positions))
    }
  }

  /// The equalisers that have like bands: their logits, and their groups.
  private static func places(
    of chain: ChainDescription
  ) throws(SymmetryError) -> [(positions: [Int], groups: [Int])] {
    let groups = chain.symmetries.bandGroups
    for bands in groups where bands.count > BandGroup.largestCount {
      throw .tooManyBands(group: bands.name, count: bands.count, limit: BandGroup.largestCount)
    }
    return chain.parameterBlocks.compactMap { block in
      let own = groups.indices.filter { Set(groups[$0].touched).isSubset(of: block.indices) }
      return own.isEmpty ? nil : (block.indices.sorted(), own)
    }
  }

  // MARK: - Orders

  /// The order of each band group that suits the slots best.
  ///
  /// - Parameters:
  ///   - theta: the logits of a preset.
  ///   - start: an order of each group that depends on the settings alone; it decides ties.
  func orders(of theta: [Double], start: [[Int]]) -> [[Int]] {
    var result = start
    for part in parts {
      let found = part.order(of: theta, start: part.groups.map { start[$0] })
      for (group, order) in zip(part.groups, found.orders) { result[group] = order }
    }
    return result
  }
}
