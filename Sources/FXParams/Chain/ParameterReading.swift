/// One parameter of one preset as people read it: named, in its unit, and in the terms of the trade where they
/// differ.
public struct ParameterReading: Sendable, Hashable, Codable {
  /// As in the parameter space: `peak1.gain`.
  public let name: String
  /// The constrained value.
  public let value: Double
  /// The unit of ``value``.
  public let unit: Unit
  /// The value in an engineer's terms: an attack time for a coefficient, T60 for gamma, dB for a gain.
  public let derived: Quantity?
}

extension ChainDescription {
  /// The readings of a preset in flat order.
  ///
  /// - Throws: ``ParameterError/wrongCount(expected:found:)`` or
  ///   ``ParameterError/logitNotFinite(parameter:logit:)``.
  public func describe(logits: [Double]) throws -> [ParameterReading] {
    let declarations = declared.declarations.list
    guard logits.count == declarations.count else {
      throw ParameterError.wrongCount(expected: declarations.count, found: logits.count)
    }
    return try zip(declarations, logits).map { declaration, logit in
      let parameter = declaration.parameter
      guard logit.isFinite else { throw ParameterError.logitNotFinite(parameter: parameter, logit: logit) }
      let value = parameter.bijector.forward(logit)
      return ParameterReading(
        name: parameter.name, value: value, unit: parameter.unit,
        derived: declaration.derived?.quantity(of: value, sampleRate: sampleRate))
    }
  }

  /// What the description fixes in place of parameters, in the order of the chain.
  public var fixedParameters: [FixedParameter] { declared.declarations.fixed }

  /// The parameters that have a derived quantity, by name.
  public var derivedQuantities: [String: DerivedQuantity] {
    Dictionary(
      declared.declarations.list.compactMap { declaration in
        declaration.derived.map { (declaration.parameter.name, $0) }
      }, uniquingKeysWith: { first, _ in first })
  }
}
