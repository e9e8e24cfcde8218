/// A number of an effect that the description of the chain fixes: it is no parameter, but people ask for it.
public struct FixedParameter: Sendable, Hashable {
  /// As that of a parameter in its place: `low.frequency`.
  public let name: String
  /// That of ``value``.
  public let unit: Unit
  /// The same in every preset.
  public let value: Double
  /// Whether the description gives the value; false for the Q of a shelf that is left to ``BiquadBand/shelfQ``.
  public let isStated: Bool

  /// As people read it: `low.frequency 105 Hz`.
  public var description: String { "\(name) \(value.plainText)" + (unit == .one ? "" : " " + unit.rawValue) }
}
