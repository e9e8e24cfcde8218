/// A bound on the value of one parameter, part of the criterion of a near-invariance.
public struct ParameterCondition: Sendable, Hashable, Codable {
  /// In the unit of the parameter; the ends are outside.
  public enum Bound: Sendable, Hashable, Codable {
    /// |value| < limit.
    case magnitudeBelow(Double)
    /// value < limit.
    case below(Double)
    /// value > limit.
    case above(Double)
  }

  /// Position in the flat order.
  public let index: Int
  /// The one at ``index``, whose bijector gives the value.
  public let parameter: Parameter
  /// On the constrained value.
  public let bound: Bound

  public init(index: Int, parameter: Parameter, bound: Bound) {
    self.index = index
    self.parameter = parameter
    self.bound = bound
  }

  /// Whether the value of the preset with these logits [dimension] is within the bound.
  public func holds(for theta: [Double]) -> Bool {
    let value = parameter.bijector.forward(theta[index])
    return switch bound {
    case .magnitudeBelow(let limit): value.magnitude < limit
    case .below(let limit): value < limit
    case .above(let limit): value > limit
    }
  }

  /// As people read it: `peak1.gain within 0.1 dB of 0`.
  public var description: String {
    let unit = parameter.unit == .one ? "" : " " + parameter.unit.rawValue
    return switch bound {
    case .magnitudeBelow(let limit): "\(parameter.name) within \(limit.plainText)\(unit) of 0"
    case .below(let limit): "\(parameter.name) below \(limit.plainText)\(unit)"
    case .above(let limit): "\(parameter.name) above \(limit.plainText)\(unit)"
    }
  }
}
