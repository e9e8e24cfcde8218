/// The unit in which a constrained parameter value is read and written.
public enum Unit: String, Sendable, Hashable, Codable, CaseIterable {
  case decibel = "dB"
  case hertz = "Hz"
  case millisecond = "ms"
  /// A pure number: a ratio, a quality factor, a coefficient, a matrix entry.
  case one = "1"
}
