public import Distributions
public import FXParams
import Foundation
import NumericCore
import PresetStore

/// Fits a Gaussian, or a mixture of them, whose bands stand in slots, with the density summed over all orders: the
/// order of each preset is unknown to the fit, and so is its component (soft EM).
///
/// It begins where hard assignments end (``SlotModel``): components by k-means of the presets in their slots. Each
/// step weighs the orders of each preset under each component by their densities and fits the components to all of
/// them; it raises the likelihood of the orbit sum itself, which counts in fair comparisons. Covariances have the
/// prior of ``MixtureEstimator``.
public struct SlotMixtureEstimator: DensityEstimator {
  /// Number of Gaussians.
  public let components: Int
  /// Gives the bands and the exact symmetries.
  public let chain: ChainDescription
  /// The number of presets that the prior on each covariance counts for.
  public let priorCount: Double
  /// Of the random numbers of the start.
  public let seed: UInt64
  private let group: FiniteSymmetryGroup

  public var name: String { components == 1 ? "slot-gaussian" : "slot-mixture-\(components)" }

  /// - Parameters:
  ///   - components: how many Gaussians, positive.
  ///   - chain: of the presets.
  ///   - priorCount: the number of presets that the prior on each covariance counts for.
  ///   - seed: of the random numbers of the start.
  /// - Throws: `SymmetryError` for a chain without like bands, or with more involutions than are enumerated.
  public init(components: Int, of chain: ChainDescription, priorCount: Double = 30, seed: UInt64 = 0) throws {
    precondition(components > 0 && priorCount > 0, "\(components) components, a prior of \(priorCount) presets")
    guard !chain.symmetries.bandGroups.isEmpty else {
      throw SymmetryError.absentFamily(name: SymmetryFamily.bands.rawValue)
    }
    self.components = components
    self.chain = chain
    self.priorCount = priorCount
    self.seed = seed
    group = try chain.symmetries.exactGroup()
  }

  public func fit(_ data: EstimationData) throws -> any Distribution {
    let sample = try WeightedRows(data)
    guard components <= sample.count else {
      throw EstimationError.moreComponentsThanPresets(components: components, count: sample.count)
    }
    let zeros = [Double](repeating: 0, count: sample.dimension)
    // A reference of zeros turns no sign: those of the rule stay.
    let canonicaliser = Canonicaliser(
      chain, bandRule: .slots, balancesGauge: false, reference: .init(mean: zeros, meanSquares: zeros))
    let standing = try Canonicalisation(
      of: PresetCollection(chain: chain, theta: sample.rows), by: canonicaliser
    ).presets.theta
    let layout = BandLayout(chain.symmetries.bandGroups, dimension: sample.dimension)
    var fit = try SlotMixtureFit(sample.replacingRows(standing), estimator: self, layout: layout)
    try fit.run()
    return try OrbitSum(components == 1 ? fit.mixture.components[0] : fit.mixture, over: group)
  }
}
