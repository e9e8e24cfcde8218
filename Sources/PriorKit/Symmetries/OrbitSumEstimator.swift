public import Distributions
public import FXParams
import NumericCore
import PresetStore

/// Fits an estimator to presets as they are or to their canonical forms, and sums the density over orbits, so that
/// both can be compared on presets as they are.
///
/// Gauges are not balanced: they are continuous, and under a density that is narrow about balanced presets raw ones
/// lose nats by their gauge, which no sum over a finite group makes up for (8 nats for the published recipe).
public struct OrbitSumEstimator: DensityEstimator {
  /// Fits the density that is summed.
  public let base: any DensityEstimator
  /// Gives the exact symmetries.
  public let chain: ChainDescription
  /// The form that presets take before the fit; nil leaves them as they are.
  public let form: Form?
  public let name: String
  private let group: FiniteSymmetryGroup

  /// The canonical form of the presets that are fitted to.
  public enum Form: String, Sendable, CaseIterable {
    /// Bands ordered, lookahead folded, signs by rule.
    case rule
    /// The same, with signs aligned to the mean of the presets of the fit.
    case aligned
    /// Bands in slots learned from the presets of the fit under a normal density, lookahead folded, signs by rule.
    case slots
    /// The same, with slots learned under the family that is fitted.
    case ownSlots = "own-slots"
  }

  /// - Throws: `SymmetryError` for a group too large to enumerate.
  public init(_ base: any DensityEstimator, of chain: ChainDescription, form: Form? = nil) throws {
    self.base = base
    self.chain = chain
    self.form = form
    group = try chain.symmetries.exactGroup()
    name = base.name + (form.map { "-canonical-by-\($0.rawValue)" } ?? "") + "-orbit-sum"
  }

  public var needsInformation: Bool { base.needsInformation }

  public func fit(_ data: EstimationData) throws -> any Distribution { try estimate(data).distribution }

  public func estimate(_ data: EstimationData) throws -> DensityEstimate {
    try requireAcceptance(of: data)
    var data = data
    if let form { try canonicalise(&data, form) }
    var result = try base.estimate(data)
    // Families of bands are summed already.
    guard !(result.distribution is OrbitSum) else { return result }
    result.distribution = try OrbitSum(result.distribution, over: group)
    return result
  }

  private func canonicalise(_ data: inout EstimationData, _ form: Form) throws {
    var presets = PresetCollection(chain: chain, theta: data.rows)
    presets.information = data.information
    var canonicaliser = Canonicaliser(
      chain, bandRule: form == .slots || form == .ownSlots ? .slots : .ordered, balancesGauge: false,
      slotFamily: form == .ownSlots ? base : nil)
    if form != .aligned {
      // A reference of zeros turns no sign: those of the rule stay.
      let zeros = [Double](repeating: 0, count: data.rows.columns)
      canonicaliser.reference = Canonicaliser.Reference(mean: zeros, meanSquares: zeros)
    }
    let canonical = try Canonicalisation(of: presets, by: canonicaliser).presets
    (data.rows, data.information) = (canonical.theta, canonical.information)
  }
}
