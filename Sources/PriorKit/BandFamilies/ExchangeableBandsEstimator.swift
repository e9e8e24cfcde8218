public import Distributions
public import FXParams
import Foundation
import NumericCore

/// Fits `ExchangeableBands`: kinds of presets, and types of bands that they share, by EM.
///
/// Types begin as clusters of all bands (k-means), kinds as clusters of presets by their other parameters and by
/// how many bands of each type they have. Covariances have the prior of ``MixtureEstimator``, weights half a preset
/// each.
public struct ExchangeableBandsEstimator: DensityEstimator {
  /// Number of kinds of presets and of types of bands.
  public let (kinds, types): (Int, Int)
  /// Gives the bands: those of its one group of like bands.
  public let chain: ChainDescription
  /// The number of presets, or bands, that the prior on each covariance counts for.
  public let priorCount: Double
  /// Of the random numbers of the start.
  public let seed: UInt64
  private let bands: BandGroup

  public var name: String {
    (kinds, types) == Self.usual ? Self.plainName : "\(Self.plainName)-\(kinds)-\(types)"
  }

  static let plainName = "exchangeable-bands"
  /// Kinds and types of the plain name.
  static let usual = (kinds: 24, types: 64)

  /// - Parameters:
  ///   - kinds: of presets, positive.
  ///   - types: of bands, positive.
  ///   - chain: of the presets.
  ///   - priorCount: the number of presets, or bands, that the prior on each covariance counts for.
  ///   - seed: of the random numbers of the start.
  /// - Throws: `SymmetryError` for a chain without like bands; ``EstimationError`` for bands of other ranges.
  public init(
    kinds: Int, types: Int, of chain: ChainDescription, priorCount: Double = 20, seed: UInt64 = 0
  ) throws {
    precondition(kinds > 0 && types > 0 && priorCount > 0, "\(kinds) kinds, \(types) types, \(priorCount)")
    // Of several groups the largest: the others stay with the other parameters.
    let groups = chain.symmetries.bandGroups
    guard let bands = groups.max(by: { $0.count < $1.count }) else {
      throw SymmetryError.absentFamily(name: SymmetryFamily.bands.rawValue)
    }
    guard bands.hasOneRange else { throw EstimationError.unlikeRanges(group: bands.name) }
    (self.kinds, self.types) = (kinds, types)
    self.chain = chain
    self.priorCount = priorCount
    self.seed = seed
    self.bands = bands
  }

  public func fit(_ data: EstimationData) throws -> any Distribution {
    let sample = try WeightedRows(data)
    guard kinds <= sample.count else {
      throw EstimationError.moreComponentsThanPresets(components: kinds, count: sample.count)
    }
    var fit = try ExchangeableBandsFit(sample, bands: bands.indices, estimator: self)
    fit.run()
    return fit.density
  }
}
