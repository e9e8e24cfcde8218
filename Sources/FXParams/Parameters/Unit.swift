/// The unit in which a parameter value, or a quantity derived from one, is read and written.
public enum Unit: String, Sendable, Hashable, Codable, CaseIterable {
  case decibel = "dB"
  case hertz = "Hz"
  case millisecond = "ms"
  case second = "s"
  /// Hundredths, as of pan: -100 is left, 100 is right.
  case percent = "%"
  /// A pure number: a ratio, a quality factor, a coefficient, a matrix entry.
  case one = "1"
}
