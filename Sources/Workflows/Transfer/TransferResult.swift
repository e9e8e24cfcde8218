public import FXParams
public import Inference
import NumericCore
public import PresetStore

/// The preset that a transfer found, and the way to it.
public struct TransferResult: Sendable {
  /// The chain that was fitted.
  public let chain: ChainDescription
  /// The preset in logits, with its loss.
  public let point: MAPPoint
  /// Losses and points of all steps of the start that won.
  public let trace: MAPTrace
  /// How the run of that start ended.
  public let outcome: MAPOutcome
  /// The least loss of every start, in order.
  public let losses: [Double]
  /// What ``chain`` is a part of, where the presets of the prior are of varying shape.
  public var whole: Whole?

  /// The chain that a pattern was taken from.
  public struct Whole: Sendable {
    /// With its optional effects.
    public let chain: ChainDescription
    /// The one that was fitted.
    public let pattern: ChainPattern
    /// Of the parameters of the pattern in those of the chain.
    let positions: [Int]
  }

  /// Evaluations that were made from the start that won.
  public var stepCount: Int { trace.stepCount }
  /// The loss where that start began.
  public var initialLoss: Double { trace.loss.first ?? point.loss }

  /// The preset as a collection of one row, of the whole chain.
  public var presets: PresetCollection {
    guard let whole else {
      return PresetCollection(
        chain: chain, theta: Matrix(rows: 1, columns: point.theta.count, values: point.theta), labels: ["transfer"])
    }
    var theta = [Double](repeating: .nan, count: whole.chain.parameterSpace.count)
    for (position, value) in zip(whole.positions, point.theta) { theta[position] = value }
    var presets = PresetCollection(
      chain: whole.chain, theta: Matrix(rows: 1, columns: theta.count, values: theta), labels: ["transfer"])
    presets.setPatterns([whole.pattern])
    return presets
  }

  /// The named values of the preset with their units.
  ///
  /// - Throws: `ParameterError` for a logit that is not finite, which a finished transfer does not have.
  public func readings() throws -> [ParameterReading] { try chain.describe(logits: point.theta) }
}
