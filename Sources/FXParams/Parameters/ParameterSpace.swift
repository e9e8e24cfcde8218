/// The named flat order of a chain's free parameters, and the map from logits to constrained values.
///
/// All vectors have ``count`` entries in the order of ``parameters``.
public struct ParameterSpace: Sendable, Hashable {
  public let parameters: [Parameter]
  private let positions: [String: Int]

  /// - Precondition: parameter names are unique.
  public init(_ parameters: [Parameter]) {
    self.parameters = parameters
    positions = Dictionary(uniqueKeysWithValues: parameters.enumerated().map { ($1.name, $0) })
  }

  public var count: Int { parameters.count }
  public var names: [String] { parameters.map(\.name) }

  /// The position of a parameter in the flat order, or nil if the space has none of that name.
  public func index(of name: String) -> Int? { positions[name] }

  /// Constrained values of a vector of logits.
  public func values(ofLogits logits: [Double]) -> [Double] {
    zip(parameters, logits).map { $0.bijector.forward($1) }
  }

  /// Logits of constrained values.
  ///
  /// - Throws: ``ParameterError/valueOutOfRange`` naming the first parameter whose value has no finite logit.
  public func logits(ofValues values: [Double]) throws -> [Double] {
    guard values.count == count else { throw ParameterError.wrongCount(expected: count, found: values.count) }
    return try zip(parameters, values).map { parameter, value in
      guard let logit = parameter.bijector.inverse(value) else {
        throw ParameterError.valueOutOfRange(parameter: parameter, value: value)
      }
      return logit
    }
  }

  /// d value / d logit, elementwise: the Jacobian of the map is diagonal.
  public func derivatives(atLogits logits: [Double]) -> [Double] {
    zip(parameters, logits).map { $0.bijector.forwardAndLogDerivative($1).derivative }
  }

  /// log |det d values / d logits| of the whole map.
  public func logDeterminant(atLogits logits: [Double]) -> Double {
    zip(parameters, logits).reduce(0) { $0 + $1.0.bijector.forwardAndLogDerivative($1.1).logDerivative }
  }

  /// Jacobian-vector product: the change of values along a direction in logits.
  public func pushforward(_ tangent: [Double], atLogits logits: [Double]) -> [Double] {
    zip(derivatives(atLogits: logits), tangent).map(*)
  }

  /// Vector-Jacobian product: a cotangent of values pulled back to logits.
  public func pullback(_ cotangent: [Double], atLogits logits: [Double]) -> [Double] {
    zip(derivatives(atLogits: logits), cotangent).map(*)
  }
}
