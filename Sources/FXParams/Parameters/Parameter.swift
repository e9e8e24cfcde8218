/// One scalar effect parameter, declared once by the effect that owns it.
///
/// Everything else follows from this declaration: the flat order, the description stored in files, the tables on
/// the terminal and the chain rule from physical values back to logits.
public struct Parameter: Sendable, Hashable, Codable {
  /// Path of the parameter, unique in its chain: effect instance, then field, as in `peak1.frequency`.
  public let name: String
  /// Unit of the constrained value.
  public let unit: Unit
  /// Map from the unconstrained logit to the constrained value.
  public let bijector: Bijector

  public init(name: String, unit: Unit, bijector: Bijector) {
    self.name = name
    self.unit = unit
    self.bijector = bijector
  }
}
