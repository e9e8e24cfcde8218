/// The named flat order of a chain's free parameters, and the map from logits to constrained values.
///
/// All vectors have ``count`` entries in the order of ``parameters``; another length is a broken invariant and
/// traps, except in ``logits(ofValues:)``, whose argument comes from people and files. The map acts on each entry
/// by itself, so its Jacobian is diagonal.
public struct ParameterSpace: Sendable, Hashable {
  /// In flat order, one per coordinate.
  public let parameters: [Parameter]
  private let positions: [String: Int]

  /// - Precondition: parameter names are unique.
  public init(_ parameters: [Parameter]) {
    self.parameters = parameters
    positions = Dictionary(uniqueKeysWithValues: parameters.enumerated().map { ($1.name, $0) })
  }

  /// The dimension of presets and of densities over them.
  public var count: Int { parameters.count }
  /// In flat order.
  public var names: [String] { parameters.map(\.name) }

  /// The position of a parameter in the flat order, or nil if the space has none of that name.
  public func index(of name: String) -> Int? { positions[name] }

  // MARK: - Values

  /// Constrained values of a vector of logits.
  public func values(ofLogits logits: [Double]) -> [Double] {
    map(logits) { $0.bijector.forward($1) }
  }

  /// Logits of constrained values.
  ///
  /// - Throws: ``ParameterError/wrongCount(expected:found:)``, or
  ///   ``ParameterError/valueOutOfRange(parameter:value:)`` naming the first parameter whose value has no finite
  ///   logit.
  public func logits(ofValues values: [Double]) throws -> [Double] {
    guard values.count == count else { throw ParameterError.wrongCount(expected: count, found: values.count) }
    return try map(values) { parameter, value in
      guard let logit = parameter.bijector.inverse(value) else {
        throw ParameterError.valueOutOfRange(parameter: parameter, value: value)
      }
      return logit
    }
  }

  // MARK: - Checking

  /// Logits that effects compute with: beyond, a gain or an angle has no digit left that means anything.
  static let largestLogit = 1e6

  /// Checks that effects can be computed with these logits.
  ///
  /// - Throws: ``ParameterError/logitTooLarge(parameter:logit:limit:)`` or
  ///   ``ParameterError/logitNotFinite(parameter:logit:)`` for the first that does not serve.
  public func requireUsable(logits: [Double]) throws {
    for (parameter, logit) in zip(parameters, logits) {
      guard logit.isFinite else { throw ParameterError.logitNotFinite(parameter: parameter, logit: logit) }
      guard abs(logit) <= Self.largestLogit else {
        throw ParameterError.logitTooLarge(parameter: parameter, logit: logit, limit: Self.largestLogit)
      }
    }
  }

  // MARK: - Derivatives

  /// d value / d logit, the diagonal of the Jacobian.
  public func derivatives(atLogits logits: [Double]) -> [Double] {
    map(logits) { $0.bijector.forwardAndLogDerivative($1).derivative }
  }

  /// log |det d values / d logits|: the log density of values is that of logits minus this.
  public func logDeterminant(atLogits logits: [Double]) -> Double {
    map(logits) { $0.bijector.forwardAndLogDerivative($1).logDerivative }.reduce(0, +)
  }

  /// Vector-Jacobian product: a cotangent of values pulled back to logits. The Jacobian is diagonal.
  ///
  /// - Precondition: one entry per parameter in both.
  public func pullback(_ cotangent: [Double], atLogits logits: [Double]) -> [Double] {
    precondition(cotangent.count == count, "a cotangent of \(cotangent.count) entries in a space of \(count)")
    return zip(derivatives(atLogits: logits), cotangent).map(*)
  }

  private func map(_ entries: [Double], _ transform: (Parameter, Double) throws -> Double) rethrows -> [Double] {
    precondition(entries.count == count, "\(entries.count) entries in a space of \(count) parameters")
    return try zip(parameters, entries).map(transform)
  }
}
