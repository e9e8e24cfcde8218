public import FXParams
import Foundation
import NumericCore

/// Maps presets to one representative of their orbit: presets that sound the same because of a symmetry get equal
/// logits.
///
/// In turn: bands ordered by frequency, assigned to a reference or put into slots (``BandRule``); folded parameters
/// into [0, period); gauges balanced unless they are to stay, so that b and c of a network have one norm; where
/// asked, the mirror image whose pans lean right; the signs of the lines nearest to a reference, exactly over all
/// patterns, or by a rule without one. The result sounds the same, except for the mirror, depends on the orbit
/// alone, and is its own canonical form.
public struct Canonicaliser: Sendable {
  /// The order of bands of one kind: by frequency, as they match a reference best, or by slots that are learned
  /// (``SlotModel``).
  public enum BandRule: String, Sendable, CaseIterable {
    case ordered, assigned, slots
  }

  /// The target of alignment: the mean of canonical presets, and the mean squares of their logits.
  public struct Reference: Sendable, Equatable {
    /// Of the logits of canonical presets, in flat order.
    public var mean: [Double]
    /// Of the same logits: the scale of squared differences.
    public var meanSquares: [Double]

    public init(mean: [Double], meanSquares: [Double]) {
      self.mean = mean
      self.meanSquares = meanSquares
    }
  }

  /// Those of the chain.
  public let symmetries: ChainSymmetries
  /// `assigned` orders by frequency until there is a ``reference``, `slots` until there are ``slots``.
  public let bandRule: BandRule
  /// Whether mirror images count as one preset.
  public let includesMirror: Bool
  /// Whether gauges are balanced. Densities over finite orbits leave them as they are.
  public let balancesGauge: Bool
  /// Without one, bands are ordered and signs follow the rule: the sum of the gains of a line is positive.
  public var reference: Reference? { didSet { prepareAlignments() } }

  /// Where bands go under the rule `slots`.
  public var slots: SlotModel?
  /// Fits the density that slots are learned under; nil for a normal one.
  public let slotFamily: (any DensityEstimator)?

  private let orderings: [BandOrdering]
  private var alignments: [SignAlignment] = []

  /// - Parameters:
  ///   - chain: of the presets.
  ///   - bandRule: how bands find their places.
  ///   - includesMirror: whether mirror images count as one preset.
  ///   - balancesGauge: whether gauges are balanced.
  ///   - reference: what presets are aligned to; nil to find it.
  ///   - slots: where bands go under the rule `slots`; nil to learn them.
  ///   - slotFamily: fits the density that they are learned under; nil for a normal one.
  public init(
    _ chain: ChainDescription, bandRule: BandRule = .ordered, includesMirror: Bool = false,
    balancesGauge: Bool = true, reference: Reference? = nil, slots: SlotModel? = nil,
    slotFamily: (any DensityEstimator)? = nil
  ) {
    symmetries = chain.symmetries
    self.bandRule = bandRule
    self.includesMirror = includesMirror
    self.balancesGauge = balancesGauge
    self.reference = reference
    self.slots = slots
    self.slotFamily = slotFamily
    orderings = symmetries.bandGroups.map { BandOrdering($0) }
    prepareAlignments()
  }

  private mutating func prepareAlignments() {
    alignments =
      reference.map { reference in
        symmetries.networks.map {
          SignAlignment($0, reference: reference.mean, scale: reference.meanSquares)
        }
      } ?? []
  }

  /// The changes of one preset.
  public struct Moves: Sendable, Equatable {
    /// The order of each band group; ascending where nothing moved.
    public var bandOrders: [[Int]] = []
    /// For each folded parameter, whether its logit was negative.
    public var foldedSigns: [Bool] = []
    /// For each folded parameter, whether its logit lay a period or more from 0.
    public var foldedPeriods: [Bool] = []
    /// The factor on b of each network.
    public var gauges: [Double] = []
    /// Whether left and right were exchanged.
    public var isMirrored = false
    /// Bit i: line i of the network was turned.
    public var signPatterns: [UInt] = []
  }

  /// The canonical copy of a preset.
  public func canonical(_ theta: [Double]) -> (theta: [Double], moves: Moves) {
    var result = theta
    var moves = Moves()
    moves.bandOrders = bandOrders(of: theta)
    for (group, order) in zip(symmetries.bandGroups, moves.bandOrders) where order != Array(0..<group.count) {
      result = group.permutation(order).image(of: result)?.theta ?? result
    }
    for folded in symmetries.foldedParameters {
      let logit = result[folded.index]
      moves.foldedSigns.append(logit < 0)
      moves.foldedPeriods.append(logit.magnitude >= folded.period)
      result[folded.index] = folded.folded(logit)
    }
    for network in symmetries.networks {
      moves.gauges.append(balancesGauge ? Self.balance(&result, network) : 1)
    }
    if includesMirror, let mirror = symmetries.mirror, Self.leansLeft(result, mirror) {
      moves.isMirrored = true
      result = mirror.image(of: result)?.theta ?? result
    }
    for (index, network) in symmetries.networks.enumerated() {
      // The rule first: ties are then broken in the same way for all copies.
      let rule = SignAlignment.rulePattern(of: result, network)
      SignAlignment.turn(&result, network, pattern: rule)
      let pattern = alignments.isEmpty ? 0 : alignments[index].bestPattern(of: result)
      SignAlignment.turn(&result, network, pattern: pattern)
      moves.signPatterns.append(rule ^ pattern)
    }
    return (result, moves)
  }

  /// The order of each band group by the rule.
  private func bandOrders(of theta: [Double]) -> [[Int]] {
    if bandRule == .assigned, let reference {
      return orderings.map { $0.assigned(theta, to: reference.mean) }
    }
    let byFrequency = orderings.map { $0.byFrequency(theta) }
    guard bandRule == .slots, let slots else { return byFrequency }
    return slots.orders(of: theta, start: byFrequency)
  }

  /// Scales b and c to one norm and returns the factor on b; 1 where either is zero or both are balanced already.
  private static func balance(_ theta: inout [Double], _ network: NetworkSymmetries) -> Double {
    func norm(_ indices: [Int]) -> Double { indices.reduce(0) { $0 + theta[$1] * theta[$1] }.squareRoot() }
    let factor = (norm(network.outputGains) / norm(network.inputGains)).squareRoot()
    guard factor.isFinite, factor > 0, (factor - 1).magnitude > 1e-14 else { return 1 }
    for index in network.inputGains { theta[index] *= factor }
    for index in network.outputGains { theta[index] /= factor }
    return factor
  }

  /// Whether the pans together, or without pans the first gains that differ, lean to the left.
  private static func leansLeft(_ theta: [Double], _ mirror: Symmetry) -> Bool {
    let image = mirror.image(of: theta)?.theta ?? theta
    let pans = mirror.entries.filter { $0.target == $0.source }.reduce(0) { $0 + theta[$1.target] }
    guard pans == 0 else { return pans < 0 }
    return zip(theta, image).first { $0 != $1 }.map { $0.magnitude < $1.magnitude } ?? false
  }

  /// One sentence for files.
  public var summary: String {
    var parts: [String] = []
    if !symmetries.bandGroups.isEmpty {
      let learned = Self.inSlots + (slotFamily.map { Self.under + $0.name } ?? "")
      parts.append(bandRule == .slots ? learned : "bands \(bandRule.rawValue)")
    }
    if !symmetries.foldedParameters.isEmpty { parts.append("lookahead folded") }
    if !symmetries.networks.isEmpty {
      if balancesGauge { parts.append("gauge balanced") }
      parts += [reference == nil ? "signs by rule" : "signs aligned to the mean"]
    }
    if includesMirror { parts.append("mirrored to the right") }
    return parts.isEmpty ? "nothing to do" : parts.joined(separator: ", ")
  }

  private static let (inSlots, under) = ("bands in learned slots", " under ")

  /// The family that slots were learned under, by the ``summary`` in a file; nil for the normal density, and for
  /// other forms.
  public static func slotFamily(inSummary text: String) -> String? {
    guard let bands = text.components(separatedBy: ", ").first, bands.hasPrefix(inSlots + under) else { return nil }
    return String(bands.dropFirst(inSlots.count + under.count))
  }
}
