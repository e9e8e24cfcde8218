/// The parameters that effects declare, in flat order, with the block and the derived quantity of each.
///
/// An effect declares a parameter once, by ``add(_:_:_:derived:meaning:neutral:isOscillatory:)``, and gets its
/// position: names, units, bijectors, derived quantities, meanings, neutral settings, blocks and positions all come
/// from that.
package struct ParameterDeclarations {
  package struct Declaration {
    let parameter: Parameter
    let derived: DerivedQuantity?
    let meaning: String
    let neutral: NeutralSetting
    let isOscillatory: Bool
    let part: String?
  }

  /// In Hz: that of compact discs and of the published presets.
  static let usualSampleRate = 44100.0

  /// In Hz; some bounds depend on it.
  let sampleRate: Double
  /// The prefix of the names of the next parameters: empty, or ending with a dot.
  private var path = ""
  /// The part of a large effect that the next parameters belong to, a block of its own; nil for effects of one
  /// block.
  var part: String?
  /// Whether what is declared next cannot be heard while other parameters are neutral, so that its own neutral
  /// settings do not matter.
  private var isSilenced = false
  private(set) var list: [Declaration] = []
  /// What the effects fix, in the order of its declaration.
  private(set) var fixed: [FixedParameter] = []

  /// - Parameters:
  ///   - sampleRate: in Hz.
  ///   - prefix: of all names; empty, or ending with a dot.
  init(sampleRate: Double, prefix: String = "") {
    self.sampleRate = sampleRate
    path = prefix
  }

  /// Number of parameters so far, which is the position of the next.
  var count: Int { list.count }
  var parameters: [Parameter] { list.map(\.parameter) }

  /// Declares a parameter and returns its position.
  ///
  /// - Parameters:
  ///   - field: its name after that of the effect.
  ///   - derived: what an engineer reads in place of the value.
  ///   - meaning: what it sets, in a few words without a full stop.
  ///   - neutral: where it leaves the sound alone.
  ///   - isOscillatory: whether its sound follows from interference.
  mutating func add(
    _ field: String, _ unit: Unit = .one, _ bijector: Bijector = .identity, derived: DerivedQuantity? = nil,
    meaning: String, neutral: NeutralSetting = .anywhere, isOscillatory: Bool = false
  ) -> Int {
    list.append(
      Declaration(
        parameter: Parameter(name: path + field, unit: unit, bijector: bijector), derived: derived,
        meaning: meaning, neutral: isSilenced ? .anywhere : neutral, isOscillatory: isOscillatory, part: part))
    return list.count - 1
  }

  /// Declares a setting: a parameter where it is free.
  ///
  /// - Parameter isStated: whether the description gives the value of a fixed one.
  mutating func add(
    _ field: String, _ unit: Unit, _ setting: ParameterSetting, isStated: Bool = true, meaning: String,
    neutral: NeutralSetting
  ) -> ParameterPlace {
    switch setting {
    case .free(let bounds):
      return .slot(add(field, unit, bounds.bijector, meaning: meaning, neutral: neutral))
    case .fixed(let value):
      fixed.append(FixedParameter(name: path + field, unit: unit, value: value, isStated: isStated))
      return .fixed(value)
    }
  }

  /// Declares parameters that differ in their names only.
  mutating func add(
    all fields: [String], _ unit: Unit = .one, _ bijector: Bijector = .identity, derived: DerivedQuantity? = nil,
    meaning: String, neutral: NeutralSetting = .anywhere
  ) -> Range<Int> {
    let start = count
    for field in fields {
      _ = add(field, unit, bijector, derived: derived, meaning: meaning, neutral: neutral)
    }
    return start..<count
  }

  /// Declares the parameters of an effect under its name; the slots are positions in this list.
  ///
  /// - Parameter isSilenced: whether the effect cannot be heard while other parameters are neutral.
  mutating func add<Effect: EffectDescription>(_ effect: Effect, isSilenced: Bool = false) -> Effect.Slots {
    let (outerPath, outerPart, wasSilenced) = (path, part, self.isSilenced)
    defer { (path, part, self.isSilenced) = (outerPath, outerPart, wasSilenced) }
    path += effect.name + "."
    self.isSilenced = wasSilenced || isSilenced
    return effect.declare(in: &self)
  }
}

extension Bijector {
  /// The open interval from 0 to 1.
  static let unit = Bijector.sigmoid(lower: 0, upper: 1)
}
