/// Bounds of a sigmoid-mapped parameter, lower < upper: the value stays strictly inside.
public struct ParameterBounds: Sendable, Hashable, Codable {
  /// In the parameter's unit.
  public var lower: Double
  /// In the parameter's unit, above ``lower``.
  public var upper: Double

  public init(_ lower: Double, _ upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  var bijector: Bijector { .sigmoid(lower: lower, upper: upper) }
}
