public import Inference

/// How a transfer looks for the best preset.
public enum TransferMethod: Sendable, Hashable {
  /// L-BFGS in the prior's coordinates, where the prior is standard normal. Parameters with ripples are moved by
  /// values instead of gradients.
  case lbfgs
  /// Adam over the logits: the published method.
  case adam(Adam)
  /// Adam in the prior's coordinates.
  case whiteAdam(Adam)
  /// CMA-ES in the prior's coordinates, which needs no gradient.
  case evolution

  /// The published method, with its learning rate.
  public static let published = TransferMethod.adam(Adam())

  /// What commands call it.
  public var name: String {
    switch self {
    case .lbfgs: "lbfgs"
    case .adam: "adam"
    case .whiteAdam: "adam-white"
    case .evolution: "cma-es"
    }
  }

  /// Evaluations if none are asked for: as published, or enough and some.
  public var usualStepLimit: Int {
    switch self {
    case .lbfgs: 100
    case .adam: 1000
    case .whiteAdam: 200
    case .evolution: 2000
    }
  }

  /// What ends a run before its limit if nothing is asked for: one hundredth of a nat is one percent of the angle
  /// between two embeddings (docs/posteriors.md).
  public var usualStopRule: StopRule? { self == .lbfgs ? StopRule(gain: 0.01, within: 12) : nil }

  /// Whether the chain must have a gradient.
  public var followsGradient: Bool { self != .evolution }

  /// Whether the newest point becomes the preset, as published, and not the best one.
  public var keepsLast: Bool { if case .adam = self { true } else { false } }
}
