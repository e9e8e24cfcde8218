/// One parameter of one preset as people read it: named, in its unit, and in the terms of the trade where they differ.
public struct ParameterReading: Sendable, Hashable, Codable {
  public let name: String
  public let value: Double
  public let unit: Unit
  /// What the value means to an engineer: an attack time for a coefficient, T60 for gamma, dB for a gain.
  public let derived: Quantity?
}

extension ChainDescription {
  /// The readings of a preset in flat order.
  ///
  /// - Throws: ``ParameterError/wrongCount(expected:found:)`` or ``ParameterError/logitNotFinite(parameter:logit:)``.
  public func describe(logits: [Double]) throws -> [ParameterReading] {
    let parameters = flatParameters
    guard logits.count == parameters.count else {
      throw ParameterError.wrongCount(expected: parameters.count, found: logits.count)
    }
    let derivations = derivedQuantities
    return try zip(parameters, logits).map { parameter, logit in
      guard logit.isFinite else { throw ParameterError.logitNotFinite(parameter: parameter, logit: logit) }
      let value = parameter.bijector.forward(logit)
      return ParameterReading(
        name: parameter.name, value: value, unit: parameter.unit,
        derived: derivations[parameter.name]?.quantity(of: value, sampleRate: sampleRate))
    }
  }

  /// The parameters that have a derived quantity, by name.
  public var derivedQuantities: [String: DerivedQuantity] {
    var quantities: [String: DerivedQuantity] = [:]
    for case .compressorExpander(let effect) in series {
      quantities.merge(effect.derivedQuantities) { first, _ in first }
    }
    for effect in sends {
      let owned =
        switch effect {
        case .pingPongDelay(let effect): effect.derivedQuantities
        case .feedbackDelayNetwork(let effect): effect.derivedQuantities
        }
      quantities.merge(owned) { first, _ in first }
    }
    for send in crossSends { quantities[crossSendName(send)] = .level }
    if hasDirectPan { quantities[Self.directPanName] = .position }
    return quantities
  }
}
