/// A unit in which the value of a parameter may be given: its own, that of its derived quantity
/// (``DerivedQuantity``), or a multiple of either (kHz; s and ms).
public struct ParameterUnit: Sendable, Hashable {
  /// As it is written: `dB`, `kHz`, `ms`; empty for the parameter's own unit.
  public let symbol: String
  /// Multiplies a number to give the parameter's unit, or that of the derived quantity.
  private let factor: Double
  private let derived: DerivedQuantity?
  /// In Hz.
  private let sampleRate: Double

  /// Nil for a unit that the parameter does not have. The parameter's own unit is preferred where both have it.
  ///
  /// - Parameters:
  ///   - symbol: such as `ms`; empty for the parameter's own unit.
  ///   - unit: that of the parameter.
  ///   - derived: the quantity that may be given in its place.
  ///   - sampleRate: in Hz; the derived quantity may depend on it.
  public init?(_ symbol: String, unit: Unit, derived: DerivedQuantity?, sampleRate: Double) {
    if let factor = Self.factor(from: symbol, to: unit) {
      (self.factor, self.derived) = (factor, nil)
    } else if let derived, let factor = Self.factor(from: symbol, to: derived.unit) {
      (self.factor, self.derived) = (factor, derived)
    } else {
      return nil
    }
    self.symbol = symbol
    self.sampleRate = sampleRate
  }

  /// The value in the parameter's own unit of a number in this one; it may lie outside the parameter's range.
  public func value(of number: Double) -> Double {
    guard let derived else { return number * factor }
    return derived.value(of: number * factor, sampleRate: sampleRate)
  }

  /// The number in this unit of a value in the parameter's own; infinite for some bounds, as the level of a gain of
  /// 0.
  public func number(of value: Double) -> Double {
    (derived?.number(of: value, sampleRate: sampleRate) ?? value) / factor
  }

  /// The symbols that a parameter of this unit and derived quantity may be given in, without `1` for a pure number.
  public static func symbols(of unit: Unit, derived: DerivedQuantity?) -> [String] {
    [unit, derived?.unit].compactMap(\.self).filter { $0 != .one }.flatMap { unit in
      [unit.rawValue] + multiples.filter { $0.unit == unit }.map(\.symbol)
    }
  }

  private static let multiples: [(symbol: String, unit: Unit, factor: Double)] = [
    ("kHz", .hertz, 1000), ("s", .millisecond, 1000), ("ms", .second, 0.001),
  ]

  /// The factor from one unit to another; nil where they measure different things.
  private static func factor(from symbol: String, to unit: Unit) -> Double? {
    if symbol.isEmpty || symbol == unit.rawValue { return 1 }
    return multiples.first { $0.symbol == symbol && $0.unit == unit }?.factor
  }
}
