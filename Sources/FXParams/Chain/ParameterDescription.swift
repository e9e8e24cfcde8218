/// What is known of a parameter beside its name: what it sets, what may be given in its place, and where it leaves
/// the sound alone.
public struct ParameterDescription: Sendable, Hashable {
  /// Name, unit and bijector.
  public let parameter: Parameter
  /// What it sets, in a few words: `level above which the compressor acts`.
  public let meaning: String
  /// The quantity that engineers read in place of the value; nil where that is the value itself.
  public let derived: DerivedQuantity?
  /// The value, in the parameter's unit and inside its bounds, at which it leaves the sound alone, or as nearly so
  /// as the bounds allow: a millionth of the range inside a bound.
  public let neutral: Double
  /// Whether ``neutral`` makes the effect neutral; false for a value that does not matter while others are neutral,
  /// such as the frequency of a peak without gain.
  public let isDecisive: Bool
  /// In Hz.
  private let sampleRate: Double

  init(_ declaration: ParameterDeclarations.Declaration, sampleRate: Double) {
    parameter = declaration.parameter
    meaning = declaration.meaning
    derived = declaration.derived
    neutral = declaration.neutral.value(in: declaration.parameter.bijector)
    isDecisive = declaration.neutral != .anywhere
    self.sampleRate = sampleRate
  }

  /// The value in the middle of the range, in the parameter's unit: that of the logit 0, and half the period of a
  /// folded parameter.
  public var middle: Double { NeutralSetting.anywhere.value(in: parameter.bijector) }

  /// The unit that a symbol names; nil for one that the parameter cannot be given in.
  public func unit(_ symbol: String) -> ParameterUnit? {
    ParameterUnit(symbol, unit: parameter.unit, derived: derived, sampleRate: sampleRate)
  }

  /// The symbols of the units that the parameter can be given in.
  public var unitSymbols: [String] { ParameterUnit.symbols(of: parameter.unit, derived: derived) }

  /// The neutral value as people read it, such as `-120 dB`: the derived quantity where there is one.
  public var neutralReading: Quantity {
    derived?.quantity(of: neutral, sampleRate: sampleRate) ?? Quantity(value: neutral, unit: parameter.unit)
  }
}

extension ChainDescription {
  /// The descriptions of the parameters in flat order.
  ///
  /// - Precondition: the names are distinct, as ``validate()`` checks.
  public var parameterDescriptions: [ParameterDescription] {
    declared.declarations.list.map { ParameterDescription($0, sampleRate: sampleRate) }
  }
}
