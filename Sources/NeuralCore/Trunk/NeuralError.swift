/// Why a network cannot be made or run.
public enum NeuralError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The processor, or the library, has no such computation.
  case unsupported(NeuralPrecision)
  /// There is no memory for it.
  case outOfMemory
  /// Anything else.
  case failed

  public var description: String {
    switch self {
    case .unsupported(.bfloat16):
      "This processor cannot compute a network in bfloat16: compute it in float32."
    case .unsupported(.float32): "oneDNN has no such convolution for this processor: install another version of it."
    case .outOfMemory: "There is not enough memory for the network: use shorter segments or fewer threads."
    case .failed: "oneDNN could not compute the network: set DNNL_VERBOSE=1 to see why."
    }
  }
}
