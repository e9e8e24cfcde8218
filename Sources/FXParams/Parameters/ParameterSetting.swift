/// A number of an effect that is either a parameter, free within bounds, or fixed by the description of the chain.
///
/// A fixed one has no logit, no place in the flat order and no gradient.
public enum ParameterSetting: Sendable, Hashable, Codable {
  /// A parameter, strictly inside the bounds.
  case free(ParameterBounds)
  /// The same in every preset, in the unit of the parameter that it would be.
  case fixed(Double)

  /// Those of a free one; nil for a fixed one.
  public var bounds: ParameterBounds? {
    if case .free(let bounds) = self { bounds } else { nil }
  }

  /// As chain files have it: `[33, 5400]` or `105`.
  var plainText: String {
    switch self {
    case .free(let bounds): bounds.plainText
    case .fixed(let value): value.plainText
    }
  }
}

/// Where an effect finds one of its numbers: among the values of its parameters, or in the description.
package enum ParameterPlace: Sendable, Hashable {
  /// The position of a parameter.
  case slot(Int)
  /// The value of a fixed setting.
  case fixed(Double)

  /// The position of a parameter; nil for what is fixed.
  package var slot: Int? {
    if case .slot(let position) = self { position } else { nil }
  }

  /// The value, where that of a parameter is read by its position.
  package func value(_ read: (Int) -> Double) -> Double {
    switch self {
    case .slot(let position): read(position)
    case .fixed(let value): value
    }
  }
}
