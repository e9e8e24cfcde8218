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

  /// Evaluations that were made from the start that won.
  public var stepCount: Int { trace.stepCount }
  /// The loss where that start began.
  public var initialLoss: Double { trace.loss.first ?? point.loss }

  /// The preset as a collection of one row.
  public var presets: PresetCollection {
    PresetCollection(
      chain: chain, theta: Matrix(rows: 1, columns: point.theta.count, values: point.theta), labels: ["transfer"])
  }

  /// The named values of the preset with their units.
  ///
  /// - Throws: `ParameterError` for a logit that is not finite, which a finished transfer does not have.
  public func readings() throws -> [ParameterReading] { try chain.describe(logits: point.theta) }
}
