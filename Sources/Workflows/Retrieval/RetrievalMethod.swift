public import Inference

/// How a retrieval looks for the preset.
public enum RetrievalMethod: Sendable, Hashable {
  /// Adam and then L-BFGS, in coordinates in which parameters have one scale, on all chunks; delay times begin
  /// where the recordings suggest, and are moved by values.
  case fast
  /// Adam over the logits, on batches of chunks, along the smooth gradient of delay times: the published retrieval.
  case adam(Adam)

  /// The published method.
  public static let published = RetrievalMethod.adam(Adam(learningRate: 0.01))

  /// What commands call it.
  public var name: String {
    switch self {
    case .fast: "fast"
    case .adam: "adam"
    }
  }

  /// Evaluations if none are asked for.
  public var usualStepLimit: Int {
    switch self {
    case .fast: 200
    case .adam: 2000
    }
  }

  /// Chunks in a step, at most; nil for all.
  public var usualBatchSize: Int? { self == .fast ? nil : 35 }

  /// Whether delay times follow the gradient of a surrogate.
  public var usesSurrogates: Bool { self != .fast }
}
