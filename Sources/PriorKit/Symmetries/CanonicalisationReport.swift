import FXParams
import NumericCore
public import PresetStore

/// The effect of a canonicalisation: how many presets each generator moved, and the scatter before and after.
public struct CanonicalisationReport: Sendable, Encodable {
  /// The use of one generator of the symmetries.
  public struct Generator: Sendable, Encodable {
    /// The name of the symmetry: `reverb sign of line 1`.
    public let name: String
    /// Presets for which it was used.
    public let moved: Int
    /// Presets to which it applies.
    public let applies: Int
  }

  /// Number of presets.
  public let presets: Int
  /// The rules in words, as files record them.
  public let canonicalForm: String
  /// Band exchanges, signs and gauges, folds, then the mirror if it is used.
  public let generators: [Generator]
  /// Presets that anything moved.
  public let movedPresets: Int
  /// Alignments of all presets; see ``Canonicalisation/sweeps``.
  public let sweeps: Int
  /// The slots that bands were put into; nil under the other rules.
  public let slots: [SlotDescription]?
  /// log det of the covariance; nil where it is singular.
  public let logDeterminantBefore: Double?
  /// That of the canonical presets.
  public let logDeterminantAfter: Double?
  /// The trace of the covariance.
  public let totalVarianceBefore: Double
  /// That of the canonical presets.
  public let totalVarianceAfter: Double

  /// - Parameters:
  ///   - result: the canonical presets, with the moves that led to them.
  ///   - original: the presets that `result` is of.
  public init(_ result: Canonicalisation, of original: PresetCollection) {
    let symmetries = result.canonicaliser.symmetries
    let moves = result.moves
    let rows = (0..<original.count).map { original.theta.row($0) }
    func generator(_ symmetry: Symmetry, _ used: (Canonicaliser.Moves) -> Bool) -> Generator {
      Generator(
        name: symmetry.name, moved: moves.count { used($0) }, applies: rows.count { symmetry.applies(to: $0) })
    }
    var generators: [Generator] = []
    for (index, group) in symmetries.bandGroups.enumerated() {
      for (slot, symmetry) in group.adjacentExchanges.enumerated() {
        // The exchange of neighbours is used wherever their order is turned.
        generators.append(
          generator(symmetry) { moves in
            let order = moves.bandOrders[index]
            return (order.firstIndex(of: slot) ?? 0) > (order.firstIndex(of: slot + 1) ?? 0)
          })
      }
    }
    for (index, network) in symmetries.networks.enumerated() {
      for (line, symmetry) in network.signs.enumerated() {
        generators.append(generator(symmetry) { $0.signPatterns[index] >> UInt(line) & 1 == 1 })
      }
      generators.append(generator(network.gauge(2)) { ($0.gauges[index] - 1).magnitude > 1e-9 })
    }
    for (index, folded) in symmetries.foldedParameters.enumerated() {
      generators.append(generator(folded.sign) { $0.foldedSigns[index] })
      generators.append(generator(folded.lengthening.inverse) { $0.foldedPeriods[index] })
    }
    if result.canonicaliser.includesMirror, let mirror = symmetries.mirror {
      generators.append(generator(mirror) { $0.isMirrored })
    }
    presets = original.count
    canonicalForm = result.canonicaliser.summary
    self.generators = generators
    movedPresets = rows.indices.count { rows[$0] != result.presets.theta.row($0) }
    sweeps = result.sweeps
    slots = result.canonicaliser.bandRule == .slots ? result.canonicaliser.slots?.descriptions : nil
    (logDeterminantBefore, totalVarianceBefore) = Self.scatter(original.theta)
    (logDeterminantAfter, totalVarianceAfter) = Self.scatter(result.presets.theta)
  }

  private static func scatter(_ theta: Matrix) -> (logDeterminant: Double?, totalVariance: Double) {
    guard theta.rows > 1, let moments = try? SampleMoments(theta) else { return (nil, 0) }
    let covariance = moments.covariance()
    let isFull = theta.rows > theta.columns
    return (
      isFull ? (try? Cholesky(covariance))?.logDeterminant : nil, covariance.diagonal.reduce(0, +)
    )
  }
}
