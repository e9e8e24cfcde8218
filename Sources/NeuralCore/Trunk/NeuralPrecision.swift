/// The numbers that a network computes with.
public enum NeuralPrecision: String, Sendable, Hashable, CaseIterable {
  /// 24 bits of mantissa.
  case float32
  /// 8 bits of mantissa, sums in `float32`: faster on processors that have instructions for it.
  case bfloat16
}
