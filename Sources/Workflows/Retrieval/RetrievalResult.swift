public import Evaluation
public import FXParams
public import Inference
import NumericCore
public import PresetStore

/// The preset of a recording, and the way to it.
public struct RetrievalResult: Sendable {
  /// The chain.
  public let chain: ChainDescription
  /// The preset.
  public let logits: [Double]
  /// The distances at the start, before delay times were moved.
  public let before: StereoLossTerms
  /// The distances of the preset.
  public let after: StereoLossTerms
  /// Points and losses of all steps; the logits come first in a point.
  public let trace: MAPTrace
  /// How the last stage ended, with the best point of all.
  public let outcome: MAPOutcome
  /// Stages, each with a state of its own.
  let stageCount: Int

  /// The published loss of the preset.
  public var loss: Double { after.total() }

  /// The preset as a collection of one row.
  public func presets(label: String, group: String?) -> PresetCollection {
    PresetCollection(
      chain: chain, theta: Matrix(rows: 1, columns: logits.count, values: logits), labels: [label],
      groups: group.map { [$0] })
  }

  /// The named values of the preset with their units.
  ///
  /// - Throws: `ParameterError` for a logit that is not finite, which a finished retrieval does not have.
  public func readings() throws -> [ParameterReading] { try chain.describe(logits: logits) }
}
